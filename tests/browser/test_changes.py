"""Somebody who is editing is told what others change meanwhile, and keeps what was typed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.sample import new_project, new_task, set_parameter
from tests.server import Server

pytestmark = pytest.mark.browser

BAR = ".changes-watch .notice"
LR = "tr[data-param='Args/lr']"


@pytest.fixture
def task(server: Server) -> str:
    return new_task(server, new_project(server), "watched", lr="0.1", batch="32")


@pytest.fixture
def opened(page: Any, task: str) -> Any:
    page.goto(f"/experiments/{task}/configuration/")
    return page


def come_back(page: Any) -> None:
    """What makes the page ask at once, instead of in a few seconds."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def edit_lr(page: Any) -> None:
    page.click(f"{LR} button.edit")
    page.wait_for_selector("[data-editing] [name=value]:focus")


def test_a_write_of_a_script_is_announced_and_the_typing_stays(
    opened: Any, server: Server, task: str
) -> None:
    edit_lr(opened)
    opened.fill("[data-editing] [name=value]", "0.25")
    set_parameter(server, task, "batch", "64")
    come_back(opened)
    opened.wait_for_selector(BAR)
    assert "changed Args/batch" in opened.inner_text(BAR)
    assert opened.input_value("[data-editing] [name=value]") == "0.25"
    assert opened.evaluate("document.activeElement.name") == "value"
    opened.keyboard.press("Enter")
    opened.wait_for_selector(f"{LR} button.edit")
    opened.click(f"{BAR} >> text=Load the page anew")
    opened.wait_for_selector("tr[data-param='Args/batch'] >> text=64")
    assert opened.locator(BAR).count() == 0


def test_it_is_told_where_a_form_is_opened_on_an_old_page(
    opened: Any, server: Server, task: str
) -> None:
    set_parameter(server, task, "batch", "64")
    edit_lr(opened)
    opened.wait_for_selector(BAR)


def test_who_only_reads_is_left_alone(opened: Any, server: Server, task: str) -> None:
    asked: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    set_parameter(server, task, "batch", "64")
    come_back(opened)
    edit_lr(opened)
    opened.wait_for_selector(BAR)
    assert len([url for url in asked if "/changes/" in url]) == 1


def test_ones_own_edit_is_no_news(opened: Any) -> None:
    edit_lr(opened)
    opened.fill("[data-editing] [name=value]", "0.5")
    opened.keyboard.press("Enter")
    opened.wait_for_selector(f"{LR} button.edit")
    with opened.expect_response("**/changes/**") as answer:
        edit_lr(opened)
    assert answer.value.status == 204
    assert opened.locator(BAR).count() == 0


def test_a_lost_session_does_not_take_the_form_away(opened: Any) -> None:
    edit_lr(opened)
    opened.fill("[data-editing] [name=value]", "0.25")
    opened.context.clear_cookies()
    with opened.expect_response("**/changes/**") as answer:
        come_back(opened)
    assert answer.value.status == 401
    assert opened.input_value("[data-editing] [name=value]") == "0.25"
