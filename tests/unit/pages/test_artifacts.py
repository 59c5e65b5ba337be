"""ARTIFACTS: what is listed, linked, drawn and masked, and what never is."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from experiments.models import Project, Task
from experiments.rules.redaction import MASK
from tests.factories import make_task
from tests.people import ProtocolClient
from tests.trust.hostile import PAYLOADS, active_parts
from tests.uploads import artifact_path, multipart, send, upload
from webui.artifacts import LARGEST_THUMBNAIL, MOST_OF_A_PREVIEW, size_text

pytestmark = pytest.mark.usefixtures("folder")
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


@pytest.fixture
def task(project: Project) -> Task:
    return make_task(project, name="an experiment")


def record(api: ProtocolClient, task: Task, **artifact: Any) -> None:
    given = {"key": "model", "type": "custom", **artifact}
    body = {"task": task.uid, "artifacts": [given], "force": True}
    api.data("tasks.add_or_update_artifacts", body)


def page(client: Client, task: Task, query: str = "", status: int = 200) -> str:
    response = client.get(f"/experiments/{task.uid}/artifacts/{query}")
    assert response.status_code == status
    return response.content.decode()


def item(html: str, key: str) -> str:
    found = re.search(rf'<li data-(?:artifact|file)="{re.escape(key)}">(.*?)</li>', html, re.DOTALL)
    assert found, f"{key} is not listed"
    return found[1]


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def test_an_artifact_with_its_file(api: ProtocolClient, bob_client: Client, task: Task) -> None:
    path = artifact_path(task, "a b é.json")
    upload(api, path, b"{}")
    record(
        api, task, key="scores", type="dict", uri=f"http://elsewhere:1/files/{quote(path)}",
        content_size=2, hash="ab" * 32, timestamp=1_795_521_731,
        type_data={"preview": '{\n "a": 1\n}'}, display_data=[["rows", "3"]],
    )  # fmt: skip
    html = page(bob_client, task)
    shown = item(html, "scores")
    assert f'href="/files/{quote(path)}" download' in shown
    text = words(shown)
    assert text.startswith("scores dict 2 B")
    assert "rows 3" in text
    assert "Preview 3 lines" in text
    assert f'data-copy="{"ab" * 32}"' in shown
    assert "<img" not in shown
    assert "Other files" not in html
    assert re.search(r'aria-current="page">Artifacts <span class="count number">1<', html)


def test_what_is_kept_elsewhere_is_told_and_no_link(
    api: ProtocolClient, alice_client: Client, project: Project, task: Task
) -> None:
    foreign = artifact_path(make_task(project))
    upload(api, foreign)
    addresses = {
        "a": "s3://bucket/model.bin",
        "b": "https://user:hunter22@example.org/model.bin",
        "c": f"http://host/files/{artifact_path(task, 'gone')}",
        "d": f"http://host/files/{foreign}",
        "e": "javascript:alert(1)//files/x",
        "f": "http://[",
        "g": "https://bucket/x?X-Amz-Signature=hunter22",
    }
    for key, uri in addresses.items():
        record(api, task, key=key, uri=uri)
    html = page(alice_client, task)
    assert "hunter22" not in html
    for key, uri in addresses.items():
        shown = item(html, key)
        assert "<a " not in shown and "<img" not in shown
        told = uri.replace("user:hunter22", MASK).replace("X-Amz-Signature=hunter22", MASK)
        assert f"Kept elsewhere: {told}" in words(shown)


def test_other_files_by_their_place_in_the_experiment(
    api: ProtocolClient, alice_client: Client, task: Task
) -> None:
    start = f"vision/an experiment.{task.uid}/metrics"
    upload(api, f"{start}/loss/a.png", PNG)
    upload(api, f"{start}/loss/b.html", b"<script>")
    html = page(alice_client, task)
    assert words(item(html, "metrics/loss/b.html")).startswith("metrics/loss/b.html 8 B")
    assert "<img" not in item(html, "metrics/loss/b.html")
    assert f'<img src="/files/{quote(start)}/loss/a.png" alt=""' in item(html, "metrics/loss/a.png")


@pytest.mark.parametrize(
    ("name", "content", "drawn"),
    [
        ("a.png", PNG, True),
        ("a.bin", PNG, True),
        ("a.png", b"<svg onload=alert(1)>", False),
        ("a.svg", b"<svg onload=alert(1)>", False),
        ("a.png", PNG + bytes(LARGEST_THUMBNAIL), False),
    ],
)
def test_only_small_images_are_drawn(
    api: ProtocolClient, alice_client: Client, task: Task, name: str, content: bytes, drawn: bool
) -> None:
    path = artifact_path(task, name)
    upload(api, path, content)
    record(api, task, uri=f"http://host/files/{quote(path)}")
    assert ("<img" in item(page(alice_client, task), "model")) is drawn


def test_secrets_are_masked(api: ProtocolClient, alice_client: Client, task: Task) -> None:
    preview = '{\n "db_password": "correct-horse-1",\n "lr": 0.1\n}\nghp_' + "a1" * 18
    record(
        api, task, type_data={"preview": preview}, display_data=[["api_key", "abcdef0123456789"]]
    )
    html = page(alice_client, task)
    for secret in ("correct-horse-1", "abcdef0123456789", "ghp_a1"):
        assert secret not in html
    assert html.count(MASK) == 3
    assert "&quot;lr&quot;: 0.1" in html


def test_a_long_preview_is_folded_and_cut(
    api: ProtocolClient, alice_client: Client, task: Task
) -> None:
    record(api, task, key="short", type_data={"preview": "one line\n"})
    record(api, task, key="long", type_data={"preview": "line\n" * 50_000})
    html = page(alice_client, task)
    assert "Preview" not in item(html, "short")
    assert '<details class="fold"><summary>' in item(html, "long")
    assert f"{250_000 - MOST_OF_A_PREVIEW:,} more characters are not shown" in item(html, "long")
    assert len(html) < 200_000


def test_nothing_recorded_becomes_markup(
    api: ProtocolClient, alice_client: Client, task: Task
) -> None:
    for number, payload in enumerate(PAYLOADS):
        record(
            api, task, key=f"{number} {payload}", type=payload, uri=payload, hash=payload,
            type_data={"preview": f"{payload}\n{payload}", "content_type": payload},
            display_data=[[payload, payload]],
        )  # fmt: skip
        name = f"/p/t.{task.uid}/artifacts/{number}/{payload.replace('/', '.')}"
        send(api, multipart({name.replace('"', ""): b"x"}))
    html = page(alice_client, task)
    found, texts = active_parts(html)
    assert found == []
    assert texts > len(PAYLOADS) * 4


def test_odd_values_are_no_obstacle(
    api: ProtocolClient, alice_client: Client, project: Project
) -> None:
    """Artifacts also arrive through tasks.edit, where less is checked."""
    odd: list[dict[str, Any]] = [
        {"key": "a", "content_size": "x", "timestamp": "x", "type_data": 3, "display_data": {}},
        {"key": "b", "content_size": -1, "timestamp": 10**18, "display_data": [1, ["x"], ["x", 1]]},
        {"key": "c", "type_data": {"preview": 3}, "hash": 3, "mode": "input"},
    ]
    task = make_task(project, execution={"artifacts": odd})
    html = page(alice_client, task)
    assert "x 1" in words(item(html, "b"))
    assert words(item(html, "c")) == "c input"


def test_pages_of_a_long_list(api: ProtocolClient, alice_client: Client, project: Project) -> None:
    artifacts = [{"key": f"a{number}", "type": "x"} for number in range(250)]
    task = make_task(project, execution={"artifacts": artifacts})
    for number in range(0, 150, 50):
        names = {f"/p/t.{task.uid}/metrics/{number + i}": b"" for i in range(50)}
        assert send(api, multipart(names)).status_code == 200
    first = page(alice_client, task)
    assert "1 to 100 of 250 artifacts" in words(first)
    assert "1 to 100 of 150 files" in words(first)
    last = page(alice_client, task, "?artifacts=3&files=2")
    assert "201 to 250 of 250 artifacts" in words(last)
    assert 'href="?files=2&amp;artifacts=2"' in last
    assert 'href="?artifacts=3&amp;files=1"' in last
    assert last.count("<li data-file=") == 50
    for odd in ("?artifacts=0", "?artifacts=99", "?artifacts=x", "?artifacts=-1", "?artifacts=²"):
        page(alice_client, task, odd)


def test_an_experiment_without_files(
    alice_client: Client, charlie_client: Client, task: Task
) -> None:
    html = page(alice_client, task)
    assert "Nothing was uploaded" in html
    assert "/artifacts/" not in alice_client.get(f"/experiments/{task.uid}/info/").content.decode()
    page(charlie_client, task, status=404)


def test_info_leaves_them_to_their_page(
    api: ProtocolClient, alice_client: Client, task: Task
) -> None:
    record(api, task, key="a-key-of-its-own")
    html = alice_client.get(f"/experiments/{task.uid}/info/").content.decode()
    assert "a-key-of-its-own" not in html
    assert f'href="/experiments/{task.uid}/artifacts/"' in html


def test_the_fragment_alone(alice_client: Client, task: Task) -> None:
    answer = alice_client.get(f"/experiments/{task.uid}/artifacts/", headers={"HX-Request": "true"})
    assert answer.content.decode().startswith('<div id="artifacts"')


def test_the_number_of_queries_does_not_grow(
    api: ProtocolClient,
    alice_client: Client,
    task: Task,
    django_assert_max_num_queries: Callable[..., Any],
    folder: Path,
) -> None:
    for number in range(20):
        path = artifact_path(task, str(number))
        upload(api, path)
        record(api, task, key=str(number), uri=f"http://host/files/{quote(path)}")
    with django_assert_max_num_queries(25):
        page(alice_client, task)


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 B"), (1023, "1,023 B"), (1024, "1.0 KiB"), (1_048_575, "1.0 MiB"), (3 << 30, "3.0 GiB"),
     (1 << 60, "1,048,576.0 TiB"), (-1, ""), (None, ""), ("1", "")],
)  # fmt: skip
def test_sizes(size: object, text: str) -> None:
    assert size_text(size) == text
