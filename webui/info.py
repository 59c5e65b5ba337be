"""The facts of an experiment as INFO groups them; no markup here."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.urls import reverse

from experiments.models import Task
from experiments.rules.redaction import MASK, is_secret
from experiments.rules.status import LABELS, Status
from webui.tables.cells import duration_text, exact_time, relative_time

ONE_LINE = 300  # characters; what is longer is a block
MOST_OF_A_BLOCK = 200_000
OPEN_LINES = 40  # a longer block is folded

_RUNTIME = {
    "hostname": "Host", "platform": "Platform", "OS": "Operating system",
    "processor": "Processor", "cpu_cores": "CPU cores", "memory_gb": "Memory (GB)",
    "gpu_count": "GPUs", "gpu_type": "GPU", "gpu_memory": "GPU memory",
    "gpu_driver_version": "GPU driver", "gpu_driver_cuda_version": "CUDA",
    "python_version": "Python", "python_exec": "Python path", "CLEARML VERSION": "ClearML SDK",
    "progress": "Progress (%)",
}  # fmt: skip
_SCRIPT = {
    "repository": "Repository", "branch": "Branch", "tag": "Tag", "version_num": "Commit",
    "entry_point": "Entry point", "working_dir": "Working directory", "binary": "Interpreter",
}  # fmt: skip
_CONTAINER = {"image": "Image", "arguments": "Arguments", "setup_shell_script": "Setup script"}
_OUTPUT = {"destination": "Destination"}
_CREDENTIALS = re.compile(r"(?<=://)[^/\s@]+(?=@)")
_ASSIGNMENT = re.compile(
    r"""(?P<name>[\w.-]{1,200})["']?\s{0,8}[:=]{1,2}\s{0,8}(?P<value>"[^"]*"|'[^']*'|\S+)"""
)


class Fact(NamedTuple):
    """`iso` makes it a time, `href` a link, `copy` offers to copy the text."""

    label: str
    text: str
    note: str = ""
    href: str = ""
    iso: str = ""
    copy: bool = False


class BlockLine(NamedTuple):
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Block:
    """A long text, line by line; `kind` of a line is a CSS class."""

    title: str
    lines: list[BlockLine]
    count: str
    folded: bool
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class FactGroup:
    title: str
    anchor: str
    facts: list[Fact]
    blocks: list[Block] = field(default_factory=list)


def fact_groups(task: Task, *, parent_href: str, children: Fact | None) -> list[FactGroup]:
    """The groups that have anything to say."""
    script = dict(task.script)
    diff, packages = script.pop("diff", ""), script.pop("requirements", None)
    groups = [
        _group("Experiment", _identity(task, parent_href, children)),
        _group("Status", _status(task)),
        _group("Times", _times(task)),
        _structured("Machine", task.runtime, _RUNTIME),
        _structured("Code", script, _SCRIPT),
        _structured("Container", task.container, _CONTAINER),
        _structured("Execution", _without_artifacts(task.execution), {}),
        _structured("Output", task.output, _OUTPUT),
        _structured("Models", task.models, {}),
        FactGroup("Packages", "packages", [], list(_packages(packages))),
        FactGroup("Uncommitted changes", "changes", [], list(_changes(diff))),
    ]
    return [group for group in groups if group.facts or group.blocks]


def _group(title: str, facts: Iterator[Fact]) -> FactGroup:
    return FactGroup(title, title.lower(), [fact for fact in facts if fact.text])


def _without_artifacts(execution: dict[str, Any]) -> dict[str, Any]:
    """They have a page of their own."""
    return {name: value for name, value in execution.items() if name != "artifacts"}


def _identity(task: Task, parent_href: str, children: Fact | None) -> Iterator[Fact]:
    yield Fact("Id", task.uid, copy=True)
    yield Fact("Type", task.type)
    project = task.project
    yield Fact("Project", project.name, href=reverse("project-experiments", args=[project.uid]))
    yield Fact("User", str(task.user))
    yield Fact("Tags", ", ".join(task.tags))
    yield Fact("System tags", ", ".join(task.system_tags))
    yield Fact("Archived", "Yes" if task.archived else "No")
    if task.parent:
        yield Fact("Parent", task.parent.name, href=parent_href)
    if children:
        yield children
    yield Fact("Configuration version", f"{task.document_version:,}")


