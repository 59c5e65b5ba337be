"""The protocol's names of fields, as fields of the filter tree and as paths of a reply."""

from __future__ import annotations

import re
from collections.abc import Callable

from experiments.errors import InvalidField
from experiments.rules.fields import Builtin, Field, Metric, Parameter

# Escapes for names with dots and dollars, which the web interface of other servers sends.
_ESCAPES = {"%2E": ".", "%2e": ".", "%24": "$", "%%": "%"}
_ESCAPE = re.compile("|".join(map(re.escape, _ESCAPES)))

BUILTINS = {
    "id": "id",
    "name": "name",
    "type": "type",
    "status": "status",
    "user": "user",
    "user.name": "user",
    "project": "project",
    "project.name": "project",
    "parent": "parent",
    "comment": "description",
    "tags": "tags",
    "system_tags": "system_tags",
    "created": "created",
    "started": "started",
    "completed": "completed",
    "last_update": "updated",
    "last_iteration": "iteration",
    "active_duration": "duration",
    "status_changed": "status_changed",
    "last_change": "last_change",
}
STATS = {"value": "last", "min_value": "min", "max_value": "max"}

# Finds the (metric, variant) behind two digests; None where no task reported such a thing.
MetricNames = Callable[[str, str], tuple[str, str] | None]


def split_path(text: str) -> tuple[str, ...]:
    """`hyperparams.Args.a%2Eb.value` -> ("hyperparams", "Args", "a.b", "value")"""
    return tuple(
        _ESCAPE.sub(lambda found: _ESCAPES[found.group()], part) for part in text.split(".")
    )


def field_named(text: str, metric_names: MetricNames, *, at: str) -> Field | None:
    """The field a name stands for; None for a metric nobody has reported.

    Raises InvalidField, naming `at`, for what cannot be searched or sorted by.
    """
    if text in BUILTINS:
        return Builtin(BUILTINS[text])
    match split_path(text):
        case ("hyperparams", section, name) | ("hyperparams", section, name, "value"):
            return Parameter(section, name)
        case ("last_metrics", metric, variant, value) if value in STATS:
            found = metric_names(metric, variant)
            return Metric(*found, STATS[value]) if found else None
    raise InvalidField(f"{at}: tasks cannot be searched or sorted by {text[:200]!r}", field=at)
