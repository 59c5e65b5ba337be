"""The experiment table in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.sample import new_project, new_task
from tests.server import Server

pytestmark = pytest.mark.browser


@pytest.fixture
def table(server: Server) -> str:
    """The address of a table of three experiments."""
    project = new_project(server)
    for name, lr, depth in (("first", "0.1", "50"), ("second", "1e-05", "50"),
                            ("third", "0.001", "101")):  # fmt: skip
        new_task(server, project, name, lr=lr, depth=depth)
    return f"/projects/{project}/experiments/"


def names(page: Any) -> list[str]:
    return page.locator("#experiment-table tbody td.name").all_inner_texts()


def test_a_header_sorts_numbers_as_numbers_and_back_undoes_it(page: Any, table: str) -> None:
    page.goto(f"{table}?columns=name,Args/lr")
    assert names(page) == ["third", "second", "first"]
    page.click("th[data-column='Args/lr'] a")
    page.wait_for_selector("th[aria-sort=ascending]")
    assert names(page) == ["second", "third", "first"]
    assert "order=Args%2Flr" in page.url
    page.click("th[data-column='Args/lr'] a")
    page.wait_for_selector("th[aria-sort=descending]")
    assert names(page) == ["first", "third", "second"]
    page.go_back()
    page.wait_for_selector("th[aria-sort=ascending]")
    assert names(page) == ["second", "third", "first"]
    assert page.locator("header.bar").count() == 1


def test_shift_click_sorts_by_several(page: Any, table: str) -> None:
    page.goto(f"{table}?columns=name,Args/depth,Args/lr")
    page.click("th[data-column='Args/depth'] a")
    page.wait_for_selector("th[aria-sort=ascending]")
    page.click("th[data-column='Args/lr'] a", modifiers=["Shift"])
    page.wait_for_selector("th[data-column='Args/lr'] .arrow >> text=2")
    assert names(page) == ["second", "first", "third"]


def test_a_wrong_filter_leaves_the_last_good_table(page: Any, table: str) -> None:
    page.goto(table)
    page.fill("#filter", "Args/lr < 0.01")
    page.press("#filter", "Enter")
    page.wait_for_selector(".chip")
    assert names(page) == ["third", "second"]
    good = page.url
    page.fill("#filter", "Args/lr < < 0.01")
    page.press("#filter", "Enter")
    page.wait_for_selector(".filter-error")
    assert page.inner_text(".filter-error mark") == "<"
    assert page.input_value("#filter") == "Args/lr < < 0.01"
    assert names(page) == ["third", "second"]
    assert page.url == good


def test_a_chip_goes_by_its_cross(page: Any, table: str) -> None:
    page.goto(f"{table}?filter=Args/lr<0.01 and Args/depth=50")
    assert names(page) == ["second"]
    page.click(".chip:has-text('depth') a")
    page.wait_for_selector(".chip:has-text('depth')", state="detached")
    assert names(page) == ["third", "second"]
    assert page.input_value("#filter") == "Args/lr < 0.01"


def test_columns_are_chosen_from_what_was_seen(page: Any, table: str) -> None:
    page.goto(table)
    page.click("summary:has-text('Columns')")
    page.fill("#find-column", "depth")
    page.check("label[data-find='Args/depth'] input")
    page.click("text=Show these columns")
    page.wait_for_selector("td[data-column='Args/depth']")
    depths = page.locator("td[data-column='Args/depth']").all_inner_texts()
    assert depths == ["101", "50", "50"]


def test_the_keyboard_walks_rows_and_opens_one(page: Any, table: str) -> None:
    page.goto(table)
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == "second"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url("**/configuration/")
    assert page.inner_text("h1") == "third"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "find-parameter"


def test_everything_is_links_and_forms_without_javascript(
    browse: Callable[..., Any], table: str
) -> None:
    page = browse(java_script_enabled=False)
    page.goto(table)
    page.fill("#filter", "Args/lr < 0.01")
    page.press("#filter", "Enter")
    page.click("th[data-column='name'] a")
    assert names(page) == ["second", "third"]
    page.click("summary:has-text('Columns')")
    page.click("text=Choose columns")
    page.check("label[data-find='Args/depth'] input")
    page.click("text=Show these columns")
    assert page.locator("td[data-column='Args/depth']").all_inner_texts() == ["50", "101"]
    assert names(page) == ["second", "third"]
