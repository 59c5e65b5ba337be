"""What a column, an order term or a condition of a filter is about, and how it is written.

`name` is a fact of every task, `Args/lr` a parameter (a user property is a parameter of the
section `properties`), `max(accuracy/total)` a metric. Backticks quote an odd name, a backtick
inside is doubled. `parse_field(field_text(field)) == field` holds for every field.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, TypeVar

from experiments.errors import InvalidField

STATS = ("last", "min", "max")
MAX_LIST_LENGTH = 10_000


class Kind(StrEnum):
    """What the values of a builtin are, and so what they can be compared with."""

    TEXT = "text"
    NAMED = "named"  # a thing with a name and an id: either of them is equal to it
    STATUS = "status"
    TAGS = "tags"
    INSTANT = "instant"
    WHOLE = "whole number"
    DURATION = "duration"
    FLAG = "yes or no"


BUILTINS: dict[str, Kind] = {
    "type": Kind.TEXT,
    "name": Kind.TEXT,
    "tags": Kind.TAGS,
    "status": Kind.STATUS,
    "project": Kind.NAMED,
    "user": Kind.NAMED,
    "created": Kind.INSTANT,
    "started": Kind.INSTANT,
    "updated": Kind.INSTANT,
    "completed": Kind.INSTANT,
    "iteration": Kind.WHOLE,
    "duration": Kind.DURATION,
    "parent": Kind.TEXT,
    "description": Kind.TEXT,
    "id": Kind.TEXT,
    "edited": Kind.FLAG,
}
# Asked for by scripts; no columns of their own.
UNLISTED = {
    "system_tags": Kind.TAGS,
    "status_changed": Kind.INSTANT,
    "last_change": Kind.INSTANT,
}
# Worked out for the rows of a page: columns that nothing can be filtered or sorted by.
DERIVED = ("changes",)
ALIASES = {"tag": "tags", "comment": "description"}
SOMETIMES_MISSING = frozenset(
    {"tags", "system_tags", "started", "completed", "duration", "parent", "description"}
)

Scanned = TypeVar("Scanned")

_STOPS = frozenset(',()=!<>~"`')
# Characters that cannot be stored and so cannot be asked for: PostgreSQL refuses NUL, UTF-8
# knows no lone surrogate.
_UNSTORABLE_HIGH = range(0xD800, 0xE000)


@dataclass(frozen=True, slots=True)
class Builtin:
    """A fact every task has a place for; `name` is one of `BUILTINS` or `UNLISTED`."""

    name: str

    @property
    def kind(self) -> Kind:
        return BUILTINS.get(self.name) or UNLISTED[self.name]


@dataclass(frozen=True, slots=True)
class Parameter:
    section: str
    name: str


@dataclass(frozen=True, slots=True)
class Metric:
    metric: str
    variant: str
    stat: str = "last"


@dataclass(frozen=True, slots=True)
class Derived:
    """A column only; `name` is one of `DERIVED`."""

    name: str


Field = Builtin | Parameter | Metric


@dataclass(frozen=True, slots=True)
class OrderTerm:
    field: Field
    descending: bool = False


class UnclosedQuote(InvalidField):
    """A quote or backtick that is opened, at `position`, and never closed."""

    def __init__(self, quote: str, position: int) -> None:
        self.position = position
        super().__init__(f"the {quote} at character {position + 1} is never closed")


class Word(NamedTuple):
    """A run of bare and backticked characters; `slash` is its first slash outside backticks."""

    text: str
    slash: int | None
    end: int
    quoted: bool

    def split(self) -> tuple[str, str] | None:
        if self.slash is None:
            return None
        return self.text[: self.slash], self.text[self.slash + 1 :]


def may_be_missing(field: Field) -> bool:
    return not isinstance(field, Builtin) or field.name in SOMETIMES_MISSING


def is_storable(character: str) -> bool:
    return character != "\0" and ord(character) not in _UNSTORABLE_HIGH


def is_bare(text: str) -> bool:
    """Whether a text can stand without quotes and be read back as the same word."""
    return (
        text.isprintable()
        and text != ""
        and " " not in text
        and "'" not in text
        and _STOPS.isdisjoint(text)
    )


def ends_word(character: str) -> bool:
    return character in _STOPS or character.isspace()


def scan_word(text: str, start: int) -> Word:
    """The word at `start`; an empty one when none stands there."""
    pieces: list[str] = []
    length, slash, position, quoted = 0, None, start, False
    while position < len(text):
        if text[position] == "`":
            piece, position = scan_quoted(text, position)
            quoted = True
        elif ends_word(text[position]):
            break
        else:
            begin = position
            while position < len(text) and not ends_word(text[position]):
                position += 1
            piece = text[begin:position]
            if slash is None and "/" in piece:
                slash = length + piece.index("/")
        pieces.append(piece)
        length += len(piece)
    return Word("".join(pieces), slash, position, quoted)


def scan_quoted(text: str, start: int) -> tuple[str, int]:
    """What stands between the quote at `start` and its twin, and the position after it."""
    quote = text[start]
    position = start + 1
    while True:
        position = text.find(quote, position)
        if position < 0:
            raise UnclosedQuote(quote, start)
        if text[position + 1 : position + 2] != quote:
            return text[start + 1 : position].replace(quote * 2, quote), position + 1
        position += 2


def field_of(word: Word) -> Field:
    """The builtin or parameter a word names."""
    parts = word.split()
    if parts is not None:
        return Parameter(*parts)
    name = word.text.lower()
    name = ALIASES.get(name, name)
    if not word.quoted and (name in BUILTINS or name in UNLISTED):
        return Builtin(name)
    if not word.quoted and name in DERIVED:
        raise InvalidField(
            f"“{name}” is worked out for the rows that are shown: it can be a column, but nothing "
            "to filter or sort by"
        )
    raise InvalidField(
        f"“{shortened(word.text)}” is not a column; there are {', '.join(BUILTINS)}, "
        "parameters such as Args/lr and metrics such as max(accuracy/total)"
    )


def metric_of(stat: str, word: Word) -> Metric:
    parts = word.split()
    if parts is None:
        raise InvalidField(f"a metric is written {stat}(metric/variant)")
    return Metric(*parts, stat)


def is_stat(word: Word) -> bool:
    return not word.quoted and word.text.lower() in STATS


def shortened(text: str, limit: int = 60) -> str:
    return text if len(text) <= limit else text[:limit] + "…"


def parse_field(text: str) -> Field:
    """The field a text names, blanks around it ignored; else InvalidField."""
    _check_characters(text, "columns")
    field, end = _scan_field(text, _skip_blanks(text, 0))
    end = _skip_blanks(text, end)
    if end < len(text):
        raise InvalidField(f"“{shortened(text[end:])}” follows the name of the column")
    return field


def parse_columns(text: str) -> tuple[Field | Derived, ...]:
    """The fields of `columns=`: a list with commas, empty places ignored."""
    return _parse_list(text, "columns", _scan_column)


def parse_order(text: str) -> tuple[OrderTerm, ...]:
    """The terms of `order=`: a list with commas, `-` in front means descending."""
    return _parse_list(text, "order", _scan_order_term)


def field_text(field: Field | Derived) -> str:
    match field:
        case Builtin(name) | Derived(name):
            return name
        case Parameter(section, name):
            return _path(section, name)
        case Metric(metric, variant, stat):
            return f"{stat}({_path(metric, variant)})"


def columns_text(fields: tuple[Field | Derived, ...]) -> str:
    return ",".join(map(field_text, fields))


def order_text(terms: tuple[OrderTerm, ...]) -> str:
    return ",".join(("-" if term.descending else "") + field_text(term.field) for term in terms)


def _path(section: str, name: str) -> str:
    # A minus in front would read as "descending" in an order.
    bare = is_bare(section) and "/" not in section and not section.startswith("-")
    first = section if bare else backticked(section)
    return f"{first}/{name if is_bare(name) else backticked(name)}"


def backticked(text: str) -> str:
    return "`" + text.replace("`", "``") + "`"


def _parse_list(
    text: str, parameter: str, scan: Callable[[str, int], tuple[Scanned, int]]
) -> tuple[Scanned, ...]:
    if len(text) > MAX_LIST_LENGTH:
        raise InvalidField(f"longer than {MAX_LIST_LENGTH:,} characters", field=parameter)
    _check_characters(text, parameter)
    terms: list[Scanned] = []
    position = 0
    try:
        while (position := _skip_blanks(text, position, also=",")) < len(text):
            term, position = scan(text, position)
            terms.append(term)
            position = _skip_blanks(text, position)
            if position < len(text) and text[position] != ",":
                raise InvalidField(f"a comma is missing before “{shortened(text[position:])}”")
    except InvalidField as error:
        raise InvalidField(error.detail, field=parameter) from None
    return tuple(terms)


def _scan_order_term(text: str, start: int) -> tuple[OrderTerm, int]:
    descending = text[start] == "-"
    field, position = _scan_field(text, _skip_blanks(text, start + descending))
    return OrderTerm(field, descending), position


def _scan_column(text: str, start: int) -> tuple[Field | Derived, int]:
    word = scan_word(text, start)
    if not word.quoted and word.text.lower() in DERIVED:
        return Derived(word.text.lower()), word.end
    return _scan_field(text, start)


def _scan_field(text: str, start: int) -> tuple[Field, int]:
    word = scan_word(text, start)
    opening = _skip_blanks(text, word.end)
    if not (is_stat(word) and text[opening : opening + 1] == "("):
        return field_of(word), word.end
    inner = scan_word(text, _skip_blanks(text, opening + 1))
    closing = _skip_blanks(text, inner.end)
    field = metric_of(word.text.lower(), inner)
    if text[closing : closing + 1] != ")":
        raise InvalidField(f"the parenthesis after {word.text} is never closed")
    return field, closing + 1


def _skip_blanks(text: str, position: int, also: str = "") -> int:
    while position < len(text) and (text[position].isspace() or text[position] in also):
        position += 1
    return position


def _check_characters(text: str, parameter: str) -> None:
    for position, character in enumerate(text):
        if not is_storable(character):
            raise InvalidField(
                f"character {position + 1} (U+{ord(character):04X}) cannot be part of a name",
                field=parameter,
            )
