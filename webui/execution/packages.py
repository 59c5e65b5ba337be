"""The packages as tables: what the script needs, and what was installed where it ran."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from experiments.models import Task
from experiments.rules.execution import as_text
from experiments.rules.packages import Package, read_packages, remarks_of
from webui.structures import counted, masked_text

TITLES = {
    "pip": "pip",
    "conda": "conda",
    "orig_pip": "pip, before an agent installed them",
    "orig_conda": "conda, before an agent installed them",
}
OPEN_ROWS = 200
MOST_ROWS = 2_000


@dataclass(frozen=True, slots=True)
class PackageTable:
    title: str
    rows: list[Package]
    count: str
    left_out: str
    remarks: list[str]
    folded: bool


@dataclass(frozen=True, slots=True)
class PackagesPanel:
    tables: list[PackageTable]
    search: str
    total: str

    @property
    def nothing_found(self) -> bool:
        return bool(self.search) and not self.tables


def packages_panel(task: Task, search: str = "") -> PackagesPanel | None:
    """None where there are no packages at all."""
    lists = list(_lists(task))
    if not lists:
        return None
    tables = [
        _table(title, text, search, first=place == 0) for place, (title, text) in enumerate(lists)
    ]
    total = sum(len(read_packages(text)) for _, text in lists)
    found = [table for table in tables if table.rows or not search]
    return PackagesPanel(found, search, counted(total, "package"))


def _lists(task: Task) -> Iterator[tuple[str, str]]:
    requirements = task.script.get("requirements")
    if not isinstance(requirements, dict):
        requirements = {"": requirements}
    for manager in dict.fromkeys([*TITLES, *requirements]):
        text = as_text(requirements.get(manager))
        if text and text.strip() and text not in {"{}", "[]"}:
            yield TITLES.get(manager, manager), text


def _table(title: str, text: str, search: str, *, first: bool) -> PackageTable:
    every = read_packages(text)
    wanted = search.lower()
    found = [package for package in every if wanted in " ".join(package).lower()]
    rows = [Package(*map(_masked, package)) for package in found[:MOST_ROWS]]
    left_out = len(found) - MOST_ROWS
    some = f"{len(found):,} of " if search else ""
    return PackageTable(
        title=title,
        rows=rows,
        count=some + counted(len(every), "package"),
        left_out=f"{left_out:,}" if left_out > 0 else "",
        remarks=[_masked(line) for line in remarks_of(text)[:5]],
        folded=not search and not (first and len(rows) <= OPEN_ROWS),
    )


def _masked(text: str) -> str:
    return masked_text("", text) if text else ""
