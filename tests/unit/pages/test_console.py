from __future__ import annotations

import re

import pytest
from django.test import Client

from experiments.models import Project, Task
from experiments.operations.status import change_status
from experiments.rules.status import Status
from tests.factories import actor, make_task
from tests.reporting import line, report

HTMX = {"HX-Request": "true"}


@pytest.fixture
def task(project: Project) -> Task:
    return make_task(project)


def run(task: Task, *steps: Status) -> None:
    for status in steps or (Status.IN_PROGRESS,):
        task = change_status(task=task, to=status, by=actor(task.user))


def page(client: Client, task: Task, query: str = "") -> str:
    response = client.get(f"/experiments/{task.uid}/console/{query}")
    assert response.status_code == 200
    return response.content.decode()


def printed(html: str) -> list[str]:
    """The text of each line, in order."""
    blocks = re.findall(r'<div class="printed">(.*?)</div></div>', html, re.DOTALL)
    lines = [line for block in blocks for line in re.findall(r"<div>(.*?)</div>", block + "</div>")]
    return [re.sub(r"<[^>]*>", "", line) for line in lines]


def numbers(task: Task, count: int) -> None:
    report(*[line(task, f"line {n}", n) for n in range(count)], tasks=[task])


def address_of(html: str, label: str) -> str:
    found = re.search(rf'href="([^"]*)"[^>]*>{label}<', html)
    assert found, f"no link {label}"
    return found[1].replace("&amp;", "&")


def test_the_newest_line_stands_at_the_end(alice_client: Client, task: Task) -> None:
    numbers(task, 3)
    html = page(alice_client, task)
    assert printed(html) == ["line 0", "line 1", "line 2"]
    assert "Earlier" not in html


def test_colours_are_classes_and_text_is_escaped(alice_client: Client, task: Task) -> None:
    report(line(task, "\x1b[31m<b>&</b>\x1b[0m 10%\n\x1b[2Kbar 1%\rbar 99%"), tasks=[task])
    html = page(alice_client, task)
    assert '<span class="ansi-fg-1">&lt;b&gt;&amp;&lt;/b&gt;</span> 10%' in html
    assert printed(html)[1] == "bar 99%"
    assert "\x1b" not in html


def test_pages_lead_back_and_forth(alice_client: Client, task: Task) -> None:
    numbers(task, 650)
    newest = page(alice_client, task)
    assert printed(newest)[0] == "line 350"
    earlier = page(alice_client, task, address_of(newest, "← Earlier"))
    assert printed(earlier) == [f"line {n}" for n in range(50, 350)]
    later = page(alice_client, task, address_of(earlier, "Later →"))
    assert printed(later)[0] == "line 350"
    start = page(alice_client, task, address_of(newest, "Start"))
    assert printed(start)[0] == "line 0"
    assert address_of(start, "Newest") == "?"


def test_times_and_levels_are_switched_by_the_address(alice_client: Client, task: Task) -> None:
    report(line(task, "careful", level="warning"), tasks=[task])
    html = page(alice_client, task)
    assert "<time datetime=" in html.split('class="report')[1]
    assert 'class="level"' not in html
    html = page(alice_client, task, "?times=0&levels=1")
    assert "<time" not in html.split('class="report')[1].split("</div>")[0]
    assert '<span class="level">warning</span>' in html
    assert address_of(html, "Times") == "?levels=1"


def test_search_shows_the_lines_with_the_text_in_all_of_the_log(
    alice_client: Client, task: Task
) -> None:
    numbers(task, 700)
    report(line(task, "one\ntwo \x1b[1mLINE 3\x1b[0m5 here", 9000), tasks=[task])
    html = page(alice_client, task, "?q=line+35")
    found = printed(html)
    assert found == ["line 35", *[f"line {n}" for n in range(350, 360)], "two LINE 35 here"]
    assert '<span class="ansi-bold hit">LINE 3</span><span class="hit">5</span>' in html


