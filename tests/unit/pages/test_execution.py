"""EXECUTION: what it shows, also of long changes, and the changes as a file."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.test import Client

from experiments.models import Project, Task
from experiments.rules.document import Item
from experiments.rules.redaction import MASK
from tests.factories import make_task
from tests.unit.pages.execution_page import DIFF, HTMX, address, facts, lines, page, script_task


class TestReading:
    def test_where_the_code_is(self, alice_client: Client, project: Project) -> None:
        commit = "9f2c1e7ab34d5c6f7089a1b2c3d4e5f60718293a"
        task = script_task(
            project, repository="https://github.com/a/b.git", branch="main", version_num=commit,
            tag="v1", entry_point="-m train", working_dir=".", binary="python3.11",
        )  # fmt: skip
        text = page(alice_client, task)
        assert 'href="https://github.com/a/b.git" rel="noopener noreferrer"' in text
        assert facts(text) == {
            "Repository": "https://github.com/a/b.git", "Branch": "main", "Tag": "v1",
            "Commit": commit[:10], "Entry point": "-m train", "Working directory": ".",
            "Interpreter": "python3.11",
        }  # fmt: skip
        assert f'data-copy="{commit}"' in text

    def test_how_and_where_it_is_run(self, alice_client: Client, project: Project) -> None:
        container = {"image": "python:3.11", "arguments": "--ipc=host",
                     "setup_shell_script": "apt update\napt install <x>"}  # fmt: skip
        task = make_task(
            project, container=container, output={"destination": "s3://bucket"},
            execution={"queue": "4b2f", "artifacts": [], "docker_cmd": "an old one"},
            parameters={
                "Args/lr": Item("0.1", "float"), "Args/password": Item("hunter2secret", "str"),
                "General/not an argument": "1",
            },
        )  # fmt: skip
        Task.objects.filter(pk=task.pk).update(last_worker="gpu-1:0")
        text = page(alice_client, task)
        found = facts(text)
        assert (found["Image"], found["Arguments"]) == ("python:3.11", "--ipc=host")
        assert "<div>apt install &lt;x&gt;</div>" in text
        assert found["Destination"] == "s3://bucket"
        assert (found["Queue"], found["Worker"]) == ("4b2f", "gpu-1:0")
        assert found["execution/docker_cmd"] == "an old one"
        assert f"<bdi>--lr 0.1 --password &#x27;{MASK}&#x27;</bdi>" in text

    def test_changes_are_files_of_coloured_numbered_lines(
        self, alice_client: Client, project: Project
    ) -> None:
        text = page(alice_client, script_task(project, repository="git@h:a/b", diff=DIFF))
        assert re.findall(r'data-file="(.*?)"', text) == ["train.py", "b.py"]
        assert lines(text)[3:7] == [
            ("gu", "", "", "@@ -1,2 +1,2 @@"),
            ("", "1", "1", " import &lt;os&gt;"),
            ("gd", "2", "", "-old"),
            ("gi", "", "2", "+new"),
        ]
        assert "13 lines" in text
        assert '<span class="added">+2</span> <span class="removed">−1</span>' in text

    def test_without_a_repository_it_is_the_script(
        self, alice_client: Client, project: Project
    ) -> None:
        task = script_task(project, diff='import os\n\nprint("<b>")\n', entry_point="train.py")
        text = page(alice_client, task)
        assert 'execution-changes-title">Script</h2>' in text
        assert [line[2] for line in lines(text)] == ["1", "2", "3"]
        assert lines(text)[0][3] == (
            '<span class="kn">import</span><span class="w"> </span><span class="nn">os</span>'
        )
        assert "&lt;b&gt;" in text

    def test_packages_are_a_table_that_can_be_searched(
        self, alice_client: Client, project: Project
    ) -> None:
        requirements = {"pip": "# Python 3.11\nnumpy == 2.0\ntorch >= 2.1\n",
                        "orig_pip": ["numpy == 1.0"], "conda": ""}  # fmt: skip
        task = script_task(project, requirements=requirements)
        rows = r"<bdi>([^<]*)</bdi></th><td><bdi>([^<]*)</bdi>"
        text = page(alice_client, task)
        torch = ("torch", "&gt;= 2.1")
        assert re.findall(rows, text) == [("numpy", "2.0"), torch, ("numpy", "1.0")]
        assert "Python 3.11" in text
        assert re.findall(rows, page(alice_client, task, "?packages=TOR")) == [torch]
        assert "No package contains" in page(alice_client, task, "?packages=jax")

    def test_what_would_fill_it(self, alice_client: Client, project: Project) -> None:
        text = page(alice_client, make_task(project))
        for words in ("Task.init", "task.set_base_docker(…)", "Task.add_requirements(…)",
                      "Task.init(output_uri=…)", "argparse"):  # fmt: skip
            assert words in text
        assert "Download" not in text

    @pytest.mark.parametrize(
        "repository", ["javascript:alert(1)", "file:///etc/passwd", "https://[x", "git@a:b"]
    )
    def test_only_web_addresses_are_links(
        self, alice_client: Client, project: Project, repository: str
    ) -> None:
        text = page(alice_client, script_task(project, repository=repository))
        assert facts(text)["Repository"] == repository
        assert f'href="{repository}' not in text

    @pytest.mark.parametrize("script", [{"diff": None, "requirements": None}, {"repository": None},
                                        {"requirements": {"pip": None, "x": 3}}])  # fmt: skip
    def test_whatever_was_sent_it_opens(
        self, alice_client: Client, project: Project, script: dict[str, Any]
    ) -> None:
        page(alice_client, make_task(project, script=script, container={"image": None}))

    def test_strangers_find_nothing(self, charlie_client: Client, project: Project) -> None:
        task = script_task(project, diff=DIFF)
        for path in ("", "edit/?group=code", "changes/?file=0", "download/"):
            assert charlie_client.get(address(task, path)).status_code == 404


class TestLongChanges:
    @pytest.fixture
    def task(self, project: Project) -> Task:
        body = "".join(f"+line {number}\n" for number in range(5_000))
        files = [
            f"diff --git a/f{n} b/f{n}\n--- /dev/null\n+++ b/f{n}\n@@ -0,0 +1,5000 @@\n{body}"
            for n in range(4)
        ]
        return script_task(project, repository="x", diff="".join(files))

    def test_the_page_has_the_beginning_and_the_way_on(
        self, alice_client: Client, task: Task
    ) -> None:
        text = page(alice_client, task)
        assert len(lines(text)) == 1_000
        assert f'href="{address(task, "changes/?file=0&amp;from=400")}"' in text
        assert f'href="{address(task, "changes/?file=3&amp;from=0")}"' in text
        assert text.count('<details class="changed-file"') == 4

    def test_pieces_follow_one_another(self, alice_client: Client, task: Task) -> None:
        path, found = "changes/?file=1&from=0", []
        while path:
            answer = alice_client.get(address(task, path), headers=HTMX).content.decode()
            assert "<html" not in answer
            found += lines(answer)
            following = re.search(r'href="[^"]*/(changes/[^"]*)"', answer)
            path = html.unescape(following[1]) if following else ""
        assert len(found) == 5_004
        assert found[-1] == ("gi", "", "5000", "+line 4999")

    def test_without_htmx_a_piece_is_a_page(self, alice_client: Client, task: Task) -> None:
        text = alice_client.get(address(task, "changes/?file=1&from=2000")).content.decode()
        assert "Back to all changes" in text
        assert len(lines(text)) == 2_000

    @pytest.mark.parametrize("query", ["?file=4", "?file=1&from=5004", "?file=99999999999999999"])
    def test_lines_that_are_not_there(self, alice_client: Client, task: Task, query: str) -> None:
        expected = 200 if "999" in query else 404
        assert alice_client.get(address(task, f"changes/{query}")).status_code == expected

    def test_a_line_of_a_megabyte_is_cut(self, alice_client: Client, project: Project) -> None:
        task = script_task(project, repository="x", diff="+" + "x" * 1_000_000)
        text = page(alice_client, task)
        assert "(998,001 more characters)" in text
        assert len(text) < 50_000


class TestDownload:
    @pytest.mark.parametrize("text", [DIFF, DIFF.replace("\n", "\r\n"), "+no end", "+a\r\n+b\n\n"])
    def test_it_is_byte_for_byte(self, bob_client: Client, project: Project, text: str) -> None:
        task = make_task(project, name="run: 1/2", script={"repository": "x", "diff": text})
        response = bob_client.get(address(task, "download/"))
        assert response.content == text.encode()
        assert "attachment" in response.headers["Content-Disposition"]

    def test_a_script_has_its_name(self, bob_client: Client, project: Project) -> None:
        task = script_task(project, diff="import os", entry_point="src/train.py")
        response = bob_client.get(address(task, "download/"))
        assert 'filename="train.py"' in response.headers["Content-Disposition"]

    def test_nothing_is_not_found(self, bob_client: Client, project: Project) -> None:
        assert bob_client.get(address(make_task(project), "download/")).status_code == 404
