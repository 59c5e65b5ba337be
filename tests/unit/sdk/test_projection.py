"""only_fields."""

from __future__ import annotations

from typing import Any

import pytest

from experiments.sdk.wire.projection import read_projection
from experiments.sdk.wire.tasks import task_columns

TASK = {
    "id": "1",
    "name": "n",
    "script": {"diff": "d", "requirements": {"pip": "p"}},
    "hyperparams": {"Args": {"a.b": {"value": "1", "type": "int"}, "c": {"value": "2"}}},
    "tags": ["x"],
}


@pytest.mark.parametrize(
    ("only_fields", "shown"),
    [
        (None, TASK),
        ([], TASK),
        (["name"], {"id": "1", "name": "n"}),
        (["script.requirements.pip"], {"id": "1", "script": {"requirements": {"pip": "p"}}}),
        (["script", "script.diff"], {"id": "1", "script": TASK["script"]}),
        (
            ["hyperparams.Args.a%2Eb.value"],
            {"id": "1", "hyperparams": {"Args": {"a.b": {"value": "1"}}}},
        ),
        (["hyperparams.None.x", "nothing"], {"id": "1", "hyperparams": {}}),
        (["tags.x"], {"id": "1", "tags": ["x"]}),
        (["-script", "-hyperparams", "-id"], {"id": "1", "name": "n", "tags": ["x"]}),
        (["script", "-script.diff"], {"id": "1", "script": {"requirements": {"pip": "p"}}}),
    ],
)
def test_it_shows(only_fields: list[str] | None, shown: dict[str, Any]) -> None:
    assert read_projection(only_fields).apply(TASK) == shown


@pytest.mark.parametrize(
    ("only_fields", "columns"),
    [
        (None, None),
        (["id", "status", "status_message"], ["uid", "status", "status_message"]),
        (
            ["hyperparams.Args.lr"],
            ["uid", "hyperparams", "document_version", "document_client", "status"],
        ),
        (["last_metrics.a.b"], ["uid"]),
        (["project"], ["uid", "project"]),
    ],
)
def test_only_what_is_shown_is_loaded(
    only_fields: list[str] | None, columns: list[str] | None
) -> None:
    found = task_columns(read_projection(only_fields))
    assert (found and sorted(found)) == (columns and sorted(columns))
