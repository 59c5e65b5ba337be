"""The packages of an experiment as lists of them record them: pip's, conda's, or the SDK's."""

from __future__ import annotations

import re
from typing import NamedTuple

_NAMED = re.compile(
    r"""\s*(?P<name>[A-Za-z0-9][\w.-]{0,200}(?:\[[^\]]{0,200}\])?)
        \s{0,8}(?P<version>(?:===|==|~=|!=|>=|<=|=|>|<)[^;#@]{1,200})?
        (?P<rest>\s{0,8}(?:[;#@].*)?)$""",
    re.VERBOSE,
)


class Package(NamedTuple):
    """`version` is 2.1 where it is exact, else what is demanded (`>=2.0,<3`).

    A line that names no package, such as an address or an option, is its own `name`.
    """

    name: str
    version: str = ""
    note: str = ""


def read_packages(text: str) -> list[Package]:
    """The packages in their order; comments and empty lines are none."""
    lines = (line.strip() for line in text.splitlines())
    return [_package(line) for line in lines if line and not line.startswith("#")]


def remarks_of(text: str) -> list[str]:
    """Comments of a list, such as the Python that it was made with."""
    lines = (line.strip() for line in text.splitlines())
    found = (line.lstrip("# ").rstrip() for line in lines if line.startswith("#"))
    return [line for line in found if line]


def _package(line: str) -> Package:
    found = _NAMED.match(line.removeprefix("- "))
    if found is None:
        return Package(line)
    version = (found["version"] or "").strip()
    exact = re.fullmatch(r"(?:===?|=)\s*([^\s,=*]+)(?:=\S+)?", version)
    return Package(found["name"], exact[1] if exact else version, found["rest"].strip(" ;#"))
