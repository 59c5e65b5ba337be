"""Before version 2.9 parameters were in `execution.parameters`, configuration in
`execution.model_desc`. Old clients still read and write them there."""

from __future__ import annotations

from typing import Any

from experiments.operations.documents import Object
from experiments.rules.document import Document, Item, flatten
from experiments.sdk.schema import convert
from experiments.sdk.wire.parameters import Scalar, text_of

FIRST_WITH_SECTIONS = (2, 9)
TYPE = "legacy"
ARGS = "Args"
TF_DEFINE = "TF_DEFINE"


def take_legacy(execution: dict[str, Any]) -> tuple[Document, dict[str, Object]]:
    """Takes both out of an `execution` and gives them in today's form."""
    parameters = convert(
        execution.pop("parameters", None) or {}, dict[str, Scalar], "execution.parameters"
    )
    texts = convert(
        execution.pop("model_desc", None) or {}, dict[str, Scalar], "execution.model_desc"
    )
    document: Document = {}
    for full_name, value in parameters.items():
        section, name = _place(full_name)
        document.setdefault(section, {})[name] = Item(text_of(value), TYPE)
    return document, {name: Object(text_of(text) or "", TYPE) for name, text in texts.items()}


def with_legacy(wire: dict[str, Any], document: Document) -> dict[str, Any]:
    """A task for an old client: its legacy items also where that looks for them."""
    parameters = {
        name if section == ARGS else f"{section}/{name}": item.value or ""
        for section, name, item in flatten(document)
        if item.type == TYPE
    }
    texts = {
        name: found["value"]
        for name, found in wire.get("configuration", {}).items()
        if found.get("type") == TYPE
    }
    execution = {**wire.get("execution", {}), "parameters": parameters, "model_desc": texts}
    return {**wire, "execution": execution}


def replace_legacy(current: Document, sent: Document) -> Document:
    """What an old client sends replaces what old clients wrote, and nothing else."""
    kept: Document = {}
    for source in (_without_legacy(current), sent):
        for section, items in source.items():
            kept.setdefault(section, {}).update(items)
    return kept


def _without_legacy(document: Document) -> Document:
    return {
        section: {name: item for name, item in items.items() if item.type != TYPE}
        for section, items in document.items()
    }


def _place(full_name: str) -> tuple[str, str]:
    section, slash, name = full_name.partition("/")
    return (TF_DEFINE, name) if slash and section == TF_DEFINE else (ARGS, full_name)
