"""Queues and workers in a real browser: order by keys and by hand, without JavaScript, live."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.sample import new_project, new_task
from tests.server import Server

pytestmark = pytest.mark.browser

_numbers = itertools.count(1)


def new_queue(server: Server) -> str:
    return server.data_of("queues.create", {"name": f"queue {next(_numbers)}"})["id"]


@pytest.fixture
def line(server: Server) -> dict[str, Any]:
    """A queue in which `first`, `second`, `third` and `fourth` wait; with their ids."""
    queue, project = new_queue(server), new_project(server)
    found: dict[str, Any] = {"queue": queue}
    for name in ("first", "second", "third", "fourth"):
        found[name] = new_task(server, project, name)
        server.data_of("queues.add_task", {"queue": queue, "task": found[name]})
    return found


@pytest.fixture
def opened(page: Page, line: dict[str, Any]) -> Page:
    page.goto(f"/queues/{line['queue']}/")
    expect(page.locator(".queue[data-live]")).to_be_visible()
    return page


# Pages ask again every few seconds; a busy machine takes its time.
AGAIN = 20_000


def expect_order(page: Page, *names: str) -> None:
    links = page.locator("[data-entry] .what a:first-child")
    expect(links).to_have_text(list(names), timeout=AGAIN)


def stored(server: Server, line: dict[str, Any]) -> list[str]:
    found = server.data_of("queues.get_by_id", {"queue": line["queue"]})["queue"]["entries"]
    names = {uid: name for name, uid in line.items()}
    return [names[entry["task"]] for entry in found]


def test_alt_arrows_move_the_row_and_keep_the_focus(
    opened: Page, server: Server, line: dict[str, Any]
) -> None:
    link = opened.locator(f"#link-{line['third']}")
    link.focus()
    opened.keyboard.press("Alt+ArrowUp")
    expect_order(opened, "first", "third", "second", "fourth")
    expect(link).to_be_focused()
    expect(opened.locator("[data-said]")).to_have_text("“third” is now number 2.")
    opened.keyboard.press("Alt+ArrowUp")
    expect_order(opened, "third", "first", "second", "fourth")
    opened.keyboard.press("Alt+ArrowDown")
    expect_order(opened, "first", "third", "second", "fourth")
    assert stored(server, line) == ["first", "third", "second", "fourth"]


def test_buttons_move_by_keyboard_and_stay_in_focus(opened: Page, line: dict[str, Any]) -> None:
    back = opened.locator(f"#back-{line['first']}")
    back.focus()
    opened.keyboard.press("Enter")
    expect_order(opened, "second", "third", "fourth", "first")
    expect(back).to_be_focused()
    opened.locator(f"#front-{line['fourth']}").press("Enter")
    expect_order(opened, "fourth", "second", "third", "first")


@pytest.mark.parametrize(
    ("what", "on", "share", "wanted"),
    [
        ("fourth", "second", 0.2, ["first", "fourth", "second", "third"]),
        ("first", "third", 0.8, ["second", "third", "first", "fourth"]),
        ("second", "second", 0.8, ["first", "second", "third", "fourth"]),
    ],
)
def test_dragged_to_another_place(
    opened: Page,
    server: Server,
    line: dict[str, Any],
    what: str,
    on: str,
    share: float,
    wanted: list[str],
) -> None:
    row = opened.locator(f"#entry-{line[on]}")
    height = row.bounding_box()["height"]  # type: ignore[index]
    opened.locator(f"#entry-{line[what]} [data-grip]").drag_to(
        row, target_position={"x": 200, "y": height * share}
    )
    expect_order(opened, *wanted)
    assert stored(server, line) == wanted
    expect(opened.locator(".dragged, .drop-before, .drop-after")).to_have_count(0)


def test_several_are_moved_and_taken_out(
    opened: Page, server: Server, line: dict[str, Any]
) -> None:
    other = new_queue(server)
    opened.reload()
    for name in ("first", "third"):
        opened.locator(f"#pick-{line[name]}").check()
    opened.locator("#move-to").select_option(other)
    opened.get_by_role("button", name="Move", exact=True).click()
    expect_order(opened, "second", "fourth")
    opened.get_by_label("All").check()
    opened.get_by_role("button", name="Dequeue").click()
    expect(opened.get_by_role("heading", name="Nothing waits")).to_be_visible()
    moved = server.data_of("queues.get_by_id", {"queue": other})["queue"]["entries"]
    assert [entry["task"] for entry in moved] == [line["first"], line["third"]]


def test_what_an_agent_takes_goes_by_itself_and_ticks_stay(
    opened: Page, server: Server, line: dict[str, Any]
) -> None:
    opened.locator(f"#pick-{line['third']}").check()
    opened.locator(f"#link-{line['second']}").focus()
    server.data_of("queues.get_next_task", {"queue": line["queue"]})
    expect_order(opened, "second", "third", "fourth")
    expect(opened.locator(f"#pick-{line['third']}")).to_be_checked()
    expect(opened.locator(f"#link-{line['second']}")).to_be_focused()


def test_one_that_is_gone_already_is_said(
    opened: Page, server: Server, line: dict[str, Any]
) -> None:
    opened.evaluate("document.getElementById('queue').removeAttribute('hx-get')")
    server.data_of("queues.get_next_task", {"queue": line["queue"]})
    opened.evaluate(  # as if it had not been fetched anew yet
        "uid => { const b = document.getElementById('down-' + uid); b && b.click(); }",
        line["first"],
    )
    expect(opened.locator("#queue-error")).to_contain_text("does not wait here any more")
    expect_order(opened, "second", "third", "fourth")


def test_without_javascript(
    browse: Callable[..., Page], server: Server, line: dict[str, Any]
) -> None:
    page = browse(java_script_enabled=False)
    page.goto("/queues/")
    name = f"by hand {next(_numbers)}"
    page.get_by_label("Name of the queue").fill(name)
    page.get_by_role("button", name="Make a queue").click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    expect(page.locator("#agent-start")).to_have_text(f"clearml-agent daemon --queue '{name}'")

    page.goto(f"/queues/{line['queue']}/")
    page.get_by_role("button", name="Move second up").click()
    expect_order(page, "second", "first", "third", "fourth")
    page.get_by_label("Choose first").check()
    page.get_by_label("Choose fourth").check()
    page.get_by_label("Queue to move to").select_option(label=name)
    page.get_by_role("button", name="Move", exact=True).click()
    expect_order(page, "second", "third")
    page.get_by_label("Choose third").check()
    page.get_by_role("button", name="Dequeue").click()
    expect_order(page, "second")
    page.get_by_role("link", name="7 days").click()
    expect(page.get_by_role("img", name=re.compile("the last 7 days")).first).to_be_visible()
    page.get_by_role("link", name="Delete").click()
    expect(page.locator("main")).to_contain_text("One experiment waits in it")
    page.get_by_role("button", name="Delete the queue").click()
    expect(page.locator("#notices")).to_contain_text("was deleted")
    assert stored_status(server, line["second"]) == "created"


def stored_status(server: Server, task: str) -> str:
    return server.data_of("tasks.get_by_id", {"task": task})["task"]["status"]


@pytest.fixture
def worker(server: Server, line: dict[str, Any]) -> str:
    name = f"node-{next(_numbers)}:gpu0"
    server.data_of("workers.register", {"worker": name, "queues": [line["queue"]], "tags": ["a"]})
    stats = {"cpu_usage": [12.0], "memory_used": 1024.0, "gpu_usage": [50.0, 60.0]}
    body = {"worker": name, "task": line["first"], "queue": line["queue"], "machine_stats": stats}
    server.data_of("workers.status_report", body)
    return name


def test_the_load_of_a_worker_opens_in_place_and_stays_open(
    page: Page, server: Server, worker: str
) -> None:
    page.goto("/workers/")
    row = page.locator(f'[data-worker="{worker}"]')
    row.locator("summary").click()
    chart = row.get_by_role("img", name=re.compile("^GPU, %"))
    expect(chart).to_be_visible()
    server.data_of("workers.status_report", {"worker": worker})
    expect(row.locator(".runs")).to_have_text("idle", timeout=AGAIN)
    expect(chart).to_be_visible()


def test_the_load_of_a_worker_without_javascript(browse: Callable[..., Page], worker: str) -> None:
    page = browse(java_script_enabled=False)
    page.goto("/workers/")
    row = page.locator(f'[data-worker="{worker}"]')
    row.locator("summary").click()
    row.get_by_role("link", name="Show what it reported").click()
    expect(row.get_by_role("img", name=re.compile("^CPU, %"))).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "address",
    ["/queues/", "/queues/{queue}/", "/queues/{empty}/", "/queues/{queue}/rename/",
     "/queues/{queue}/delete/", "/workers/", "/workers/?worker={worker}"],
)  # fmt: skip
def test_no_violations_and_nothing_sticks_out(
    browse: Callable[..., Page],
    server: Server,
    line: dict[str, Any],
    worker: str,
    address: str,
    scheme: str,
    width: int,
) -> None:
    # axe is put into the page by the test: the page's own policy would not let it in.
    page = browse(color_scheme=scheme, bypass_csp=True, viewport={"width": width, "height": 800})
    page.goto(address.format(queue=line["queue"], empty=new_queue(server), worker=worker))
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_was_opened_stays_open_when_the_queue_changes(
    opened: Page, server: Server, line: dict[str, Any]
) -> None:
    opened.get_by_text("The first time on a machine").click()
    expect(opened.locator("#agent-prepare")).to_be_visible()
    server.data_of("queues.get_next_task", {"queue": line["queue"]})
    expect_order(opened, "second", "third", "fourth")
    expect(opened.locator("#agent-prepare")).to_be_visible()
    expect(opened.locator("#agent-prepare")).to_contain_text(f"CLEARML_API_HOST={server.url}")


def test_enter_in_a_tick_presses_no_button(
    browse: Callable[..., Page], server: Server, line: dict[str, Any]
) -> None:
    for enabled in (True, False):
        page = browse(java_script_enabled=enabled)
        page.goto(f"/queues/{line['queue']}/")
        page.get_by_label("Choose second").check()
        page.get_by_label("Choose second").press("Enter")
        page.reload()
        expect_order(page, "first", "second", "third", "fourth")
    assert stored(server, line) == ["first", "second", "third", "fourth"]
