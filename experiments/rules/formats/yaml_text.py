"""YAML as a tree of plain values, with its limits: depth, aliases, no objects of Python.

Nodes are walked here instead of constructed by PyYAML: keys stay the text they are written as
(`on`, `1`), dates and unknown tags (`!ENV`) are text, and `1e-5` is a number, as in OmegaConf.
"""

from __future__ import annotations

import yaml

from experiments.rules.formats.problems import MAX_DEPTH, Tree, Unreadable
from experiments.rules.values import parse_number

MAX_NODES = 500_000
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SCALARS = yaml.SafeLoader("")  # for its reading of numbers, never of a whole text
_TAG = "tag:yaml.org,2002:"
_OPENING = (yaml.MappingStartEvent, yaml.SequenceStartEvent)
_CLOSING = (yaml.MappingEndEvent, yaml.SequenceEndEvent)


def parse(text: str) -> Tree:
    """The tree of a text; of several documents a list. Raises Unreadable."""
    try:
        _check_depth(text)
        nodes = [node for node in yaml.compose_all(text, Loader=_Loader) if node is not None]
    except yaml.MarkedYAMLError as error:
        raise _unreadable(error) from None
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        line = before.count("\n") + 1
        raise Unreadable(
            line, len(before) - before.rfind("\n"), "a character YAML does not allow"
        ) from None
    trees = [_Walk().tree(node) for node in nodes]
    return trees[0] if len(trees) == 1 else trees or None


def _check_depth(text: str) -> None:
    """By events, which need no recursion: composing a deep text would exhaust the stack."""
    level = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, _OPENING):
            level += 1
            if level > MAX_DEPTH:
                mark = event.start_mark
                message = f"nested deeper than {MAX_DEPTH}"
                raise Unreadable(mark.line + 1, mark.column + 1, message)
        elif isinstance(event, _CLOSING):
            level -= 1


def _unreadable(error: yaml.MarkedYAMLError) -> Unreadable:
    mark = error.problem_mark or error.context_mark
    message = error.problem or error.context or "cannot be read as YAML"
    return Unreadable(mark.line + 1 if mark else 1, mark.column + 1 if mark else 1, message)


class _Walk:
    """Counts what aliases repeat, so that ten lines cannot become a billion values."""

    def __init__(self) -> None:
        self.count = 0
        self.open: set[int] = set()

    def tree(self, node: yaml.Node) -> Tree:
        self.count += 1
        if self.count > MAX_NODES or len(self.open) > MAX_DEPTH:
            raise _at(node, "aliases make this too large")
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node)
        if id(node) in self.open:
            raise _at(node, "an alias contains itself")
        self.open.add(id(node))
        found: Tree = (
            [self.tree(item) for item in node.value]
            if isinstance(node, yaml.SequenceNode)
            else self.mapping(node)
        )
        self.open.discard(id(node))
        return found

    def mapping(self, node: yaml.MappingNode) -> dict[str, Tree]:
        found: dict[str, Tree] = {}
        inherited: dict[str, Tree] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _at(key, "a key must be a single value")
            if key.tag == _TAG + "merge":
                inherited = {**self.merged(value), **inherited}
            elif key.value in found:
                raise _at(key, f"the key {key.value[:60]!r} appears twice")
            else:
                found[key.value] = self.tree(value)
        return {**inherited, **found}

    def merged(self, node: yaml.Node) -> dict[str, Tree]:
        found = self.tree(node)
        parts = found if isinstance(found, list) else [found]
        merged: dict[str, Tree] = {}
        for part in reversed(parts):
            if not isinstance(part, dict):
                raise _at(node, "only mappings can be merged with <<")
            merged.update(part)
        return merged


def _at(node: yaml.Node, message: str) -> Unreadable:
    return Unreadable(node.start_mark.line + 1, node.start_mark.column + 1, message)


def _scalar(node: yaml.ScalarNode) -> Tree:
    text = node.value
    try:
        match node.tag.removeprefix(_TAG):
            case "null":
                return None
            case "bool":
                return bool(_SCALARS.construct_yaml_bool(node))
            case "int":
                return int(_SCALARS.construct_yaml_int(node))
            case "float":
                return float(_SCALARS.construct_yaml_float(node))
    except (ValueError, KeyError, OverflowError):
        return str(text)
    number = parse_number(text) if not node.style and text[:1] in "+-.0123456789" else None
    return number if number is not None and "e" in text.lower() else str(text)
