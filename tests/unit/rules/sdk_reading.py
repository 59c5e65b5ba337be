"""Run as a process of its own: reads `[text, type]` pairs, writes what the real SDK makes of each.

The SDK patches argparse, click and others when it is imported, which no other test should meet.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from types import SimpleNamespace
from typing import Any

from clearml.backend_api import Session
from clearml.backend_interface.task.args import _Arguments
from clearml.utilities.proxy_object import cast_basic_type

DEFAULTS: dict[str, list[object]] = {
    "int": [0, None], "float": [0.5, None], "bool": [True, False], "str": ["x"],
    "list": [[0]], "tuple": [(0,)], "dict": [{"zero": 0}],
}  # fmt: skip
PARSED = {"int": int, "float": float, "bool": bool, "str": str}


class StoredTask:
    """What the reading part of the SDK asks a task for, with one parameter `v`."""

    log = logging.getLogger("sdk")

    def __init__(self, text: str, type_: str) -> None:
        self.text, self.type = text, type_

    def get_parameters(self) -> dict[str, str]:
        return {"Args/v": self.text}

    def _get_task_property(self, name: str, raise_on_error: bool = True) -> dict[str, Any]:
        return {"Args": {"v": SimpleNamespace(type=self.type)}}


def connected(text: str, type_: str) -> list[str]:
    """What `connect({"v": default})` gives the script, for several defaults of the type."""
    reader = _Arguments(StoredTask(text, type_))
    kind = type_.partition("/")[0]
    return [
        repr(dict(reader.copy_to_dict({"v": default}, prefix="Args"))["v"])
        for default in DEFAULTS.get(kind, [])
    ]


def parsed(text: str, type_: str, nargs: str | None = None) -> str | None:
    """What argparse gives the script for an argument `--v` of the type."""
    if type_ not in PARSED:
        return None
    parser = argparse.ArgumentParser(exit_on_error=False)
    parser.add_argument("--v", type=PARSED[type_], nargs=nargs)
    _Arguments(StoredTask(text, type_)).copy_to_parser(parser, None)
    try:
        return repr(parser.parse_args([]).v)
    except argparse.ArgumentError:
        return "refused"


def main() -> None:
    Session.check_min_api_version = classmethod(lambda cls, version: True)  # needs no server
    logging.disable()
    found = [
        {
            "cast": repr(cast_basic_type(text, type_)),
            "connected": connected(text, type_ or ""),
            "parsed": parsed(text, type_ or ""),
            "parsed list": parsed(text, type_ or "", nargs="+"),
        }
        for text, type_ in json.load(sys.stdin)
    ]
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
