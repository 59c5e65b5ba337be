"""The groups of the page with their facts, and who may edit them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from experiments.models import Task
from experiments.operations.execution import parts_of
from experiments.rules.command_lines import ABSL, HYDRA, command_line
from experiments.rules.document import Document
from experiments.rules.editing import edit_refusal
from experiments.rules.execution import read_field
from experiments.rules.redaction import MASK, is_secret
from webui.execution.changes import Changes, ChangesPanel
from webui.execution.groups import GROUPS, LABELS, Group
from webui.execution.packages import PackagesPanel, packages_panel
from webui.execution.secrets import masked_field
from webui.structures import Block, Fact, FactGroup, block, is_long, structured, web_address

SHORT_COMMIT = 10
CODE = {"script.version_num", "script.entry_point", "script.working_dir", "script.binary",
        "container.image", "container.arguments"}  # fmt: skip
COPIED = CODE | {"script.repository", "output.destination"}
PARSED = ("Args", ABSL, HYDRA)


@dataclass(frozen=True, slots=True)
class GroupPanel:
    """`refusal` says why it cannot be edited; `masked`, that something in it is not shown."""

    group: Group
    facts: list[Fact]
    blocks: list[Block]
    edit_href: str
    masked: bool
    may_reveal: bool
    packages: PackagesPanel | None = None
    changes: ChangesPanel | None = None
    saved: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.facts or self.blocks or self.packages or self.changes)

    @property
    def anchor(self) -> str:
        return f"execution-{self.group.name}"

    @property
    def title(self) -> str:
        return "Script" if self.changes and self.changes.is_script else self.group.title


@dataclass(frozen=True, slots=True)
class Run:
    """With which arguments, from which queue and where; nobody edits these here."""

    arguments: str
    facts: list[Fact]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks, and at what: what the panels depend on."""

    task: Task
    may_edit: bool
    search: str = ""
    revealed: Collection[str] = field(default_factory=frozenset)

    @property
    def refusal(self) -> str:
        return edit_refusal(self.task.status, "execution") or ""

    @property
    def edits(self) -> bool:
        return self.may_edit and not self.refusal

    def panel(self, name: str, *, saved: bool = False) -> GroupPanel:
        group = GROUPS[name]
        shown = list(self._shown(group)) if name in {"code", "container", "output"} else []
        return GroupPanel(
            group=group,
            facts=[_fact(each, text) for each, text, _ in shown if not is_long(text)],
            blocks=[block(LABELS[each], text) for each, text, _ in shown if is_long(text)],
            edit_href=self._edit_href(name) if self.edits else "",
            masked=any(text != full for _, text, full in shown),
            may_reveal=self.may_edit,
            packages=packages_panel(self.task, self.search) if name == "packages" else None,
            changes=Changes(self.task).panel() if name == "changes" else None,
            saved=saved,
        )

    def _shown(self, group: Group) -> Iterator[tuple[str, str, str]]:
        """Each field that has a text: with what is shown of it, and with all of it."""
        parts = parts_of(self.task)
        for each in group.fields:
            text = read_field(parts, each)
            if text:
                yield each, text if group.name in self.revealed else masked_field(each, text), text

    def _edit_href(self, name: str) -> str:
        address = reverse("experiment-edit-execution", args=[self.task.uid])
        return f"{address}?{urlencode({'group': name})}"


def run_of(task: Task) -> Run:
    facts = [
        Fact("Queue", str(task.execution.get("queue") or "")),
        Fact("Worker", task.last_worker),
    ]
    return Run(command_line(_parsed(task.hyperparams)), [fact for fact in facts if fact.text])


def recorded_besides(task: Task) -> FactGroup:
    """What scripts put beside the fields that we know; without artifacts, which are a list."""
    known = {"script": {"requirements"}, "container": set(), "output": set(),
             "execution": {"queue"}}  # fmt: skip
    for name in LABELS:
        part, _, rest = name.partition(".")
        known[part].add(rest)
    rest = {
        f"{part}/{name}": value
        for part, names in known.items()
        for name, value in _items(getattr(task, part))
        if name not in names
    }
    return structured("Also recorded", rest, {})


def _items(part: Any) -> Iterator[tuple[str, Any]]:
    return iter(part.items() if isinstance(part, dict) else ())


def _fact(name: str, text: str) -> Fact:
    """A commit is shown short and copied whole; what is masked is copied as it is shown."""
    short = name == "script.version_num" and text.isalnum() and len(text) > SHORT_COMMIT
    return Fact(
        LABELS[name],
        text[:SHORT_COMMIT] if short else text,
        href=web_address(text) if name == "script.repository" else "",
        copy=text if name in COPIED else "",
        code=name in CODE,
    )


def _parsed(document: Document) -> Document:
    """The sections that scripts read from their command line, without secrets."""
    return {
        section: {
            name: item._replace(value=MASK)
            if is_secret(f"{section}/{name}", item.value or "")
            else item
            for name, item in document[section].items()
        }
        for section in PARSED
        if section in document
    }
