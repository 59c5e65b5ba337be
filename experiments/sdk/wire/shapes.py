"""What the parts of a task must look like; they are kept as sent, unknown fields included."""

from __future__ import annotations

from typing import Any

import msgspec

from experiments.sdk.schema import convert

_Text = str | None


class _Script(msgspec.Struct):
    binary: _Text = None
    repository: _Text = None
    branch: _Text = None
    tag: _Text = None
    version_num: _Text = None
    entry_point: _Text = None
    working_dir: _Text = None
    diff: _Text = None
    requirements: dict[str, Any] | None = None


class _Artifact(msgspec.Struct):
    key: str
    type: _Text = None
    uri: _Text = None
    mode: _Text = None


class _Execution(msgspec.Struct):
    artifacts: list[_Artifact] | None = None
    docker_cmd: _Text = None
    parameters: dict[str, Any] | None = None
    model_desc: dict[str, Any] | None = None


class _Container(msgspec.Struct):
    image: _Text = None
    arguments: _Text = None
    setup_shell_script: _Text = None


class _Models(msgspec.Struct):
    input: list[dict[str, Any]] | None = None
    output: list[dict[str, Any]] | None = None


SHAPES = {
    "script": _Script,
    "execution": _Execution,
    "container": _Container,
    "models": _Models,
}


def check_shapes(fields: Any) -> None:
    """Raises InvalidField, naming the part that would not fit."""
    for name, shape in SHAPES.items():
        value = getattr(fields, name)
        if value is not None:
            convert(value, shape, name)
