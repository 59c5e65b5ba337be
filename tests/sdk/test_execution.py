"""EXECUTION shows what the SDK records of code, packages and container, and edits reach it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from lxml import html

from tests.sdk.person import Person
from tests.sdk.runs import Run, Runs, Script, prepare

FILE = "how_it_is_run.py"
ALONE = Script(FILE, "--lr 0.5")
TO_EDIT = Script(FILE, "--lr 0.25")
REPOSITORY = "https://example.org/team/training.git"


class ExecutionPage:
    def __init__(self, text: str) -> None:
        self._document = html.document_fromstring(text)

    @property
    def facts(self) -> dict[str, str]:
        return {
            fact.xpath("string(dt)"): fact.xpath("string(dd/*[1])")
            for fact in self._document.xpath("//dl[@class='facts']/div")
        }

    @property
    def packages(self) -> dict[str, str]:
        rows = self._document.xpath("//tr[@data-package]")
        return {row.get("data-package"): row.xpath("string(td[1])") for row in rows}

    @property
    def lines(self) -> list[str]:
        found = self._document.xpath("//pre[contains(@class, 'diff')]/span[@data-new]")
        return [line.text_content().removesuffix("\n") for line in found]

    @property
    def title_of_changes(self) -> str:
        return self._document.xpath("string(//*[@id='execution-changes-title'])")

    @property
    def command_line(self) -> str:
        return self._document.xpath("string(//*[@id='command-line'])")

    @property
    def blocks(self) -> list[str]:
        return [
            line.text_content() for line in self._document.xpath("//*[@class='text-block']/div")
        ]


def shown(run: Run) -> ExecutionPage:
    return ExecutionPage(run.tab("execution"))


@pytest.mark.script(ALONE)
def test_a_script_alone(run: Run) -> None:
    page = shown(run)
    assert page.title_of_changes == "Script"
    source = (Path(__file__).parent / "scripts" / FILE).read_text(encoding="utf-8")
    assert page.lines == source.splitlines()
    assert page.facts["Entry point"] == FILE
    assert page.facts["Image"] == "python:3.11-slim"
    assert page.facts["Arguments"] == "--ipc=host -e MODE=fast"
    assert page.blocks == ["apt-get update", "apt-get install -y git"]
    assert page.packages["rich"] == "13.7.1"
    assert page.packages["einops"] == ">=0.8"
    assert page.packages["clearml"]
    assert page.command_line == "--lr 0.5"


def in_git(folder: Path, *arguments: str) -> str:
    who = ["-c", "user.name=amy", "-c", "user.email=amy@example.org"]
    done = subprocess.run(
        ["git", "-C", str(folder), *who, *arguments], check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def test_a_script_in_a_repository_with_changes_of_its_own(runs: Runs, tmp_path: Path) -> None:
    folder = prepare(tmp_path, ALONE)
    committed = (folder / FILE).read_text(encoding="utf-8").replace("default=0.1", "default=0.3")
    (folder / FILE).write_text(committed, encoding="utf-8")
    in_git(folder, "init", "--initial-branch", "main")
    in_git(folder, "remote", "add", "origin", REPOSITORY)
    in_git(folder, "add", FILE)
    in_git(folder, "commit", "--quiet", "-m", "first")
    commit = in_git(folder, "rev-parse", "HEAD")

    run = runs.run(ALONE, tmp_path)  # with the file as it is among the scripts
    page = shown(run)
    assert page.facts["Repository"] == REPOSITORY
    assert (page.facts["Branch"], page.facts["Commit"]) == ("main", commit[:10])
    assert f'data-copy="{commit}"' in run.tab("execution")
    assert (page.facts["Working directory"], page.facts["Entry point"]) == (".", FILE)
    assert page.title_of_changes == "Uncommitted changes"
    assert page.lines[0] == f"diff --git a/{FILE} b/{FILE}"
    old, new = (line for line in page.lines if line[:1] in "+-" and "add_argument" in line)
    assert (old[0], "default=0.3" in old) == ("-", True)
    assert (new[0], "default=0.1" in new) == ("+", True)


@pytest.mark.script(TO_EDIT)
def test_what_a_person_edits_is_what_an_agent_reads(run: Run, person: Person) -> None:
    run.read("reset", force=True)
    person.edit_execution(
        run.task,
        "container",
        {
            "container.image": "python:3.12",
            "container.arguments": "--shm-size=8g -e MODE=slow",
            "container.setup_shell_script": "apt-get update\r\n",
        },
    )
    code = {"script.repository": REPOSITORY, "script.branch": "dev", "script.version_num": ""}
    person.edit_execution(run.task, "code", code)
    person.edit_execution(run.task, "packages", {"script.requirements.pip": "torch==2.4\r\n"})

    image_and_arguments = "python:3.12 --shm-size=8g -e MODE=slow"
    assert run.read("get_base_docker") == image_and_arguments
    [found] = run.server.data_of("tasks.get_all", {"id": [run.task]})["tasks"]
    assert found["container"] == {
        "image": "python:3.12",
        "arguments": "--shm-size=8g -e MODE=slow",
        "setup_shell_script": "apt-get update\n",
    }
    script = run.server.data_of("tasks.get_by_id", {"task": run.task})["task"]["script"]
    assert (script["repository"], script["branch"]) == (REPOSITORY, "dev")
    assert script["requirements"]["pip"] == "torch==2.4\n"
    assert shown(run).packages["torch"] == "2.4"
