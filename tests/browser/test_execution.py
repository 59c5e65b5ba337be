"""EXECUTION in a real browser: read, edited in a draft, in conflict, without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.sample import new_project
from tests.server import Server

pytestmark = pytest.mark.browser

DIFF = """\
diff --git a/train.py b/train.py
--- a/train.py
+++ b/train.py
@@ -1,2 +1,2 @@
 import os
-old
+new
diff --git a/long.py b/long.py
--- /dev/null
+++ b/long.py
@@ -0,0 +1,3000 @@
""" + "".join(f"+line {number}\n" for number in range(3_000))
CODE, CONTAINER, PACKAGES = (
    f"[data-execution={name}]" for name in ("code", "container", "packages")
)


@pytest.fixture
def task(server: Server) -> str:
    script = {
        "repository": "https://example.org/a.git", "branch": "main", "diff": DIFF,
        "version_num": "9f2c1e7ab34d5c6f7089a1b2c3d4e5f60718293a", "entry_point": "train.py",
        "requirements": {"pip": "numpy == 2.0\ntorch == 2.4\n"},
    }  # fmt: skip
    body = {"name": "to be run", "type": "training", "project": new_project(server),
            "script": script, "container": {"image": "python:3.11",
            "arguments": "-e DB_PASSWORD=hunter2secret"}}  # fmt: skip
    return server.data_of("tasks.create", body)["id"]


def script_of(server: Server, task: str) -> dict[str, Any]:
    return server.data_of("tasks.get_by_id", {"task": task})["task"]["script"]


@pytest.fixture
def opened(page: Any, task: str) -> Any:
    page.goto(f"/experiments/{task}/execution/")
    return page


def test_a_group_is_edited_in_its_place_with_the_keyboard(
    opened: Any, server: Server, task: str
) -> None:
    opened.focus(f"{CODE} >> text=Edit")
    opened.keyboard.press("Enter")
    opened.wait_for_selector("[name='script.repository']:focus")
    opened.keyboard.press("Tab")
    opened.keyboard.type("dev")
    opened.keyboard.press("Enter")
    opened.wait_for_selector(f"{CODE} a:focus >> text=Edit")
    assert "dev" in opened.inner_text(CODE)
    assert script_of(server, task)["branch"] == "dev"
    assert script_of(server, task)["diff"] == DIFF


def test_cancel_leaves_all_as_it_was(opened: Any, server: Server, task: str) -> None:
    opened.click(f"{CODE} >> text=Edit")
    opened.fill("[name='script.branch']", "dev")
    opened.click(f"{CODE} >> text=Cancel")
    opened.wait_for_selector(f"{CODE} dl")
    assert script_of(server, task)["branch"] == "main"


def test_nothing_is_overwritten_unseen(opened: Any, server: Server, task: str) -> None:
    opened.click(f"{CODE} >> text=Edit")
    opened.fill("[name='script.branch']", "mine")
    opened.fill("[name='script.tag']", "v1")
    server.data_of("tasks.edit", {"task": task, "script": {"branch": "theirs"}})
    opened.click("text=Save")
    opened.wait_for_selector(".conflict")
    assert opened.locator(".conflict dd").all_inner_texts() == ["theirs", "mine"]
    assert opened.input_value("[name='script.tag']") == "v1"
    assert script_of(server, task)["branch"] == "theirs"
    opened.click("text=Save mine over it")
    opened.wait_for_selector("[name='script.branch']", state="detached")
    assert (script_of(server, task)["branch"], script_of(server, task)["tag"]) == ("mine", "v1")


def test_long_changes_come_in_pieces(opened: Any) -> None:
    assert opened.locator(".diff .line").count() == 407
    opened.click("text=Show more")
    opened.wait_for_selector("text=+line 2395")
    opened.click("text=Show more")
    opened.wait_for_selector("text=+line 2999")
    assert opened.locator(".diff .line").count() == 3_011
    assert opened.locator("text=Show more").count() == 0


def test_packages_are_searched_while_typing(opened: Any) -> None:
    opened.type("#find-package", "tor")
    opened.wait_for_selector("[data-package=numpy]", state="detached")
    assert opened.locator("[data-package]").count() == 1
    assert opened.evaluate("document.activeElement.id") == "find-package"


def test_a_secret_is_shown_when_it_is_asked_for(opened: Any, server: Server, task: str) -> None:
    assert "hunter2secret" not in opened.content()
    opened.click(f"{CONTAINER} >> text=Reveal")
    opened.wait_for_selector("text=hunter2secret")
    opened.reload()
    opened.click(f"{CONTAINER} >> text=Edit")
    opened.click("text=Reveal and edit")
    opened.wait_for_selector("[name='container.image']:not([readonly])")
    opened.fill("[name='container.image']", "python:3.12")
    opened.click(f"{CONTAINER} >> text=Save")
    opened.wait_for_selector(f"{CONTAINER} dl")
    found = server.data_of("tasks.get_by_id", {"task": task})["task"]["container"]
    assert found == {"image": "python:3.12", "arguments": "-e DB_PASSWORD=hunter2secret"}


def test_a_plain_form_saves_without_javascript(
    browse: Callable[..., Any], server: Server, task: str
) -> None:
    page = browse(java_script_enabled=False)
    page.goto(f"/experiments/{task}/execution/")
    page.click(f"{PACKAGES} >> text=Edit")
    page.fill("[name='script.requirements.pip']", "torch == 2.5\n")
    page.click("text=Save")
    assert page.url.endswith("/execution/#execution-packages")
    assert page.inner_text("[data-package=torch] td >> nth=0") == "2.5"
    assert script_of(server, task)["requirements"]["pip"] == "torch == 2.5\n"
    page.click("text=Show more")
    assert page.locator(".diff .line").count() == 2_000
    page.click("text=Back to all changes")
    with page.expect_download() as download:
        page.click("text=Download")
    assert download.value.path().read_text(encoding="utf-8") == DIFF


def test_it_moves_to_another_project_from_its_head(opened: Any, server: Server, task: str) -> None:
    opened.click(".experiment-head >> text=Edit")
    opened.fill("#facts-project", f"moved {task[:6]}/deep")
    opened.fill("#facts-comment", "why\nand how")
    opened.click("#facts >> text=Save")
    opened.wait_for_selector(".crumbs >> text=deep")
    opened.click(".description summary")
    assert opened.inner_text(".description p") == "why\nand how"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["", "edit/?group=code", "edit/?group=container",
                                  "changes/?file=1&from=400"])  # fmt: skip
def test_no_violations(browse: Callable[..., Any], task: str, scheme: str, path: str) -> None:
    # axe is put into the page by the test: the page's own policy would not let it in.
    page = browse(color_scheme=scheme, bypass_csp=True)
    page.goto(f"/experiments/{task}/execution/{path}")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_history_of_an_edit_is_shown_and_undone(
    browse: Callable[..., Any], server: Server, task: str, scheme: str
) -> None:
    page = browse(color_scheme=scheme, bypass_csp=True)
    page.goto(f"/experiments/{task}/execution/")
    page.click("[data-execution=changes] >> text=Edit")
    page.wait_for_selector("[name='script.diff']:focus")
    # Playwright's typing into a field of thousands of lines takes longer than anybody's.
    page.evaluate(
        "() => { const field = document.activeElement;"
        " field.value = field.value.replace('+new', '+newer'); }"
    )
    page.click("[data-execution=changes] >> text=Save")
    page.wait_for_selector("[data-execution=changes] .changed-file")
    page.goto(f"/experiments/{task}/history/")
    assert page.locator(".changed .line").all_inner_texts() == ["Line 7\n", "-+new\n", "++newer\n"]
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.click("text=Undo")
    page.wait_for_selector("text=1 value changed back.")
    assert script_of(server, task)["diff"] == DIFF


@pytest.mark.parametrize("width", [390, 1280, 1920])
def test_it_fits_every_window(browse: Callable[..., Any], task: str, width: int) -> None:
    page = browse(viewport={"width": width, "height": 900})
    for path in ("", "edit/?group=code"):
        page.goto(f"/experiments/{task}/execution/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") == width
