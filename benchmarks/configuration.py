"""The configuration page by its size: reading it, saving one value, one very large object."""

from __future__ import annotations

import contextlib
import gzip
import json
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from benchmarks.client import Client, Request, Unexpected
from benchmarks.processes import processor_seconds
from benchmarks.report import Aim, Row, timing_row
from benchmarks.site import Site
from benchmarks.timing import Timing, time_request, timing_of
from tests.page_forms import form_in

PARAMETERS = (50, 500, 5_000, 100_000)
OBJECT_BYTES = 10_000_000
PAINTS = 7
ALWAYS = 10_000_000
_AIMS = {50: Aim("median", ((ALWAYS, 15),))}
_SIZES = {50: Aim("median", ((ALWAYS, 40),))}
_PAINT = {5_000: Aim("median", ((ALWAYS, 1_000),))}
_SAVE = Aim("median", ((ALWAYS, 20),))


def measure_configuration(site: Site, only: str, repeat: int) -> Iterator[Row]:
    if not any(only in name for name in ("configuration-page", "configuration-object")):
        return
    person = _with_forms(site)
    with _chromium() as browser:
        if only in "configuration-page":
            for count in PARAMETERS:
                yield from _pages(site, person, count, repeat, browser)
    if only in "configuration-object":
        yield from _object(site, person, max(5, repeat // 3))


def _pages(site: Site, person: Client, count: int, repeat: int, browser: Any) -> Iterator[Row]:
    task = _experiment(site, count)
    page = Request(f"/experiments/{task}/configuration/")
    what = f"configuration page, {count:,} parameters"
    yield timing_row(what, time_request(person, page, repeat, site.pid), _AIMS.get(count))
    body = person.ask(page).body
    yield Row(f"{what}: bytes", len(body) / 1000, unit="kB")
    packed = len(gzip.compress(body, 6)) / 1000
    yield Row(f"{what}: compressed", packed, unit="kB", aim=_SIZES.get(count))
    if browser is not None:
        paints = timing_of([_first_paint(site, browser, page.path) for _ in range(PAINTS)])
        yield timing_row(f"{what}: first paint in Chromium", paints, _PAINT.get(count))
    saves = _saving(site, person, task, repeat)
    yield timing_row(f"saving one value of {count:,}", saves, _SAVE if count == 50 else None)


def _experiment(site: Site, count: int) -> str:
    """A draft with all its parameters in one section, as argparse leaves them."""
    items = {}
    for number in range(count):
        name = f"group_{number // 20}/option_{number}"
        items[name] = {
            "section": "Args", "name": name, "value": str(number / 8), "type": "float",
            "description": f"what option {number} is for",
        }  # fmt: skip
    return _created(site, f"{count} parameters", hyperparams={"Args": items})


def _created(site: Site, name: str, **fields: Any) -> str:
    made = site.script.call(
        "/tasks.create", name=name, type="training", project=site.project, **fields
    )
    return str(made["data"]["id"])


def _saving(site: Site, person: Client, task: str, repeat: int) -> Timing:
    """Only the save is timed; each is of a form that was opened just before."""
    address = f"/experiments/{task}/configuration/edit/?key=Args/group_0/option_7"
    fragment = replace(person, headers={**person.headers, "HX-Request": "true"})
    seconds, worked = [], 0.0
    for number in range(repeat):
        path, fields = form_in(fragment.ask(Request(address)).body.decode())
        body = urlencode({**fields, "value": f"{number}.5"}).encode()
        before = processor_seconds(site.pid)
        seconds.append(fragment.ask(Request(path, body)).seconds)
        worked += processor_seconds(site.pid) - before
    return timing_of(seconds, worked)


def _object(site: Site, person: Client, repeat: int) -> Iterator[Row]:
    text = _yaml(OBJECT_BYTES)
    task = _created(site, "a large object", configuration=_configuration(text))
    changed = text.replace("option_77: 0.77\n", "option_77: 0.78\n", 1)
    child = _created(site, "its child", parent=task, configuration=_configuration(changed))
    base = f"/experiments/{task}/configuration/"
    fragment = replace(person, headers={**person.headers, "HX-Request": "true"})
    for what, client, path in (
        ("configuration page with a 10 MB object", person, base),
        ("opening the 10 MB object", fragment, f"{base}object/?object=large"),
        ("opening the editor of the 10 MB object", person, f"{base}object/edit/?name=large"),
        (
            "10 MB object against its parent's",
            person,
            f"/experiments/{child}/configuration/object/diff/?name=large&against=parent",
        ),
    ):
        yield timing_row(what, time_request(client, Request(path), repeat, site.pid))
    yield timing_row("saving the 10 MB object", _saving_object(site, person, base, repeat))


def _saving_object(site: Site, person: Client, base: str, repeat: int) -> Timing:
    address = f"{base}object/edit/?name=large"
    seconds, worked = [], 0.0
    for number in range(repeat):
        path, fields = form_in(person.ask(Request(address)).body.decode(), "data-object-form")
        fields["text"] = re.sub(r"\Anumber: .*", f"number: {number}", fields["text"])
        kind, body = _multipart(fields)
        sender = replace(person, headers={**person.headers, "Content-Type": kind})
        before = processor_seconds(site.pid)
        seconds.append(sender.ask(Request(path, body), status=302).seconds)
        worked += processor_seconds(site.pid) - before
    return timing_of(seconds, worked)


def _configuration(text: str) -> dict[str, Any]:
    return {"large": {"name": "large", "type": "yaml", "value": text}}


def _yaml(size: int) -> str:
    lines, length, number = ["number: 0\n"], 10, 0
    while length < size:
        group = f"group_{number}:\n" if number % 20 == 0 else ""
        lines.append(f"{group}  option_{number}: {number / 100}\n")
        length += len(lines[-1])
        number += 1
    return "".join(lines)


def _multipart(fields: Mapping[str, str]) -> tuple[str, bytes]:
    boundary = secrets.token_hex(16)
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    body = "".join([*parts, f"--{boundary}--\r\n"]).encode()
    return f"multipart/form-data; boundary={boundary}", body


def _with_forms(site: Site) -> Client:
    """The signed-in browser with what its forms need: a token as cookie and as field."""
    answer = site.browser.headers_of(Request("/"))
    cookies = [value.partition(";")[0] for name, value in answer if name == "Set-Cookie"]
    jar = dict(one.split("=", 1) for one in site.browser.headers["Cookie"].split("; "))
    jar |= dict(one.split("=", 1) for one in cookies)
    headers = {
        "Cookie": "; ".join(f"{name}={value}" for name, value in jar.items()),
        "Content-Type": "application/x-www-form-urlencoded",
    }
    return replace(site.browser, headers=headers)


@contextlib.contextmanager
def _chromium() -> Iterator[Any]:
    """A headless browser, or None where there is none to be had."""
    try:
        from playwright.sync_api import sync_playwright  # of the requirements of the tests
    except ImportError:
        yield None
        return
    path = shutil.which("chromium") or "/usr/bin/chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


def _first_paint(site: Site, browser: Any, path: str) -> float:
    """Seconds from asking to the first paint with content; nothing is cached."""
    url = f"http://127.0.0.1:{site.browser.port}"
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    jar = [one.split("=", 1) for one in site.browser.headers["Cookie"].split("; ")]
    context.add_cookies([{"name": name, "value": value, "url": url} for name, value in jar])
    page = context.new_page()
    page.goto(url + path)
    page.wait_for_function(f"() => {_PAINTED}", timeout=60_000)
    found = page.evaluate(f"() => {_PAINTED}.startTime")
    context.close()
    if not isinstance(found, int | float):
        raise Unexpected(f"{path} was not painted: {json.dumps(found)}")
    return found / 1000


_PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]"
