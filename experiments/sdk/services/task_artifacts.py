"""Artifacts of tasks: what they have put out or were given. The files are `experiments.files`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from experiments.models import Role
from experiments.operations.artifacts import add_artifacts, remove_artifacts
from experiments.queries.access import task_for
from experiments.rules.artifacts import OUTPUT
from experiments.sdk.auth import Call
from experiments.sdk.registry import Reply, endpoint
from experiments.sdk.schema import Integer, Request, convert
from experiments.sdk.wire.changes import Structure

Mode = Literal["input", "output"]
MOST = 1000
_Text = str | None


class ArtifactId(msgspec.Struct):
    key: str
    mode: Mode = OUTPUT


class TypeData(msgspec.Struct):
    preview: _Text = None
    content_type: _Text = None
    data_hash: _Text = None


class ArtifactShape(msgspec.Struct):
    """What the known fields must be; an artifact is kept as sent, unknown fields included."""

    key: str
    type: str
    mode: Mode | None = None
    uri: _Text = None
    content_size: Integer | None = None
    hash: _Text = None
    timestamp: Integer | None = None
    type_data: TypeData | None = None
    display_data: list[list[str]] | None = None


class AddOrUpdateArtifacts(Request):
    task: str
    artifacts: Annotated[list[Structure], msgspec.Meta(max_length=MOST)]
    force: bool = False


class DeleteArtifacts(Request):
    task: str
    artifacts: Annotated[list[Structure], msgspec.Meta(max_length=MOST)]
    force: bool = False


@endpoint("tasks.add_or_update_artifacts", AddOrUpdateArtifacts, since="2.10", writes=True)
def add_or_update_artifacts(
    call: Call, *, task: str, artifacts: list[dict[str, Any]], force: bool
) -> Reply:
    """Adds artifacts, or replaces those of the same key and mode."""
    convert(artifacts, list[ArtifactShape], "artifacts")
    found = task_for(call.user, task, Role.EDITOR)
    add_artifacts(task=found, artifacts=artifacts, force=force, by=call.actor)
    return {"updated": 1}


@endpoint("tasks.delete_artifacts", DeleteArtifacts, since="2.10", writes=True)
def delete_artifacts(
    call: Call, *, task: str, artifacts: list[dict[str, Any]], force: bool
) -> Reply:
    """Forgets artifacts by key and mode; their files are deleted where they are."""
    named = convert(artifacts, list[ArtifactId], "artifacts")
    found = task_for(call.user, task, Role.EDITOR)
    identities = [(one.key, one.mode) for one in named]
    remove_artifacts(task=found, identities=identities, force=force, by=call.actor)
    return {"deleted": 1}
