"""CONSOLE and SCALARS in a real browser: following, paging without a script, the head's form."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.sample import new_project, new_task, report
from tests.server import Server

pytestmark = pytest.mark.browser

START = 1_700_000_000_000


def say(server: Server, task: str, *texts: str, moment: int = 0) -> None:
    for number, text in enumerate(texts):
        server.data_of("events.add", {"type": "log", "task": task, "msg": text, "level": "info",
                                      "timestamp": START + moment + number})  # fmt: skip


def say_at_once(server: Server, task: str, count: int) -> None:
    """Numbered lines, fifty a report."""
    for first in range(0, count, 50):
        lines = "\n".join(f"line {n}" for n in range(first, first + 50))
        say(server, task, lines, moment=first)


@pytest.fixture
def running(server: Server) -> str:
    task = new_task(server, new_project(server), "running")
    server.data_of("tasks.started", {"task": task})
    return task


def place(page: Page) -> float:
    return page.locator(".console").evaluate("box => box.scrollTop")


def top_line(page: Page) -> str:
    """The first line one sees in the console."""
    return page.locator(".console").evaluate(
        """box => [...box.querySelectorAll(".printed > div")]
            .find(line => line.getBoundingClientRect().top >= box.getBoundingClientRect().top)
            .textContent"""
    )


def test_the_console_follows_and_shows_the_newest(page: Page, server: Server, running: str) -> None:
    say_at_once(server, running, 200)
    page.goto(f"/experiments/{running}/console/")
    expect(page.get_by_text("line 199", exact=True)).to_be_in_viewport()
    say(server, running, "and \x1b[31mnews\x1b[0m", moment=5000)
    news = page.locator(".ansi-fg-1", has_text="news")
    expect(news).to_be_in_viewport()
    assert place(page) == 0


def test_who_reads_further_up_is_not_moved(page: Page, server: Server, running: str) -> None:
    say_at_once(server, running, 200)
    page.goto(f"/experiments/{running}/console/")
    page.locator(".console").evaluate("box => { box.scrollTop = -900; }")
    seen = top_line(page)
    say_more = "\n".join(f"more {n}" for n in range(30))
    say(server, running, say_more, moment=5000)
    expect(page.get_by_text("more 29")).to_be_attached()
    assert top_line(page) == seen
    assert place(page) < -900


def test_following_ends_with_the_experiment(page: Page, server: Server, running: str) -> None:
    say(server, running, "hello")
    page.goto(f"/experiments/{running}/console/")
    server.data_of("tasks.completed", {"task": running})
    expect(page.locator("#console-tail")).to_contain_text("The experiment has ended: Completed")


def test_the_first_line_appears_by_itself(page: Page, server: Server, running: str) -> None:
    page.goto(f"/experiments/{running}/console/")
    expect(page.get_by_text("Waiting for the first line")).to_be_visible()
    say(server, running, "hello")
    expect(page.get_by_text("hello", exact=True)).to_be_visible()


def test_pages_of_the_console_without_a_script(browse: Callable[..., Page], server: Server) -> None:
    task = new_task(server, new_project(server), "long")
    say(server, task, *[f"report {n}" for n in range(310)])
    page = browse(java_script_enabled=False)
    page.goto(f"/experiments/{task}/console/")
    expect(page.get_by_text("report 309", exact=True)).to_be_in_viewport()
    page.get_by_role("link", name="Earlier").click()
    expect(page.get_by_text("report 9", exact=True)).to_be_visible()
    page.get_by_role("link", name="Later").click()
    expect(page.get_by_text("report 10", exact=True)).to_be_in_viewport()
    page.get_by_role("searchbox", name="Search the console").fill("port 3")
    page.keyboard.press("Enter")
    expect(page.locator(".printed > div")).to_have_count(21)
    expect(page.locator(".hit").first).to_have_text("port 3")


def test_the_log_is_downloaded(page: Page, server: Server) -> None:
    task = new_task(server, new_project(server), "to keep")
    say(server, task, "one", "two \x1b[1mbold\x1b[0m")
    page.goto(f"/experiments/{task}/console/")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename == "to keep.log"
    assert download.value.path().read_text() == "one\ntwo bold\n"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_of_the_charts_follow_the_scheme(
    browse: Callable[..., Page], server: Server, scheme: str
) -> None:
    task = new_task(server, new_project(server), "reported")
    report(server, task)
    page = browse(color_scheme=scheme, java_script_enabled=False)
    page.goto(f"/experiments/{task}/scalars/")
    line = page.locator(".chart path").first
    expect(line).to_be_visible()
    blue = {"light": "rgb(61, 79, 192)", "dark": "rgb(143, 159, 255)"}
    expect(line).to_have_css("stroke", blue[scheme])
    page.get_by_role("link", name="Log", exact=True).click()
    expect(page).to_have_url(re.compile(r"scale=log"))
    expect(page.locator(".chart path").first).to_be_visible()


def test_hostile_names_are_text(page: Page, server: Server) -> None:
    task = new_task(server, new_project(server), "odd")
    name = "<img src=x onerror=alert(1)>"
    server.data_of("events.add", {"type": "training_stats_scalar", "task": task, "metric": name,
                                  "variant": name, "iter": 1, "value": 1})  # fmt: skip
    say(server, task, f"\x1b[31m{name}\x1b[0m")
    page.goto(f"/experiments/{task}/scalars/")
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    page.goto(f"/experiments/{task}/console/")
    expect(page.locator(".ansi-fg-1")).to_have_text(name)
    assert page.locator("img").count() == 0


@pytest.mark.parametrize("scripted", [True, False])
def test_name_and_tags_are_edited_in_the_head(
    browse: Callable[..., Any], server: Server, scripted: bool
) -> None:
    task = new_task(server, new_project(server), "a first name")
    page = browse(java_script_enabled=scripted)
    page.goto(f"/experiments/{task}/info/")
    page.get_by_role("link", name="Edit", exact=True).click()
    page.get_by_label("Name").fill("a better name")
    page.get_by_label("Tags").fill("one\ntwo words")
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_url(re.compile(r"/info/$"))
    expect(page.get_by_role("heading", name="a better name")).to_be_visible()
    expect(page.locator(".about .tag")).to_have_text(["one", "two words"])
