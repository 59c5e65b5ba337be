"""Reading and editing a configuration in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.sample import new_project, new_task, parameter_of, set_parameter
from tests.server import Server

pytestmark = pytest.mark.browser

LR = "tr[data-param='Args/lr']"


@pytest.fixture
def task(server: Server) -> str:
    return new_task(server, new_project(server), "to be edited", lr="0.1", text="some text")


@pytest.fixture
def opened(page: Any, task: str) -> Any:
    page.goto(f"/experiments/{task}/configuration/")
    return page


def edit(page: Any, row: str, value: str) -> None:
    page.click(f"{row} button.edit")
    page.wait_for_selector("tr.editing [name=value]:focus")
    page.fill("tr.editing [name=value]", value)


def test_click_type_enter_saves(opened: Any, server: Server, task: str) -> None:
    edit(opened, LR, "0.25")
    opened.keyboard.press("Enter")
    opened.wait_for_selector(f"{LR} button.edit:focus")
    assert opened.inner_text(f"{LR} [data-value]") == "0.25"
    assert parameter_of(server, task, "lr") == "0.25"


def test_escape_restores(opened: Any, server: Server, task: str) -> None:
    edit(opened, LR, "0.5")
    opened.keyboard.press("Escape")
    opened.wait_for_selector(f"{LR} button.edit")
    assert opened.inner_text(f"{LR} [data-value]") == "0.1"
    assert parameter_of(server, task, "lr") == "0.1"


def test_the_keyboard_is_enough(opened: Any, server: Server, task: str) -> None:
    opened.focus(f"{LR} button.edit")
    opened.keyboard.press("Enter")
    opened.wait_for_selector("tr.editing [name=value]:focus")
    opened.keyboard.type("0.75")
    opened.keyboard.press("Enter")
    opened.wait_for_selector(f"{LR} button.edit:focus")
    assert parameter_of(server, task, "lr") == "0.75"


def test_a_wrong_value_says_so_beside_what_was_typed(opened: Any) -> None:
    edit(opened, LR, "fast")
    opened.keyboard.press("Enter")
    opened.wait_for_selector(".error-text")
    assert "is a number" in opened.inner_text(".error-text")
    assert opened.input_value("tr.editing [name=value]") == "fast"


def test_nothing_is_overwritten_unseen(opened: Any, server: Server, task: str) -> None:
    edit(opened, LR, "0.2")
    set_parameter(server, task, "lr", "0.3")
    opened.keyboard.press("Enter")
    opened.wait_for_selector(".conflict")
    assert opened.locator(".conflict dd").all_inner_texts() == ["0.3", "0.2"]
    assert parameter_of(server, task, "lr") == "0.3"
    opened.click("text=Save mine over it")
    opened.wait_for_selector(f"{LR} button.edit")
    assert parameter_of(server, task, "lr") == "0.2"


def test_a_property_is_added_and_deleted(opened: Any, server: Server, task: str) -> None:
    opened.click("[data-section=properties] tr.add button")
    opened.wait_for_selector("tr.editing [name=name]:focus")
    opened.keyboard.type("owner")
    opened.keyboard.press("Tab")
    opened.keyboard.type("amy")
    opened.keyboard.press("Enter")
    opened.wait_for_selector("[data-param='properties/owner']")
    assert parameter_of(server, task, "owner", "properties") == "amy"
    opened.click("[data-param='properties/owner'] button.edit")
    opened.click("tr.editing >> text=Delete")
    opened.wait_for_selector("[data-param='properties/owner']", state="detached")
    assert parameter_of(server, task, "owner", "properties") is None


def test_search_marks_while_typing(opened: Any) -> None:
    opened.fill("#find-parameter", "")
    opened.type("#find-parameter", "MEANS")
    opened.wait_for_selector("mark")
    assert set(opened.locator("mark").all_inner_texts()) == {"means"}
    opened.wait_for_url("**?q=MEANS")
    assert opened.evaluate("document.activeElement.id") == "find-parameter"


def test_a_plain_form_saves_without_javascript(
    browse: Callable[..., Any], server: Server, task: str
) -> None:
    page = browse(java_script_enabled=False)
    page.goto(f"/experiments/{task}/configuration/")
    page.click(f"{LR} button.edit")
    page.fill("[name=value]", "nonsense")
    page.click("text=Save")
    assert "is a number" in page.inner_text(".error-text")
    page.fill("[name=value]", "0.4")
    page.click("text=Save")
    assert page.inner_text(f"{LR} [data-value]") == "0.4"
    assert parameter_of(server, task, "lr") == "0.4"
    page.fill("#find-parameter", "lr")
    page.press("#find-parameter", "Enter")
    assert page.locator("[data-param]").count() == 1
