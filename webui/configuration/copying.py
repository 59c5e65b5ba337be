"""A part of the configuration as text for other places: what was chosen, and what comes of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import QueryDict

from experiments.models import Task
from experiments.rules.copying import LABELS, Copy, copy_text, masked, selected
from experiments.rules.document import PROPERTIES, Document, flatten, split_key
from experiments.rules.redaction import is_secret
from webui.configuration.marks import shown

SHOWN_LENGTH = 200_000
VALUE = "value"  # of one parameter, as it is
_ENDINGS = {
    Copy.JSON: ".json", Copy.YAML: ".yaml", Copy.COMMAND_LINE: ".txt", Copy.ENV: ".env",
    Copy.PYTHON: ".py", Copy.SDK_CALL: ".py", VALUE: ".txt",
}  # fmt: skip
_NESTED = {Copy.JSON, Copy.YAML, Copy.PYTHON}
_NOT_IN_A_FILE_NAME = re.compile(r"[^A-Za-z0-9._-]+")

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Choice:
    """What is copied and how; the whole configuration where nothing is named."""

    how: str = Copy.JSON
    sections: tuple[str, ...] = ()
    keys: tuple[Key, ...] = ()
    bare: bool = False
    downloads: bool = False

    @classmethod
    def of(cls, data: QueryDict) -> Choice:
        how = data.get("format", "")
        return cls(
            how=how if how in {*Copy, VALUE} else Copy.JSON,
            sections=tuple(dict.fromkeys(data.getlist("section"))),
            keys=tuple(dict.fromkeys(split_key(key) for key in data.getlist("key"))),
            bare=data.get("bare") == "1",
            downloads=data.get("download") == "1",
        )

    @property
    def fields(self) -> list[tuple[str, str]]:
        """The choice as the fields of a form, or of an address."""
        fields = [("format", str(self.how))]
        fields += [("section", section) for section in self.sections]
        fields += [("key", f"{section}/{name}") for section, name in self.keys]
        return fields + [("bare", "1")] * self.bare

    @property
    def query(self) -> str:
        return "?" + urlencode(self.fields)

    @property
    def download_query(self) -> str:
        return self.query + "&download=1"


@dataclass(frozen=True, slots=True)
class Format:
    label: str
    query: str
    current: bool


@dataclass(frozen=True, slots=True)
class CopiedText:
    """`secrets` are the chosen ones; their values stand in the text when it is `revealed`."""

    choice: Choice
    text: str
    filename: str
    count: int
    of: str
    secrets: tuple[Key, ...]
    revealed: bool
    may_be_bare: bool

    @property
    def formats(self) -> Iterator[Format]:
        labels = {**LABELS, VALUE: "Value only"} if self.count == 1 else LABELS
        for how, label in labels.items():
            yield Format(label, replace(self.choice, how=how).query, how == self.choice.how)

    @property
    def other_level(self) -> str:
        return replace(self.choice, bare=not self.choice.bare).query

    @property
    def preview(self) -> str:
        return shown(self.text[:SHOWN_LENGTH])

    @property
    def is_cut(self) -> bool:
        return len(self.text) > SHOWN_LENGTH


def chosen_part(task: Task, choice: Choice) -> Document:
    """What is in the sections, and the parameters; both together when both are named."""
    if not choice.sections and not choice.keys:
        return task.hyperparams
    whole, keys = set(choice.sections), set(choice.keys)
    wanted = {
        (section, name)
        for section, name, _ in flatten(task.hyperparams)
        if section in whole or (section, name) in keys
    }
    return selected(task.hyperparams, keys=wanted)


def secrets_in(document: Document) -> tuple[Key, ...]:
    return tuple(
        (section, name)
        for section, name, item in flatten(document)
        if is_secret(f"{section}/{name}", item.value or "")
    )


def copied(task: Task, choice: Choice, *, reveal: bool = False) -> CopiedText:
    document = chosen_part(task, choice)
    count = sum(map(len, document.values()))
    if choice.how == VALUE and count != 1:
        choice = replace(choice, how=Copy.JSON)
    return CopiedText(
        choice=choice,
        text=_text(document, choice, reveal),
        filename=_filename(task, choice),
        count=count,
        of=_named(choice),
        secrets=secrets_in(document),
        revealed=reveal,
        may_be_bare=len(document) == 1 and choice.how in _NESTED,
    )


def _text(document: Document, choice: Choice, reveal: bool) -> str:
    if choice.how != VALUE:
        return copy_text(document, Copy(choice.how), bare=choice.bare, reveal=reveal)
    ((_, _, item),) = flatten(document if reveal else masked(document))
    return item.value or ""


def _named(choice: Choice) -> str:
    if not choice.sections and not choice.keys:
        return "the configuration"
    if choice.sections == (PROPERTIES,) and not choice.keys:
        return "user properties"
    if len(choice.sections) == 1 and not choice.keys:
        return choice.sections[0]
    return "/".join(choice.keys[0]) if len(choice.keys) == 1 else "the selection"


def _filename(task: Task, choice: Choice) -> str:
    whose = _NOT_IN_A_FILE_NAME.sub("-", task.name).strip("-.")[:60] or "experiment"
    part = f"-{choice.sections[0]}" if len(choice.sections) == 1 and not choice.keys else ""
    part = _NOT_IN_A_FILE_NAME.sub("-", part)[:60].rstrip("-.")
    return f"{whose}-{task.uid[:8]}{part}{_ENDINGS[choice.how]}"