def test_search_goes_back_page_by_page(alice_client: Client, task: Task) -> None:
    numbers(task, 400)
    newest = page(alice_client, task, "?q=line")
    assert printed(newest)[0] == "line 100"
    assert printed(page(alice_client, task, address_of(newest, "← Earlier")))[-1] == "line 99"


def test_nothing_found_says_so(alice_client: Client, task: Task) -> None:
    numbers(task, 1)
    html = page(alice_client, task, "?q=<i>")
    assert "No line contains “<bdi>&lt;i&gt;</bdi>”" in html


def test_a_huge_report_is_cut_and_says_so(alice_client: Client, task: Task) -> None:
    report(line(task, "x" * 25_000), tasks=[task])
    html = page(alice_client, task)
    assert "5,000 more characters are in the download." in html


def test_the_download_is_the_whole_text(alice_client: Client, task: Task) -> None:
    report(*[line(task, f"\x1b[32m{n}\x1b[0m", n) for n in range(450)], tasks=[task])
    response = alice_client.get(f"/experiments/{task.uid}/console/download/")
    text = b"".join(response.streaming_content).decode()
    assert text.split("\n") == [*map(str, range(450)), ""]
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["Content-Disposition"].startswith("attachment")


def test_lines_of_two_machines_are_downloaded_in_order(alice_client: Client, task: Task) -> None:
    # Blocks are filled in order of arrival, and their times overlap.
    text = "x" * 40_000
    for moment in (0, 50, 20, 70, 10):
        report(line(task, f"{moment} {text}", moment), tasks=[task])
    response = alice_client.get(f"/experiments/{task.uid}/console/download/")
    lines = b"".join(response.streaming_content).decode().splitlines()
    assert [int(one.split()[0]) for one in lines] == [0, 10, 20, 50, 70]


def test_a_running_experiment_is_followed(alice_client: Client, task: Task) -> None:
    numbers(task, 2)
    run(task)
    html = page(alice_client, task)
    found = re.search(r'hx-get="([^"]*/console/tail/[^"]*)"', html)
    assert found
    address = found[1].replace("&amp;", "&")
    assert alice_client.get(address, headers=HTMX).status_code == 204
    report(line(task, "news", 5000), tasks=[task])
    response = alice_client.get(address, headers=HTMX)
    assert printed(response.content.decode()) == ["news"]
    assert b'hx-trigger="every' in response.content


def test_following_ends_with_the_experiment(alice_client: Client, task: Task) -> None:
    numbers(task, 1)
    run(task, Status.IN_PROGRESS, Status.COMPLETED)
    assert "hx-trigger" not in page(alice_client, task).split('id="main"')[1]
    html = alice_client.get(f"/experiments/{task.uid}/console/tail/", headers=HTMX).content.decode()
    assert "Completed" in html
    assert "hx-trigger" not in html


def test_a_running_experiment_that_printed_nothing_yet(alice_client: Client, task: Task) -> None:
    run(task)
    html = page(alice_client, task)
    assert "Waiting for the first line" in html
    assert 'hx-trigger="every' in html


def test_the_tail_alone_is_no_page(alice_client: Client, task: Task) -> None:
    response = alice_client.get(f"/experiments/{task.uid}/console/tail/")
    assert response.headers["Location"] == f"/experiments/{task.uid}/console/"


def test_a_foreign_cursor_is_refused(alice_client: Client, task: Task) -> None:
    assert alice_client.get(f"/experiments/{task.uid}/console/?before=x").status_code == 400


def test_what_to_call_when_there_is_nothing(alice_client: Client, task: Task) -> None:
    assert "Nothing was printed" in page(alice_client, task)


@pytest.mark.parametrize("tail", ["", "tail/", "download/"])
def test_strangers_find_no_console(charlie_client: Client, task: Task, tail: str) -> None:
    response = charlie_client.get(f"/experiments/{task.uid}/console/{tail}", headers=HTMX)
    assert response.status_code == 404
