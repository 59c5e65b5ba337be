"""The protocol's names of fields."""

from __future__ import annotations

import pytest

from experiments.errors import InvalidField
from experiments.rules.fields import BUILTINS, UNLISTED, Builtin, Field, Metric, Parameter
from experiments.sdk.get_all import names

KNOWN = {("h1", "h2"): ("loss", "train/x")}


def metric_names(metric: str, variant: str) -> tuple[str, str] | None:
    return KNOWN.get((metric, variant))


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("name", Builtin("name")),
        ("comment", Builtin("description")),
        ("last_update", Builtin("updated")),
        ("project.name", Builtin("project")),
        ("hyperparams.Args.lr", Parameter("Args", "lr")),
        ("hyperparams.Args.lr.value", Parameter("Args", "lr")),
        ("hyperparams.General.net/act.value", Parameter("General", "net/act")),
        ("hyperparams.Args.a%2Eb%24c%%d.value", Parameter("Args", "a.b$c%d")),
        ("hyperparams.a%2eb.%2524.value", Parameter("a.b", "%2524")),
        ("last_metrics.h1.h2.value", Metric("loss", "train/x", "last")),
        ("last_metrics.h1.h2.min_value", Metric("loss", "train/x", "min")),
        ("last_metrics.h1.h2.max_value", Metric("loss", "train/x", "max")),
        ("last_metrics.h1.other.value", None),
    ],
)
def test_a_name_stands_for(text: str, field: Field | None) -> None:
    assert names.field_named(text, metric_names, at="order_by") == field


@pytest.mark.parametrize(
    "text",
    [
        "",
        "color",
        "hyperparams",
        "hyperparams.Args",
        "hyperparams.Args.lr.type",
        "last_metrics.h1.h2",
        "last_metrics.h1.h2.mean_value",
        "execution.queue",
        "runtime.x",
        "models.input.model",
        "__class__",
        "name.__class__",
    ],
)
def test_other_names_are_refused(text: str) -> None:
    with pytest.raises(InvalidField) as refusal:
        names.field_named(text, metric_names, at="order_by")
    assert refusal.value.field == "order_by"


def test_every_builtin_named_here_exists() -> None:
    assert set(names.BUILTINS.values()) <= BUILTINS.keys() | UNLISTED.keys()
