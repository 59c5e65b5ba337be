"""Artifacts, debug images and media: uploaded by the SDK, got in another process, deleted."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.sdk.runs import TIMEOUT, Answers, Run, Runs, Script, prepare

UPLOADED = Script("artifacts.py", "kept")
DELETED = Script("artifacts.py", "deleted")
ODD = 'odd / name of 100% "é" #'
VALUES = {
    "dict": {"lr": 0.1, "ü": [1, None]},
    "replaced": {"version": 2},
    "text": "text of kept <b>&amp;</b>",
    ODD: "a,b\n1,2\n",
    "folder": {"one.txt": "one", "two.txt": "two"},
    "list": [1, "two", 3.0],
    "picture": [40, 30],
}
Elsewhere = Callable[[str, str], Answers]


@pytest.fixture
def elsewhere(runs: Runs, tmp_path: Path) -> Elsewhere:
    """Runs the second script, in a home of its own, on an experiment."""

    def run(what: str, task: str) -> Answers:
        script = Script("artifacts_elsewhere.py")
        done = subprocess.run(
            [sys.executable, script.file, what, task],
            cwd=prepare(tmp_path / what, script),
            env=runs.environment(script, tmp_path / what),
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=TIMEOUT,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert "Could not download" not in done.stdout + done.stderr
        return Answers(done.stdout)

    return run


def images(run: Run) -> dict[tuple[str, str], str]:
    """Addresses of debug images and media, by title and series."""
    body = {"metrics": [{"task": run.task}], "iters": 10}
    [found] = run.server.data_of("events.debug_images", body)["metrics"]
    events = [event for one in found["iterations"] for event in one["events"]]
    return {(event["metric"], event["variant"]): event["url"] for event in events}


@pytest.mark.script(UPLOADED)
def test_what_another_process_gets(run: Run, elsewhere: Elsewhere) -> None:
    answers = elsewhere("read", run.task)
    assert answers["values"] == VALUES
    recorded, there = answers["sizes"]
    assert recorded == there
    start = f"{run.server.url}/files/"
    assert all(url.startswith(start) for url in answers["urls"].values())
    assert answers["exists"] == [True, False] * len(VALUES)


@pytest.mark.script(UPLOADED)
def test_what_is_recorded(run: Run) -> None:
    found = run.server.data_of("tasks.get_by_id", {"task": run.task})["task"]
    artifacts = {one["key"]: one for one in found["execution"]["artifacts"]}
    assert artifacts.keys() == VALUES.keys()
    assert {one["mode"] for one in artifacts.values()} == {"output"}
    assert artifacts["dict"]["type_data"]["content_type"] == "application/json"
    assert artifacts["dict"]["display_data"] == [["rows", "3"]]
    assert artifacts["list"]["type"] == "pickle"


@pytest.mark.script(UPLOADED)
def test_images_and_media(run: Run) -> None:
    assert images(run).keys() == {
        ("samples", "from a file / ü"),
        ("samples", "from memory"),
        ("media", "a page"),
    }
    for (title, _), url in images(run).items():
        answer = run.server.download(url.removeprefix(run.server.url))
        kind = "image/" if title == "samples" else "application/octet-stream"
        assert answer.headers["Content-Type"].startswith(kind)
        assert answer.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.script(UPLOADED)
def test_the_page(run: Run) -> None:
    html = run.tab("artifacts")
    assert html.count("<li data-artifact=") == len(VALUES)
    assert html.count("<li data-file=") == 3
    assert html.count("<img src=") == 3
    assert "text of kept &lt;b&gt;&amp;amp;&lt;/b&gt;" in html
    assert "Kept elsewhere" not in html


@pytest.mark.script(DELETED)
def test_one_artifact_and_then_all_are_deleted(run: Run, elsewhere: Elsewhere) -> None:
    """Last the experiment: the SDK then asks for each of its files, which must be no failure."""
    folder = run.server.data / "files"

    def kept(content: bytes) -> bool:
        return any(content in one.read_bytes() for one in folder.rglob("*") if one.is_file())

    answers = elsewhere("delete one", run.task)
    assert answers["deleted"] is True
    assert answers["left"] == sorted(VALUES.keys() - {"text"})
    assert not kept(b"text of deleted")
    urls = images(run).values()
    assert elsewhere("delete all", run.task)["deleted"] is True
    found: Any = run.server.call("tasks.get_by_id", {"task": run.task})
    assert found["meta"]["result_subcode"] == 101
    for url in urls:
        assert run.server.page(url.removeprefix(run.server.url))[0] == 404
