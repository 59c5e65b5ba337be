"""Reading a configuration in a real browser: the tree, hits, links, the index, copying out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from tests.browser.sample import new_project
from tests.server import Server

pytestmark = pytest.mark.browser

SECRET = "hf_abcdefghijklmnopqrstuvwxyz0123"
NESTED = {
    "model/name": "vit",
    "lr": "0.1",
    "model/encoder/dim": "768",
    "model/encoder/heads": "12",
    "data/path": "/mnt/data",
    "hub_token": SECRET,
}
Pages = Callable[..., Any]


def make(server: Server, sections: dict[str, dict[str, str]]) -> str:
    """A draft with these parameters; the id of its page."""
    hyperparams = {
        section: {
            name: {"section": section, "name": name, "value": value, "type": "str"}
            for name, value in items.items()
        }
        for section, items in sections.items()
    }
    body = {
        "name": "to be read",
        "type": "training",
        "project": new_project(server),
        "hyperparams": hyperparams,
        "configuration": {"net": {"name": "net", "type": "yaml", "value": "depth: 50\n"}},
    }
    return f"/experiments/{server.data_of('tasks.create', body)['id']}/configuration/"


@pytest.fixture(scope="module")
def nested(server: Server) -> str:
    return make(server, {"General": NESTED, "Args": {"seed": "1", "epochs": "dim"}})


@pytest.fixture(scope="module")
def big(server: Server) -> str:
    return make(server, {"Args": {f"p{i:04}": f"value {i}" for i in range(1_000)}})


@pytest.fixture(scope="module")
def many(server: Server) -> str:
    return make(server, {f"Section {s}": {f"p{i}": "1" for i in range(9)} for s in range(40)})


def row(name: str) -> str:
    return f"tr[data-param='{name}']"


class TestTheTree:
    def test_groups_fold_and_names_are_short(self, page: Any, nested: str) -> None:
        page.goto(nested)
        dim, name = row("General/model/encoder/dim"), row("General/model/name")
        assert page.locator(f"{dim} .path").bounding_box()["width"] <= 1
        page.click("tr[data-group='General/model/encoder']")
        assert page.is_hidden(dim) and page.is_visible(name)
        page.click("tr[data-group='General/model']")
        assert page.is_hidden(name)
        page.click("tr[data-group='General/model']")
        assert page.is_visible(name) and page.is_hidden(dim)

    def test_a_group_folds_by_keyboard(self, page: Any, nested: str) -> None:
        page.goto(nested)
        page.focus("tr[data-group='General/model/encoder'] .fold-group")
        page.keyboard.press("Enter")
        assert page.is_hidden(row("General/model/encoder/dim"))
        assert page.get_attribute(":focus", "aria-expanded") == "false"

    def test_the_address_keeps_the_view(self, page: Any, nested: str) -> None:
        page.goto(nested)
        page.click("text=Flat")
        page.wait_for_url("**?view=flat")
        assert page.locator("tr.group").count() == 0
        assert page.inner_text(f"{row('General/model/encoder/dim')} th bdi") == "model/encoder/dim"

    def test_a_row_is_edited_in_its_place(self, page: Any, nested: str) -> None:
        page.goto(nested)
        heads = row("General/model/encoder/heads")
        page.click(f"{heads} button.edit")
        page.wait_for_selector("tr.editing [name=value]:focus")
        page.fill("tr.editing [name=value]", "16")
        page.keyboard.press("Enter")
        page.wait_for_selector(f"{heads}[data-depth='2'] button.edit:focus")
        assert page.locator(f"{heads} .path").bounding_box()["width"] <= 1


class TestHits:
    def test_enter_walks_them_and_says_where(self, page: Any, nested: str) -> None:
        page.goto(nested)
        page.type("#find-parameter", "dim")
        page.wait_for_url("**?q=dim*")
        page.wait_for_selector("[data-hit-buttons]:visible")
        assert page.inner_text("#hits") == "2 hits in 2 rows"
        for key, said in (("Enter", "1 of 2"), ("Enter", "2 of 2"), ("Enter", "1 of 2"),
                          ("Shift+Enter", "2 of 2")):  # fmt: skip
            page.keyboard.press(key)
            page.wait_for_selector(f"#hits:has-text('{said} hits in 2 rows')")
        assert page.locator("mark.current").count() == 1
        assert page.evaluate("document.activeElement.id") == "find-parameter"
        assert page.get_attribute("#hits", "role") == "status"

    def test_keys_and_buttons_elsewhere(self, page: Any, nested: str) -> None:
        page.goto(f"{nested}?q=dim")
        page.click("h1")
        for press, said in (("n", "1 of 2"), ("F3", "2 of 2"), ("p", "1 of 2"),
                            ("Shift+F3", "2 of 2")):  # fmt: skip
            page.keyboard.press(press)
            page.wait_for_selector(f"#hits:has-text('{said}')")
        page.click("[aria-label='Next hit']")
        page.wait_for_selector("#hits:has-text('1 of 2')")

    def test_rows_that_are_not_loaded_are_reached(self, page: Any, big: str) -> None:
        page.goto(f"{big}?q=value")
        assert page.inner_text("#hits") == "1,000 hits in 1,000 rows"
        page.focus("#find-parameter")
        for _ in range(305):
            page.keyboard.press("Enter")
        page.wait_for_selector("#hits:has-text('305 of 1,000')")
        assert page.inner_text("tr:has(mark.current) th bdi") == "p0304"

    def test_a_hit_in_a_folded_section_opens_it(self, page: Any, nested: str) -> None:
        page.goto(f"{nested}?q=seed")
        page.click("[data-section=Args] summary")
        page.focus("#find-parameter")
        page.keyboard.press("Enter")
        page.wait_for_selector("mark.current:visible")

    def test_escape_clears_and_typing_is_not_lost(self, page: Any, nested: str) -> None:
        page.goto(nested)
        page.type("#find-parameter", "model/encoder", delay=25)
        page.wait_for_url("**?q=model*2Fencoder*")
        assert page.input_value("#find-parameter") == "model/encoder"
        page.keyboard.press("Escape")
        page.wait_for_selector(row("Args/seed"))
        assert page.input_value("#find-parameter") == ""
        assert page.inner_text("#hits") == ""

    def test_they_are_walked_after_going_back(self, page: Any, nested: str) -> None:
        page.goto(nested)
        for search in ("dim", "lr"):
            page.fill("#find-parameter", search)
            page.wait_for_url(f"**?q={search}*")
        page.go_back()
        page.wait_for_selector("#hits:has-text('2 hits in 2 rows')")
        page.focus("#find-parameter")
        page.keyboard.press("Enter")
        page.wait_for_selector("#hits:has-text('1 of 2')")

    def test_a_secret_is_not_found_by_its_value(self, page: Any, nested: str) -> None:
        page.goto(f"{nested}?q={SECRET[:10]}")
        assert page.is_visible("text=Nothing contains")


class TestLinks:
    def test_a_link_to_a_row_is_copied_and_leads_there(self, browse: Pages, nested: str) -> None:
        page = browse(permissions=["clipboard-read", "clipboard-write"])
        page.goto(nested)
        page.hover(row("Args/seed"))
        page.click(f"{row('Args/seed')} .permalink")
        page.wait_for_selector("#notices:has-text('Link copied')")
        link = page.evaluate("navigator.clipboard.readText()")
        assert urlsplit(page.url).query == "key=Args%2Fseed" and link == page.url
        page.goto("about:blank")
        page.goto(link)
        assert page.get_attribute(row("Args/seed"), "class") == "arrived"

    def test_a_row_far_down_is_scrolled_to(self, page: Any, big: str) -> None:
        page.goto(f"{big}?key=Args/p0650")
        page.wait_for_selector("tr.arrived")
        box = page.locator("tr.arrived").bounding_box()
        assert 0 < box["y"] < page.viewport_size["height"]
        page.click("text=Show 300 earlier")
        page.wait_for_selector(row("Args/p0300"), state="attached")

    def test_an_object_is_arrived_at(self, page: Any, nested: str) -> None:
        page.goto(f"{nested}?object=net")
        page.wait_for_selector("section.arrived[data-configuration=net]")

    def test_without_javascript_the_part_is_drawn(self, browse: Pages, big: str) -> None:
        page = browse(java_script_enabled=False)
        page.goto(big)
        page.click("text=Show 700 more")
        assert page.locator(row("Args/p0300")).is_visible()
        page.goto(f"{big}?key=Args/p0650")
        page.click(f"{row('Args/p0650')} .permalink", force=True)
        assert urlsplit(page.url).fragment.startswith("param-")
        box = page.locator("tr.arrived").bounding_box()
        assert 0 < box["y"] < page.viewport_size["height"]


class TestTheIndex:
    def test_it_says_what_is_being_read(self, page: Any, many: str) -> None:
        page.goto(many)
        page.click(".index nav >> text='Section 30'")
        page.wait_for_selector(".index a[aria-current]:has-text('Section 30')")
        assert page.locator(".index [aria-current]").count() == 1
        assert page.locator("[data-section='Section 30']").bounding_box()["y"] < 120
        page.locator("[data-section='Section 35']").evaluate("one => one.scrollIntoView()")
        page.wait_for_selector(".index a[aria-current]:has-text('Section 35')")
        box = page.locator(".index [aria-current]").bounding_box()
        assert 0 < box["y"] < page.viewport_size["height"]

    def test_everything_folds_at_once(self, page: Any, many: str) -> None:
        page.goto(many)
        page.click("text=Collapse all")
        assert page.is_hidden(row("Section 0/p1"))
        page.click("text=Expand all")
        assert page.is_visible(row("Section 0/p1"))

    def test_it_is_a_menu_on_a_narrow_screen(self, browse: Pages, many: str) -> None:
        page = browse(viewport={"width": 390, "height": 800})
        page.goto(many)
        assert page.is_hidden(".index nav")
        page.click(".index summary")
        page.click(".index nav >> text='Section 20'")
        assert page.is_hidden(".index nav")
        box = page.locator("[data-section='Section 20']").bounding_box()
        assert 0 < box["y"] < 200


class TestCopying:
    @pytest.fixture
    def allowed(self, browse: Pages) -> Any:
        return browse(permissions=["clipboard-read", "clipboard-write"])

    def clipboard(self, page: Any) -> str:
        page.click("#copy [data-copy-from]")
        page.wait_for_selector("#copy [data-copy-label]:has-text('Copied')")
        return page.evaluate("navigator.clipboard.readText()")

    def test_a_section_in_a_dialog(self, allowed: Any, nested: str) -> None:
        allowed.goto(nested)
        allowed.click("[data-section=General] >> text=Copy")
        allowed.wait_for_selector("dialog[open] [data-copy-from]:focus")
        allowed.click("dialog >> text=YAML")
        allowed.wait_for_selector("dialog [aria-current]:has-text('YAML')")
        assert yaml.safe_load(self.clipboard(allowed))["General"]["model"]["name"] == "vit"
        allowed.keyboard.press("Escape")
        allowed.wait_for_selector("dialog[open]", state="detached")
        assert urlsplit(allowed.url).query == ""

    def test_secrets_are_masked_until_an_editor_asks(self, allowed: Any, nested: str) -> None:
        allowed.goto(nested)
        allowed.click("text=Copy all")
        allowed.wait_for_selector("dialog >> text=1 secret is masked")
        assert SECRET not in allowed.inner_text("#copy-text")
        allowed.click("dialog >> text=Show with secrets")
        allowed.wait_for_selector("dialog .notice.warning")
        assert json.loads(self.clipboard(allowed))["General"]["hub_token"] == SECRET
        allowed.click("dialog >> text=Close")
        allowed.wait_for_selector("#copy-text", state="detached")
        allowed.goto(nested.replace("configuration", "history"))
        assert allowed.is_visible("text=hub_token")

    def test_what_is_ticked(self, allowed: Any, nested: str) -> None:
        allowed.goto(nested)
        allowed.click("text='Select'")
        allowed.click("input[value='General/model/name']")
        allowed.click("input[value='General/model/encoder/heads']", modifiers=["Shift"])
        assert allowed.inner_text("[data-selected]") == "3 parameters ticked"
        allowed.click("input[name=section][value=Args]")
        assert allowed.inner_text("[data-selected]") == "1 section and 3 parameters ticked"
        allowed.click("text=Copy what is ticked")
        allowed.wait_for_selector("dialog[open]")
        copied = json.loads(self.clipboard(allowed))
        assert set(copied["General"]) == {"model"} and set(copied["Args"]) == {"seed", "epochs"}

    def test_more_than_an_address_holds(self, page: Any, big: str) -> None:
        page.goto(f"{big}?select=1")
        page.click("input[value='Args/p0000']")
        page.click("input[value='Args/p0299']", modifiers=["Shift"])
        assert page.inner_text("[data-selected]") == "300 parameters ticked"
        page.wait_for_selector(row("Args/p0599"), state="attached")
        page.click("input[value='Args/p0599']", modifiers=["Shift"])
        assert "tick whole sections" in page.inner_text("[data-selected]")
        assert page.is_disabled("text=Copy what is ticked")
        page.check("input[name=section][value=Args]")
        assert page.inner_text("[data-selected]") == "1 section ticked"
        assert page.is_enabled("text=Copy what is ticked")

    def test_a_page_without_javascript(self, browse: Pages, nested: str) -> None:
        page = browse(java_script_enabled=False)
        page.goto(nested)
        page.click("text='Select'")
        page.check("input[value='General/lr']")
        page.click("text=Copy what is ticked")
        assert json.loads(page.inner_text("#copy-text")) == {"General": {"lr": "0.1"}}
        page.click("text=.env")
        assert page.inner_text("#copy-text").strip() == "lr=0.1"
        with page.expect_download() as download:
            page.click("text=Download")
        assert download.value.suggested_filename.endswith(".env")

    def test_returns_and_controls_are_copied_exactly(self, allowed: Any, server: Server) -> None:
        value = "a\r\nb\x1b[0m\u202ec"
        allowed.goto(make(server, {"Args": {"odd": value}}) + "copy/?key=Args/odd&format=value")
        assert self.clipboard(allowed) == value


def test_nothing_in_a_value_is_unseen(page: Any, server: Server) -> None:
    page.goto(make(server, {"Args": {"a\u202eb": "evil\u202etxt\x1b"}}))
    cell = page.locator("[data-section=Args] [data-value]")
    drawn = cell.locator(".char").evaluate_all(
        "all => all.map(one => getComputedStyle(one, '::before').content)"
    )
    assert [re.sub(r"\\+", r"\\", text) for text in drawn] == [r'"\u202e"', r'"\x1b"']
    assert cell.evaluate("cell => cell.textContent") == "evil\u202etxt\x1b"