def _status(task: Task) -> Iterator[Fact]:
    yield Fact("Status", LABELS[Status(task.status)])
    yield Fact("Reason", task.status_reason)
    yield Fact("Message", task.status_message)
    yield Fact("Edited after the run", "Yes" if task.edited_after_run else "")
    yield Fact("Last iteration", f"{task.last_iteration:,}" if task.started else "")
    yield Fact("Worker", task.last_worker)


def _times(task: Task) -> Iterator[Fact]:
    now = datetime.now(UTC)
    for label, when in (
        ("Created", task.created),
        ("Started", task.started),
        ("Completed", task.completed),
        ("Status changed", task.status_changed),
        ("Last update", task.last_update),
        ("Last change", task.last_change),
        ("Worker’s last report", task.last_worker_report),
    ):
        if when:
            yield Fact(label, exact_time(when), relative_time(when, now), iso=when.isoformat())
    if task.active_seconds is not None:
        yield Fact("Duration", duration_text(task.active_seconds))


def _structured(title: str, structure: Mapping[str, Any], labels: Mapping[str, str]) -> FactGroup:
    """What scripts sent as a dictionary: the known in the order of `labels`, then the rest."""
    known = [name for name in labels if name in structure]
    names = [*known, *(name for name in structure if name not in labels)]
    facts, blocks = [], []
    for name, text in chain.from_iterable(_flat(one, structure[one]) for one in names):
        label = labels.get(name, name)
        if not text:
            continue
        if is_secret(name, text):
            facts.append(Fact(label, _without_credentials(text)))
        elif "\n" in text or len(text) > ONE_LINE:
            blocks.append(_block(label, text))
        else:
            facts.append(
                Fact(label, masked_line(text), href=_address(text), copy=name == "version_num")
            )
    return FactGroup(title, title.lower(), facts, blocks)


def _flat(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for inner, found in value.items():
            yield from _flat(f"{name}/{inner}", found)
    elif isinstance(value, str):
        yield name, value
    elif value not in (None, []):
        yield (
            name,
            json.dumps(
                value, ensure_ascii=False, indent=1 if value and isinstance(value, list) else None
            ),
        )


def _without_credentials(text: str) -> str:
    """An address is worth reading without its password; anything else is masked as a whole."""
    shown = _CREDENTIALS.sub(MASK, text)
    return MASK if shown == text or is_secret("", shown.replace(MASK, "")) else shown


def _address(text: str) -> str:
    """Only what a browser opens as a page is a link: never `javascript:` or a file."""
    if not text.startswith(("http://", "https://")) or re.search(r"[\s<>\"]", text):
        return ""
    try:
        return text if urlsplit(text).hostname else ""
    except ValueError:
        return ""


def _packages(requirements: Any) -> Iterator[Block]:
    if not isinstance(requirements, dict):
        requirements = {"": requirements}
    for manager, listed in requirements.items():
        text = "\n".join(map(str, listed)) if isinstance(listed, list) else str(listed or "")
        names = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
        if names:
            yield _block(manager, "\n".join(names), count=_counted(len(names), "package"))


def _changes(diff: Any) -> Iterator[Block]:
    if isinstance(diff, str) and diff.strip():
        yield _block("", diff, kind_of=_kind_of_change)


def _kind_of_change(line: str) -> str:
    if line.startswith(("diff ", "index ", "--- ", "+++ ", "new file", "deleted file")):
        return "gh"
    if line.startswith("@@"):
        return "gu"
    return {"+": "gi", "-": "gd"}.get(line[:1], "")


def _block(title: str, text: str, *, kind_of: Any = lambda line: "", count: str = "") -> Block:
    lines = text[:MOST_OF_A_BLOCK].split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    left_out = len(text) - MOST_OF_A_BLOCK
    return Block(
        title=title,
        lines=[BlockLine(kind_of(line), masked_line(line)) for line in lines],
        count=count or _counted(len(lines), "line"),
        folded=len(lines) > OPEN_LINES,
        left_out=f"{left_out:,}" if left_out > 0 else "",
    )


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def masked_line(line: str) -> str:
    """A line of code or of a command, without the secrets that are given or spelled out in it."""
    shown = _ASSIGNMENT.sub(_masked_value, line)
    return f"{line[:1]}{MASK}" if is_secret("", shown) else shown


def _masked_value(found: re.Match[str]) -> str:
    value = found["value"].strip("\"',;()")
    before = found[0][: found.start("value") - found.start()]
    return before + MASK if is_secret(found["name"], value) else found[0]
