"""What is read: pages as a browser asks for them, lists as the SDK does."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode, urljoin

from benchmarks.client import Request, Unexpected, json_request
from benchmarks.report import Aim, Row, timing_row
from benchmarks.site import Site
from benchmarks.timing import time_request

COLUMNS = (
    "name,status,tags,user,created,duration,iteration,Args/lr,Args/batch_size,Args/optimizer,"
    "General/model,properties/owner,properties/score,last(accuracy/total),min(loss/validation)"
)
PAGE = Aim("median", ((100_000, 15), (1_000_000, 25)))
SEARCH = Aim("p95", ((1_000_000, 150),))
LIST = Aim("median", ((100_000, 20),))
# What the SDK asks for by itself when it looks tasks up.
SDK_FIELDS = ["id", "name", "last_update", "system_tags"]

THREE = "Args/lr < 1e-3 and Args/optimizer = adam and properties/owner in (amy, bo, chen)"
FILTERS = {
    "three": THREE,
    "equal": "Args/optimizer = adam",
    "rare": "Args/seed = 777",
    "narrow": "Args/lr < 2e-5 and Args/seed < 1000 and General/heads = 16",
    "empty": "status = draft and max(accuracy/total) > 0.1 and Args/amp = true",
    "or": "Args/optimizer = sgd or General/model = swin-s or properties/dataset = v3",
    "not": "not Args/scheduler = cosine and not tags = prod",
    "missing": "Args/lr missing",
    "metric": "max(accuracy/total) >= 0.98 and min(loss/validation) < 0.02",
    "contains": 'name ~ "sweep 99"',
    "words": "resnet50 retry",
}


@dataclass(frozen=True)
class Reading:
    """One request to time, or where its next link leads; `name` is what --only looks for."""

    name: str
    measure: str
    request: Request
    aim: Aim | None = None
    next_page: bool = False


def measure_reading(site: Site, only: str, repeat: int) -> Iterator[Row]:
    for reading in readings(site):
        if only not in reading.name:
            continue
        client = site.browser if reading.request.body is None else site.script
        request = _next_page(site, reading.request) if reading.next_page else reading.request
        shown = rows_in(client.ask(request).body)
        measure = f"{reading.measure} ({shown} rows)" if shown is not None else reading.measure
        timing = time_request(client, request, repeat, site.pid)
        yield timing_row(measure, timing, reading.aim)


def rows_in(body: bytes) -> int | None:
    """How many tasks an answer shows; None where that is no list of them."""
    if body.startswith(b"{"):
        return len(json.loads(body)["data"]["tasks"])
    if b'id="experiment-table"' not in body:
        return None
    return body.count(b"<tr data-task-id=")


def readings(site: Site) -> Iterator[Reading]:
    yield from _tables(site)
    yield from _filters(site)
    yield from _everything()
    yield from _other_pages(site)
    yield from _lists(site)


def table_page(site: Site, **state: str) -> Request:
    query = urlencode({"columns": COLUMNS, **state})
    return Request(f"/projects/{site.project}/experiments/?{query}")


def _tables(site: Site) -> Iterator[Reading]:
    def sorted_by(order: str) -> Request:
        return table_page(site, order=order)

    yield Reading("table", "table, newest first", table_page(site), PAGE)
    yield Reading("table-next", "table, page 2", table_page(site), PAGE, next_page=True)
    for name, order in (
        ("sort", "Args/lr"),
        ("sort-down", "-Args/lr"),
        ("sort-text", "Args/optimizer"),
        ("sort-metric", "-max(accuracy/total)"),
        ("sort-two", "Args/optimizer,-last(loss/validation)"),
        ("sort-name", "name"),
    ):
        yield Reading(name, f"table by `{order}`", sorted_by(order), SEARCH)
    yield Reading(
        "sort-next", "table by `Args/lr`, page 2", sorted_by("Args/lr"), SEARCH, next_page=True
    )


def _next_page(site: Site, request: Request) -> Request:
    """Where the link to the next page leads."""
    page = site.browser.ask(request).body.decode()
    link = re.search(r'href="([^"]+)" rel="next"', page)
    if link is None:
        raise Unexpected(f"{request.path} has no next page")
    return Request(urljoin(request.path, html.unescape(link[1])))


def _filters(site: Site) -> Iterator[Reading]:
    for name, text in FILTERS.items():
        measure = f"filter `{text}`".replace("|", "\\|")
        yield Reading(f"filter-{name}", measure, table_page(site, filter=text), SEARCH)
    for name in ("three", "rare"):
        request = table_page(site, filter=FILTERS[name], order="-Args/lr")
        measure = f"the filter `{FILTERS[name].split()[0]} …` by `-Args/lr`"
        yield Reading(f"filter-{name}-sort", measure, request, SEARCH)


def _everything() -> Iterator[Reading]:
    def request(**state: str) -> Request:
        return Request("/experiments/?" + urlencode({"columns": COLUMNS, **state}))

    yield Reading("all", "all projects, newest first", request(), PAGE)
    yield Reading("all-sort", "all projects by `Args/lr`", request(order="Args/lr"), SEARCH)
    yield Reading("all-filter", "all projects, three conditions", request(filter=THREE), SEARCH)


def _other_pages(site: Site) -> Iterator[Reading]:
    newest = site.script.call("/tasks.get_all", project=[site.project], page_size=1)
    task = newest["data"]["tasks"][0]["id"]
    yield Reading("projects", "projects page", Request("/"))
    yield Reading(
        "configuration",
        "configuration page of an experiment",
        Request(f"/experiments/{task}/configuration/"),
    )


def _lists(site: Site) -> Iterator[Reading]:
    def listed(**fields: object) -> Request:
        return json_request(
            "/tasks.get_all",
            {
                "project": [site.project],
                "page": 0,
                "page_size": 100,
                "only_fields": SDK_FIELDS,
                **fields,
            },
        )

    filtered = {
        "status": ["completed"],
        "system_tags": ["-archived"],
        "tags": ["paper"],
        "hyperparams.Args.optimizer.value": ["adam", "adamw"],
    }
    whole = [*SDK_FIELDS, "hyperparams", "last_metrics", "tags", "status", "started"]
    yield Reading("list", "`tasks.get_all`, newest first", listed(), LIST)
    yield Reading("list-whole", "… with hyperparameters and metrics", listed(only_fields=whole))
    yield Reading(
        "list-filter", "`tasks.get_all`, status, tag and parameter", listed(**filtered), LIST
    )
    yield Reading(
        "list-sort",
        "`tasks.get_all` by a hyperparameter",
        listed(order_by=["-hyperparams.Args.lr.value"]),
        LIST,
    )
