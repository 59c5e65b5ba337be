"""Two configuration objects compared by key path, whatever the order of their keys."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from experiments.rules.formats.problems import Tree
from experiments.rules.formats.structural import Change, Identity, Step, differences, path_text
from experiments.rules.formats.tree import read
from experiments.rules.secret_text import masked_tree, name_below
from webui.configuration.marks import shown
from webui.configuration.object_diffs import Side, why_by_lines

ROWS = 500
LONGEST = 400


@dataclass(frozen=True, slots=True)
class KeyRow:
    """`kind`: added, removed, changed or reordered; a side that has no value is None."""

    kind: str
    path: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class KeyDiff:
    """`unread` says why there is no such comparison; `hidden` counts the rows beyond the drawn."""

    rows: list[KeyRow] = field(default_factory=list)
    unread: str = ""
    hidden: str = ""


def key_view(old: Side, new: Side) -> KeyDiff:
    if why := why_by_lines(old, new):
        return KeyDiff(unread=why)
    trees: list[Tree] = []
    for side in (old, new):
        reading = read(side.text, side.shape)
        if reading.problem:
            line, column, message = reading.problem
            place = f"line {line}, column {column}: {message}"
            return KeyDiff(unread=f"{side.label} cannot be read as {side.shape} ({place}).")
        trees.append(reading.tree)
    found = differences(*trees)
    names = _Names(*trees)
    hidden = len(found) - ROWS
    return KeyDiff(
        rows=[_row(change, names) for change in found[:ROWS]],
        hidden=f"{hidden:,}" if hidden > 0 else "",
    )


class _Names:
    """Which names decide whether what lies at a path of either tree is a secret."""

    def __init__(self, *trees: Tree) -> None:
        self.trees = trees
        self._items: dict[tuple[int, str], dict[object, Tree]] = {}

    def deciding(self, path: tuple[Step, ...]) -> str:
        return next((name for tree in self.trees if (name := self._in(tree, path))), "")

    def _in(self, tree: Tree, path: tuple[Step, ...]) -> str:
        name = ""
        for step in path:
            if not isinstance(step, Identity):
                name = name_below(name, tree, step)
            tree = self._child(tree, step)
        return name

    def _child(self, tree: Tree, step: Step) -> Tree:
        if isinstance(step, Identity) and isinstance(tree, list):
            known = self._items.get((id(tree), step.key))
            if known is None:
                items = [item for item in tree if isinstance(item, dict)]
                known = {item[step.key]: item for item in items if step.key in item}
                self._items[id(tree), step.key] = known
            return known.get(step.value)
        if isinstance(tree, dict) and isinstance(step, str):
            return tree.get(step)
        if isinstance(tree, list) and isinstance(step, int) and step < len(tree):
            return tree[step]
        return None


def _row(change: Change, names: _Names) -> KeyRow:
    path = shown(path_text(change.path) or "the whole")
    if change.kind == "reordered":
        return KeyRow(change.kind, path, _order(change.old), _order(change.new))
    name = names.deciding(change.path)
    return KeyRow(
        change.kind,
        path,
        None if change.kind == "added" else _value(change.old, name),
        None if change.kind == "removed" else _value(change.new, name),
    )


def _value(tree: object, name: str) -> str:
    """As JSON: "1" and 1 are told apart by their quotes."""
    hidden = masked_tree(tree, name)  # type: ignore[arg-type] # a part of a tree
    text = json.dumps(hidden, ensure_ascii=False)
    return shown(text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text):,} characters)")


def _order(steps: object) -> str:
    texts = [str(step.value) for step in steps] if isinstance(steps, tuple) else []
    text = ", ".join(texts)
    return shown(text if len(text) <= LONGEST else f"{text[:LONGEST]}…")
