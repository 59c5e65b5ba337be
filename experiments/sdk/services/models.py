"""The registry of models, of which there are none: nothing here can make one."""

from __future__ import annotations

from typing import Any, ClassVar

from experiments.sdk.auth import Call
from experiments.sdk.registry import Reply, endpoint
from experiments.sdk.schema import Request


class GetAll(Request):
    keep_unknown: ClassVar[bool] = True


@endpoint("models.get_all", GetAll)
def get_all(call: Call, *, extra: dict[str, Any]) -> Reply:
    """No models. The SDK asks before it deletes a task."""
    return {"models": []}
