"""Configuration objects in a real browser: folding, tree, links of lines, editing, comparing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.sample import new_project
from tests.server import Server

pytestmark = pytest.mark.browser

YAML = "model:\n  name: resnet50\n  layers:\n    - 1\n    - 2\nlr: 0.1\n"
LONG = "".join(f"key{n}: {n}\n" for n in range(1, 6_001))


@pytest.fixture
def task(server: Server) -> str:
    return make(server, {"big": LONG, "net": YAML})


@pytest.fixture
def opened(page: Any, task: str) -> Any:
    page.goto(f"/experiments/{task}/configuration/?object=net")
    return page


def make(server: Server, texts: dict[str, str], **more: Any) -> str:
    body = {
        "name": "with objects", "type": "training", "project": new_project(server),
        "configuration": {
            name: {"name": name, "type": "yaml", "value": text} for name, text in texts.items()
        }, **more,
    }  # fmt: skip
    return server.data_of("tasks.create", body)["id"]


def text_of(server: Server, task: str, name: str = "net") -> str:
    found = server.data_of("tasks.get_by_id", {"task": task})["task"]["configuration"]
    return found[name]["value"]


def visible_lines(page: Any) -> list[str]:
    return page.locator("[data-configuration=net] .line:visible").evaluate_all(
        "lines => lines.map(line => line.dataset.line)"
    )


def test_blocks_fold_by_mouse_and_keyboard(opened: Any) -> None:
    fold = opened.locator("[data-configuration=net] button.fold")
    fold.first.click()
    assert visible_lines(opened) == ["1", "6"]
    opened.keyboard.press("ArrowRight")
    assert visible_lines(opened) == ["1", "2", "3", "4", "5", "6"]
    opened.keyboard.press("ArrowDown")
    opened.keyboard.press("ArrowLeft")
    assert visible_lines(opened) == ["1", "2", "3", "6"]
    opened.click("[data-configuration=net] [data-fold-all]")
    assert visible_lines(opened) == ["1", "6"]
    opened.click("[data-configuration=net] [data-fold-all]")
    assert len(visible_lines(opened)) == 6


def test_a_number_is_the_address_of_its_line(opened: Any, task: str) -> None:
    opened.click("#object-2-line-2 .line-link")
    opened.click("#object-2-line-4 .line-link", modifiers=["Shift"])
    assert opened.locator(".line.chosen").count() == 3
    assert opened.url.endswith("?object=net&line=2-4#object-2-line-4")
    opened.reload()
    assert opened.locator(".line.chosen").count() == 3


def test_a_line_far_down_is_opened_and_seen(page: Any, task: str) -> None:
    page.goto(f"/experiments/{task}/configuration/?object=big&line=5500#object-1-line-5500")
    line = page.locator("#object-1-line-5500")
    assert line.inner_text().strip() == "key5500: 5500"
    assert line.evaluate("e => { const b = e.getBoundingClientRect();"
                         " return b.top > 0 && b.bottom < innerHeight; }")  # fmt: skip


def test_a_long_text_grows_while_it_is_scrolled(page: Any, task: str) -> None:
    page.goto(f"/experiments/{task}/configuration/")
    page.click("[data-configuration=big] summary")
    page.wait_for_selector("#object-1-line-1000")
    assert page.locator("#object-1-line-1001").count() == 0
    page.locator("[data-configuration=big] .object-more").scroll_into_view_if_needed()
    page.wait_for_selector("#object-1-line-1001")


def test_the_tree_is_a_click_away_and_in_the_address(opened: Any) -> None:
    opened.click("[data-configuration=net] button:has-text('Tree')")
    opened.wait_for_selector(".object-tree")
    opened.wait_for_url("**?object=net&as=tree")
    opened.locator(".object-tree summary:has-text('layers')").focus()
    opened.keyboard.press("Enter")
    assert opened.locator(".node-copy[data-copy='model.layers[1]']").count() == 1
    assert opened.locator(".node-value:visible").all_inner_texts() == ["resnet50", "1", "2", "0.1"]
    opened.click("[data-configuration=net] button:has-text('Text')")
    opened.wait_for_selector("#object-2-line-1")


def test_long_lines_wrap_when_asked(opened: Any) -> None:
    wrap = opened.locator("[data-configuration=net] [data-wrap]")
    wrap.click()
    assert wrap.get_attribute("aria-pressed") == "true"
    line = opened.locator("#object-2-line-1")
    assert line.evaluate("e => getComputedStyle(e).whiteSpace") == "pre-wrap"


def test_a_fault_is_shown_and_saved_anyway(opened: Any, server: Server, task: str) -> None:
    opened.click("[data-configuration=net] >> text=Edit")
    opened.fill("#object-text", "a: 1\nb: [1, 2\nc: 3\n")
    opened.keyboard.press("Control+Enter")
    opened.wait_for_selector(".object-fault")
    assert "Line 3, column 2" in opened.inner_text(".object-fault")
    opened.click("text=Go to line 3")
    place = opened.evaluate("[document.activeElement.id, document.activeElement.selectionStart]")
    assert place == ["object-text", len("a: 1\nb: [1, 2\nc")]
    assert text_of(server, task) == YAML
    opened.click("text=Save anyway")
    opened.wait_for_url("**/configuration/?object=net*")
    assert text_of(server, task) == "a: 1\nb: [1, 2\nc: 3\n"


def test_a_conflict_shows_both_and_lets_choose(opened: Any, server: Server, task: str) -> None:
    opened.click("[data-configuration=net] >> text=Edit")
    theirs = {"name": "net", "type": "yaml", "value": YAML.replace("0.1", "0.3")}
    server.data_of("tasks.edit", {"task": task, "configuration": {"net": theirs}})
    opened.fill("#object-text", YAML.replace("0.1", "0.2"))
    opened.click("text=Save")
    opened.wait_for_selector(".notice:has-text('Somebody changed it meanwhile')")
    assert opened.locator(".diff mark").all_inner_texts() == ["3", "2"]
    assert opened.input_value("#object-text") == YAML.replace("0.1", "0.2")
    opened.click("text=Save mine over it")
    opened.wait_for_url("**/configuration/?object=net*")
    assert text_of(server, task) == YAML.replace("0.1", "0.2")


def test_differences_are_read_by_key_and_by_line(page: Any, server: Server, task: str) -> None:
    child = make(server, {"net": YAML.replace("0.1", "0.2")}, parent=task)
    page.goto(f"/experiments/{child}/configuration/?object=net")
    page.click("[data-configuration=net] >> text=Compare")
    page.click("text=with the parent")
    assert page.locator(".key-diff tbody th").all_inner_texts() == ["lr"]
    page.click("text=Side by side")
    assert page.locator(".diff mark").all_inner_texts() == ["1", "2"]
    page.click("text=Unified")
    assert page.locator(".diff mark").all_inner_texts() == ["1", "2"]


def test_everything_is_there_without_javascript(
    browse: Callable[..., Any], server: Server, task: str
) -> None:
    page = browse(java_script_enabled=False)
    page.goto(f"/experiments/{task}/configuration/")
    page.click("[data-configuration=big] summary")
    page.click("[data-configuration=big] >> text=Show the text")
    page.click("[data-configuration=big] >> text=5,000 more lines")
    assert page.locator("#object-1-line-1001").count() == 1
    page.click("[data-configuration=net] button:has-text('Tree')")
    assert page.locator("[data-configuration=net] .node-key").count() > 3
    page.click("[data-configuration=net] >> text=Edit")
    page.fill("#object-text", "a: [1\n")
    page.click("text=Save")
    page.click("text=Save anyway")
    assert text_of(server, task) == "a: [1\n"
    page.click("[data-configuration=net] >> text=Edit")
    page.click("summary:has-text('Delete')")
    page.click("text=Delete this object")
    assert page.locator("[data-configuration=net]").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "part",
    ["?object=net", "?object=net&as=tree", "?object=big&line=3000", "object/edit/?name=net",
     "object/edit/", "object/diff/?name=net&against=object:big",
     "object/diff/?name=net&against=object:big&view=unified",
     "object/diff/?name=net&against=object:big&view=split"],
)  # fmt: skip
def test_no_violations(browse: Callable[..., Any], task: str, part: str, scheme: str) -> None:
    page = browse(color_scheme=scheme, bypass_csp=True)
    page.goto(f"/experiments/{task}/configuration/{part}")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
