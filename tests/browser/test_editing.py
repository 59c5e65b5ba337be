"""Editing with the keyboard alone, whole sections, pasting; the same without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.sample import new_project, new_task, parameter_of, set_parameter
from tests.server import SESSION_COOKIE, Server

pytestmark = pytest.mark.browser

LR, ONE, TWO = (f"tr[data-param='Args/{name}']" for name in ("lr", "one", "two"))
FOCUSED = "tr.editing [name=value]:focus"
FORM = "form[data-section-form]"


@pytest.fixture
def task(server: Server) -> str:
    return new_task(server, new_project(server), "to be edited", lr="0.1", one="1", two="2")


@pytest.fixture
def opened(page: Any, task: str) -> Any:
    page.goto(f"/experiments/{task}/configuration/")
    return page


def edit(page: Any, row: str) -> None:
    page.focus(f"{row} button.edit")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"{row.replace('tr', 'tr.editing', 1)} [name=value]:focus")


def typed(page: Any, text: str) -> None:
    """What was there is selected, so that typing replaces it."""
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def is_editing(page: Any, row: str) -> None:
    page.wait_for_selector(f"{row.replace('tr', 'tr.editing', 1)} [name=value]:focus")


class TestOneValue:
    def test_tab_saves_and_goes_on(self, opened: Any, server: Server, task: str) -> None:
        edit(opened, LR)
        typed(opened, "0.25")
        opened.keyboard.press("Tab")
        is_editing(opened, ONE)
        assert parameter_of(server, task, "lr") == "0.25"
        opened.keyboard.press("Tab")
        is_editing(opened, TWO)
        opened.keyboard.press("Shift+Tab")
        is_editing(opened, ONE)
        opened.keyboard.press("Escape")
        opened.wait_for_selector(f"{ONE} button.edit:focus")
        assert opened.locator("tr.editing").count() == 0
        assert parameter_of(server, task, "one") == "1"

    def test_what_was_typed_outlives_the_session(
        self, opened: Any, server: Server, task: str
    ) -> None:
        """Also the token against forgery is another one after signing in again."""
        edit(opened, LR)
        typed(opened, "0.75")
        signed_in = [c for c in opened.context.cookies() if c["name"] == SESSION_COOKIE]
        opened.context.clear_cookies(name=SESSION_COOKIE)
        opened.keyboard.press("Enter")
        opened.wait_for_selector("#notices >> text=You are signed out")
        assert opened.input_value("tr.editing [name=value]") == "0.75"
        assert parameter_of(server, task, "lr") == "0.1"

        opened.context.clear_cookies()
        opened.context.add_cookies(signed_in)
        elsewhere = opened.context.new_page()
        elsewhere.goto("/settings/")
        elsewhere.close()
        opened.click("tr.editing button:has-text('Save')")
        opened.wait_for_selector(f"{LR}.saved")
        assert parameter_of(server, task, "lr") == "0.75"

    def test_tab_stays_where_something_is_wrong(
        self, opened: Any, server: Server, task: str
    ) -> None:
        edit(opened, LR)
        typed(opened, "fast")
        opened.keyboard.press("Tab")
        opened.wait_for_selector("tr.editing .error-text")
        is_editing(opened, LR)
        assert opened.input_value("tr.editing [name=value]") == "fast"
        opened.keyboard.press("Tab")
        assert opened.evaluate("document.activeElement.textContent") == "Save"
        assert parameter_of(server, task, "lr") == "0.1"

    def test_name_type_and_description_by_the_keyboard(
        self, opened: Any, server: Server, task: str
    ) -> None:
        edit(opened, LR)
        opened.keyboard.press("Alt+ArrowDown")
        opened.keyboard.press("Tab")
        typed(opened, "rate")
        opened.keyboard.press("Tab")
        typed(opened, "str")
        opened.keyboard.press("Enter")
        opened.wait_for_selector("tr.editing >> text=Save as str")
        said = opened.inner_text("tr.editing [role=alert]")
        assert "Args/rate is recorded as float; saving makes it str." in said
        opened.wait_for_selector("tr.editing [name=type]:focus")
        opened.keyboard.press("Tab")
        opened.keyboard.press("Enter")
        opened.wait_for_selector("tr[data-param='Args/rate'] button.edit:focus")
        assert opened.get_attribute("tr[data-param='Args/rate']", "data-type") == "str"
        assert parameter_of(server, task, "rate") == "0.1"
        assert parameter_of(server, task, "lr") is None

    def test_a_deleted_row_leaves_the_focus_beside_it(self, opened: Any) -> None:
        edit(opened, ONE)
        opened.click("tr.editing >> text=Delete")
        opened.wait_for_selector(f"{TWO} button.edit:focus")
        assert opened.locator(ONE).count() == 0

    def test_a_choice_is_a_choice(self, opened: Any, server: Server, task: str) -> None:
        opened.click("[data-section=properties] tr.add button")
        opened.wait_for_selector("tr.editing [name=name]:focus")
        opened.keyboard.type("good")
        opened.keyboard.press("Tab")
        opened.keyboard.type("True")
        opened.keyboard.press("Enter")
        row = "tr[data-param='properties/good']"
        opened.wait_for_selector(f"{row}[data-type=bool] button.edit")
        edit(opened, row)
        choices = opened.locator("tr.editing [name=value] option").all_inner_texts()
        assert choices == ["True", "False", "None (empty)"]
        opened.keyboard.press("ArrowDown")
        opened.keyboard.press("Enter")
        opened.wait_for_selector(f"{row} button.edit:focus")
        assert parameter_of(server, task, "good", "properties") == "False"


class TestSection:
    @pytest.fixture
    def form(self, opened: Any) -> Any:
        opened.focus("[data-section=Args] .section-actions summary")
        opened.keyboard.press("Enter")
        opened.keyboard.press("Tab")
        opened.keyboard.press("Enter")
        opened.wait_for_selector(f"{FORM} [name='0-value']:focus")
        return opened

    def test_it_is_edited_in_place_with_the_keyboard(
        self, form: Any, server: Server, task: str
    ) -> None:
        typed(form, "0.5")
        form.focus("[data-add-rows]")
        form.keyboard.press("Enter")
        form.keyboard.type("seed")
        form.keyboard.press("Tab")
        form.keyboard.type("7")
        form.keyboard.press("Control+Enter")
        form.wait_for_selector("tr[data-param='Args/seed']")
        assert form.url.endswith("/configuration/")
        assert form.locator(FORM).count() == 0
        assert parameter_of(server, task, "lr") == "0.5"
        assert parameter_of(server, task, "seed") == "7"

    def test_a_conflict_stands_at_its_row(self, form: Any, server: Server, task: str) -> None:
        form.fill("[name='0-value']", "0.5")
        form.fill("[name='1-value']", "mine too")
        set_parameter(server, task, "lr", "0.7")
        form.click(f"{FORM} >> text=Save")
        form.wait_for_selector("tr.refused .conflict")
        assert form.locator(".conflict dd code").all_inner_texts() == ["0.7", "0.5"]
        assert form.input_value("[name='1-value']") == "mine too"
        assert parameter_of(server, task, "one") == "1"
        form.click("tr.refused >> text=Save mine")
        form.click(f"{FORM} header >> text=Save")
        form.wait_for_selector(LR)
        assert parameter_of(server, task, "lr") == "0.5"
        assert parameter_of(server, task, "one") == "mine too"

    def test_nobody_leaves_what_was_typed_by_mistake(self, form: Any) -> None:
        asked: list[str] = []
        form.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
        form.fill("[name='0-value']", "0.5")
        form.click(f"{FORM} >> text=Cancel")
        assert asked == ["Leave without saving what you typed?"]
        assert form.input_value("[name='0-value']") == "0.5"
        form.once("dialog", lambda dialog: dialog.accept())
        form.click(f"{FORM} >> text=Cancel")
        form.wait_for_selector(f"{LR} button.edit")
        assert form.inner_text(f"{LR} [data-value]") == "0.1"

    def test_untouched_it_is_left_without_a_question(self, form: Any) -> None:
        form.click(f"{FORM} >> text=Cancel")
        form.wait_for_selector(f"{LR} button.edit")


def test_pasting_shows_before_it_saves(opened: Any, server: Server, task: str) -> None:
    opened.click("[data-section=Args] .section-actions summary")
    opened.click("[data-section=Args] >> text=Paste many")
    opened.fill("#paste-text", "lr = 0.5\none = 1\nnew = 3\nnonsense")
    opened.click("button:has-text('Preview')")
    opened.wait_for_selector(".paste-rows")
    assert opened.locator(".paste-rows tbody tr").evaluate_all(
        "rows => rows.map((row) => row.dataset.state)"
    ) == ["changes", "new", "same"]
    assert "Line 4, column 1" in opened.inner_text(".faults")
    assert parameter_of(server, task, "lr") == "0.1"
    opened.click("button:has-text('Save 2 parameters')")
    opened.wait_for_selector(LR)
    assert parameter_of(server, task, "lr") == "0.5"
    assert parameter_of(server, task, "new") == "3"


class TestWithoutScripts:
    """The same by plain forms; what is refused comes back with all that was typed."""

    @pytest.fixture
    def plain(self, browse: Callable[..., Any], task: str) -> Any:
        page = browse(java_script_enabled=False)
        page.goto(f"/experiments/{task}/configuration/")
        return page

    def test_a_value_with_its_type(self, plain: Any, server: Server, task: str) -> None:
        plain.click(f"{LR} button.edit")
        plain.click(".more-fields summary")
        plain.fill("[name=type]", "str")
        plain.fill("[name=value]", "fast")
        plain.click("button:text-is('Save')")
        assert plain.input_value("[name=value]") == "fast"
        plain.click("text=Save as str")
        assert plain.inner_text(f"{LR} [data-value]") == "fast"
        assert parameter_of(server, task, "lr") == "fast"

    def test_a_section(self, plain: Any, server: Server, task: str) -> None:
        plain.click("[data-section=Args] .section-actions summary")
        plain.click("text=Edit section")
        plain.fill("[name='0-value']", "0.5")
        plain.click("text=Add rows")
        assert plain.input_value("[name='0-value']") == "0.5"
        plain.fill("[name='8-name']", "seed")
        plain.fill("[name='8-value']", "7")
        set_parameter(server, task, "lr", "0.7")
        plain.click(f"{FORM} header >> text=Save")
        assert plain.input_value("[name='8-value']") == "7"
        plain.click("text=Keep theirs")
        plain.click(f"{FORM} header >> text=Save")
        assert plain.inner_text(f"{LR} [data-value]") == "0.7"
        assert parameter_of(server, task, "seed") == "7"

    def test_a_section_is_added_renamed_and_deleted(
        self, plain: Any, server: Server, task: str
    ) -> None:
        plain.click("text=Add a section")
        plain.fill("#section-name", "Args")
        plain.fill("[name='0-name']", "a")
        plain.fill("[name='0-value']", "1")
        plain.click(f"{FORM} header >> text=Save")
        assert "already" in plain.inner_text("#section-name-error")
        plain.fill("#section-name", "Mine")
        plain.click(f"{FORM} header >> text=Save")
        assert parameter_of(server, task, "a", "Mine") == "1"
        plain.click("[data-section=Mine] .section-actions summary")
        plain.click("[data-section=Mine] >> text=Rename or describe")
        plain.fill("#about-name", "Ours")
        plain.fill("#about-description", "what it is for")
        plain.click("button:text-is('Save')")
        assert "what it is for" in plain.inner_text("[data-section=Ours]")
        plain.click("[data-section=Ours] .section-actions summary")
        plain.click("[data-section=Ours] >> text=Delete section")
        assert "1 parameter will go" in plain.inner_text("main")
        plain.click("button:has-text('Delete it')")
        assert plain.locator("[data-section=Ours]").count() == 0
        assert parameter_of(server, task, "a", "Ours") is None

    def test_a_paste(self, plain: Any, server: Server, task: str) -> None:
        plain.click("p.section-new >> text=Paste many")
        plain.fill("#paste-text", '{"Args": {"lr": 0.5}, "Mine": {"a": true}}')
        plain.click("button:has-text('Preview')")
        set_parameter(server, task, "lr", "0.7")
        plain.click("button:has-text('Save 2 parameters')")
        assert "changed meanwhile" in plain.inner_text("tr.stale")
        plain.click("button:has-text('Save 2 parameters')")
        assert parameter_of(server, task, "lr") == "0.5"
        assert parameter_of(server, task, "a", "Mine") == "True"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_forms_have_no_violations(browse: Callable[..., Any], task: str, scheme: str) -> None:
    # axe is put into the page by the test: the page's own policy would not let it in.
    page = browse(color_scheme=scheme, bypass_csp=True)
    home = f"/experiments/{task}/configuration"
    page.goto(f"{home}/section/?section=Args")
    page.fill("[name='0-value']", "fast")
    page.fill("[name='1-type']", "int")
    page.click(f"{FORM} header >> text=Save")
    page.wait_for_selector("tr.refused")
    assert_accessible(page)
    for address in ("/section/", "/describe/?section=Args", "/section/remove/?section=Args",
                    "/paste/?section=Args", "/edit/?key=Args/lr"):  # fmt: skip
        page.once("dialog", lambda dialog: dialog.accept())
        page.goto(home + address)
        assert_accessible(page)
    page.goto(f"{home}/paste/?section=Args")
    page.fill("#paste-text", 'lr = 0.5\none = "x"\nnew = 3\nlr = 3')
    page.click("button:has-text('Preview')")
    page.wait_for_selector(".paste-rows")
    assert_accessible(page)


def assert_accessible(page: Any) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, (page.url, found.generate_report())
