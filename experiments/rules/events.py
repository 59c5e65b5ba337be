"""Checks a reported event and gives it its type: by hand, because they come by the thousand.

Unknown fields of a scalar are left out; of everything else they are kept. A metric's name
is kept to the letter, unlike other names: the SDK looks it up by a hash of what it sent.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from experiments.errors import InvalidField
from experiments.rules.logs import Line
from experiments.rules.names import MAX_BYTES, MAX_CHARACTERS, check_text
from experiments.rules.series import Point


class Kind(StrEnum):
    LOG = "log"
    SCALAR = "training_stats_scalar"
    VECTOR = "training_stats_vector"
    IMAGE = "training_debug_image"
    PLOT = "plot"


class Scalar(NamedTuple):
    name: tuple[str, str]  # metric and variant
    point: Point


class Report(NamedTuple):
    """A vector, image or plot. `document` holds what is special to its kind, and the rest."""

    kind: Kind
    name: tuple[str, str]
    iteration: int
    timestamp: int
    document: dict[str, Any]
    plot: str

    @property
    def identity(self) -> tuple[str, str, str, int]:
        """What a later report of the same replaces."""
        return self.kind, *self.name, self.iteration


class Event(NamedTuple):
    task: str
    allow_locked: bool
    content: Scalar | Line | Report


Fields = Mapping[str, Any]

# Of the envelope, not of the event; `method` is a leak of the SDK's request object.
_ENVELOPE = {"task", "type", "method", "allow_locked", "model_event"}
_LATEST = 253_402_300_800_000  # the year 10000, in milliseconds
_INT64 = 2**63


def read_event(event: object, now: int) -> Event:
    """The event, checked; `now` (microseconds) where it has no time. Raises InvalidField."""
    if not isinstance(event, dict):
        raise InvalidField("an event must be an object")
    kind = event.get("type")
    reader = _READERS.get(kind) if isinstance(kind, str) else None
    if reader is None:
        raise InvalidField(f"type must be one of {', '.join(Kind)}", field="type")
    task = event.get("task")
    if not isinstance(task, str):
        raise InvalidField("task must be the id of an experiment", field="task")
    if event.get("model_event"):
        raise InvalidField("model_event: events of models are not stored", field="model_event")
    return Event(task, event.get("allow_locked") is True, reader(event, now))


def _scalar(event: Fields, now: int) -> Scalar:
    point = _iteration(event), _timestamp(event, now), _number(event.get("value"), "value")
    return Scalar(_name(event), point)


def _line(event: Fields, now: int) -> Line:
    message = event.get("msg")
    if not isinstance(message, str):
        raise InvalidField("msg must be text", field="msg")
    return Line(
        _timestamp(event, now),
        _text(event, "level"),
        _text(event, "worker"),
        check_text(message, "msg"),
        _rest(event, {"timestamp", "level", "worker", "msg"}) or None,
    )


def _plot(event: Fields, now: int) -> Report:
    plot = event.get("plot_str")
    if not isinstance(plot, str):
        raise InvalidField("plot_str must be text", field="plot_str")
    return _report(Kind.PLOT, event, now, check_text(plot, "plot_str"))


def _vector(event: Fields, now: int) -> Report:
    values = event.get("values")
    if not isinstance(values, list):
        raise InvalidField("values must be a list of numbers", field="values")
    for value in values:
        _number(value, "values")
    return _report(Kind.VECTOR, event, now)


def _image(event: Fields, now: int) -> Report:
    for field in ("url", "key"):
        _text(event, field)
    return _report(Kind.IMAGE, event, now)


def _report(kind: Kind, event: Fields, now: int, plot: str = "") -> Report:
    document = _rest(event, {"timestamp", "metric", "variant", "iter", "plot_str"})
    return Report(kind, _name(event), _iteration(event), _timestamp(event, now), document, plot)


_READERS: dict[str, Callable[[Fields, int], Scalar | Line | Report]] = {
    Kind.SCALAR: _scalar,
    Kind.LOG: _line,
    Kind.PLOT: _plot,
    Kind.VECTOR: _vector,
    Kind.IMAGE: _image,
}


def _name(event: Fields) -> tuple[str, str]:
    metric, variant = event.get("metric"), event.get("variant")
    for field, text in (("metric", metric), ("variant", variant)):
        if text is not None and not isinstance(text, str):
            raise InvalidField(f"{field} must be text", field=field)
    return _checked_name(metric or "", variant or "")


@lru_cache(maxsize=4096)
def _checked_name(metric: str, variant: str) -> tuple[str, str]:
    for field, text in (("metric", metric), ("variant", variant)):
        check_text(text, field)
        if len(text) > MAX_CHARACTERS:
            raise InvalidField(f"{field} is longer than {MAX_CHARACTERS} characters", field=field)
    if len(metric.encode()) + len(variant.encode()) > MAX_BYTES:
        raise InvalidField(
            f"metric and variant together are longer than {MAX_BYTES} bytes in UTF-8",
            field="metric",
        )
    return metric, variant


def _iteration(event: Fields) -> int:
    value = event.get("iter")
    if value is None:
        return 0
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not -_INT64 <= value < _INT64:
        raise InvalidField("iter must be a whole number of 64 bits", field="iter")
    return value


def _timestamp(event: Fields, now: int) -> int:
    value = event.get("timestamp")
    if value is None:
        return now
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value < _LATEST:
        raise InvalidField("timestamp must be milliseconds since 1970", field="timestamp")
    return round(value * 1000)


def _number(value: object, field: str) -> float:
    if isinstance(value, int | float):
        try:
            return float(value)
        except OverflowError:
            pass
    raise InvalidField(f"{field} must be a number", field=field)


def _text(event: Fields, field: str) -> str | None:
    value = event.get(field)
    if value is None:
        return None
    if not isinstance(value, str):
        raise InvalidField(f"{field} must be text", field=field)
    return check_text(value, field)


def _rest(event: Fields, known: set[str]) -> dict[str, Any]:
    return {
        check_text(field, "field"): _storable(value, field)
        for field, value in event.items()
        if field not in known and field not in _ENVELOPE
    }


def _storable(value: Any, field: str) -> Any:
    """The value as plain JSON has it: NaN and infinities as the texts `nan`, `inf`, `-inf`."""
    if isinstance(value, str):
        return check_text(value, field)
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, int) and not -_INT64 <= value < 2 * _INT64:
        raise InvalidField(f"{field} contains a number of more than 64 bits", field=field)
    if isinstance(value, list):
        return [_storable(part, field) for part in value]
    if isinstance(value, dict):
        return {check_text(name, field): _storable(part, field) for name, part in value.items()}
    return value
