"""The field of a value: its kind by the recorded type, its choices, and what empty means."""

from __future__ import annotations

from dataclasses import dataclass

from experiments.rules.types import InputKind, Kind, input_kind, read_type

MOST_LINES = 20

_NONE = "Empty means None."
_EMPTY = {
    Kind.TEXT: "Empty means empty text.",
    Kind.OTHER: "Empty means empty text.",
    Kind.CHOICE: "Empty means empty text.",
    Kind.BOOLEAN: "Empty means None, or False where the script has a default.",
    Kind.LIST: "An empty list is written [].",
    Kind.DICTIONARY: "An empty dictionary is written {}.",
    Kind.JSON: "An empty one is written {} or [].",
}


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    selected: bool


@dataclass(frozen=True, slots=True)
class ValueField:
    """`empty` says what an empty field means; `lines` how high a field of many lines is."""

    kind: InputKind
    value: str
    options: tuple[Option, ...]
    empty: str

    @property
    def nothing(self) -> str:
        """What stands in an empty field."""
        if self.empty.startswith("Empty means None"):
            return "None"
        return "empty text" if self.empty == _EMPTY[Kind.TEXT] else ""

    @property
    def lines(self) -> int:
        return min(MOST_LINES, max(3, self.value.count("\n") + 2))


def value_field(value: str, type_: str, description: str) -> ValueField:
    kind = input_kind(type_, value, description)
    if kind != "choice" and ("\n" in value or "\r" in value):
        kind = "lines"
    options = _options(value, type_, description) if kind == "choice" else ()
    return ValueField(kind, value, options, what_empty_means(type_, description))


def what_empty_means(type_: str, description: str) -> str:
    if not type_:
        return _NONE
    return _EMPTY.get(read_type(type_, description).kind, _NONE)


def _options(value: str, type_: str, description: str) -> tuple[Option, ...]:
    """The choices, the present value if it is none of them, and nothing at all."""
    recorded = read_type(type_, description)
    choices = recorded.choices if recorded.kind is Kind.CHOICE else ("True", "False")
    nothing = "None (empty)" if recorded.kind is Kind.BOOLEAN else "Empty text"
    texts = [*dict.fromkeys([*choices, value]), ""] if value else [*choices, ""]
    return tuple(Option(text, text or nothing, text == value) for text in dict.fromkeys(texts))
