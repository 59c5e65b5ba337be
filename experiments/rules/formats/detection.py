"""Which format a configuration object is in: told by its type, its name, or its content."""

from __future__ import annotations

import re
from enum import StrEnum


class Format(StrEnum):
    HOCON = "HOCON"
    JSON = "JSON"
    YAML = "YAML"
    TOML = "TOML"
    INI = "INI"
    XML = "XML"
    PYTHON = "Python"
    TEXT = "Text"


_NAMED = {
    "dictionary": Format.HOCON, "dict": Format.HOCON, "hocon": Format.HOCON,
    "conf": Format.HOCON, "json": Format.JSON, "yaml": Format.YAML, "yml": Format.YAML,
    "omegaconf yaml": Format.YAML, "omegaconf": Format.YAML, "toml": Format.TOML,
    "ini": Format.INI, "cfg": Format.INI, "xml": Format.XML, "python": Format.PYTHON,
    "py": Format.PYTHON, "txt": Format.TEXT, "text": Format.TEXT,
}  # fmt: skip
_LOOKED_AT = 20_000
_NO_COMMENT = re.compile(r"^(?![^\S\n]*(?:#|//|;|$))[^\n]+", re.MULTILINE)
_TABLE = re.compile(r"\[\[?[^\[\]\n]+\]\]?\s*(?:[#;].*)?")
_ASSIGNMENT = re.compile(r"\s*(?:\"[^\"]*\"|[\w./ -]{1,200}?)\s*(?:=|\{\s*$|\{\})")
_INI_ONLY = re.compile(r"=\s*(?![\"'\[{+\-\d]|true\b|false\b|inf\b|nan\b)\S", re.IGNORECASE)
_MAPPING = re.compile(r"---|%YAML|- \S|-$|(?:\"[^\"]*\"|'[^']*'|[\w./ -]{1,200}):(?:\s|$)")


def detect(text: str, type_: str | None = None, name: str = "") -> Format:
    """By what the script said it is; else by the name's ending; else by how it reads."""
    told = _NAMED.get((type_ or "").lower()) or _NAMED.get(name.rpartition(".")[2].lower())
    return told or _by_content(text)


def _by_content(text: str) -> Format:
    lines = [line[0] for line in _NO_COMMENT.finditer(text[:_LOOKED_AT])]
    if not lines:
        return Format.TEXT
    first = lines[0].strip()
    if first.startswith(("<?xml", "<!DOCTYPE")):
        return Format.XML
    if _TABLE.fullmatch(first) and any("=" in line for line in lines[1:]):
        return Format.INI if any(map(_INI_ONLY.search, lines)) else Format.TOML
    if first[0] == "[" or (first[0] == "{" and re.match(r"\{\s*[\"}]", text.lstrip())):
        return Format.JSON
    if first[0] == "{" or _ASSIGNMENT.match(first):
        return Format.HOCON
    return Format.YAML if _MAPPING.match(first) and not lines[0][0].isspace() else Format.TEXT
