"""A configuration object as a tree: what is drawn at once, and what when it is opened."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from experiments.rules.formats.problems import Tree
from experiments.rules.formats.structural import path_text
from experiments.rules.secret_text import masked_value, name_below
from webui.configuration.marks import shown
from webui.configuration.object_view import Path, path_json

CHILDREN = 200
NODES = 800
LONGEST = 400
_OPEN = 2  # levels that are open when a tree is first shown


@dataclass(slots=True)
class Node:
    """`kind` is a word for the value's type. `lazy`: its children are not drawn yet.

    `more` counts the children beyond those drawn, which begin with `next`.
    """

    key: str
    kind: str
    value: str = ""
    count: str = ""
    path: str = ""
    path_json: str = "[]"
    branch: bool = False
    open: bool = False
    lazy: bool = False
    children: list[Node] = field(default_factory=list)
    more: str = ""
    next: str = ""


@dataclass(frozen=True, slots=True)
class _Place:
    """A value, where it is, and the name that decides whether it is a secret."""

    tree: Tree
    path: Path
    name: str


def tree_at(tree: Tree, path: Path, start: int = 0, *, revealed: bool = False) -> Node | None:
    """The node at a path with what is below it, as much as is drawn at once; None: not there."""
    place = _found(tree, path)
    if place is None:
        return None
    root = _node(place, revealed)
    root.open = True
    waiting = deque([(root, place, 0, start)])
    drawn = 0
    while waiting:
        node, place, level, first = waiting.popleft()
        if not node.branch:
            continue
        if drawn >= NODES:
            node.lazy = True
            continue
        node.open = level < _OPEN
        below = _below(place, first)
        node.children = [_node(each, revealed) for each in below]
        drawn += len(below)
        end = first + len(below)
        left = len(place.tree) - end  # type: ignore[arg-type] # a branch is a dict or a list
        node.more, node.next = (f"{left:,}" if left > 0 else ""), str(end)
        waiting.extend(
            (child, each, level + 1, 0) for child, each in zip(node.children, below, strict=True)
        )
    return root


def _found(tree: Tree, path: Path) -> _Place | None:
    place = _Place(tree, (), "")
    for step in path:
        below = _child(place, step)
        if below is None:
            return None
        place = below
    return place


def _child(place: _Place, step: str | int) -> _Place | None:
    tree = place.tree
    if isinstance(tree, dict) and isinstance(step, str) and step in tree:
        return _Place(tree[step], (*place.path, step), name_below(place.name, tree, step))
    if isinstance(tree, list) and isinstance(step, int) and 0 <= step < len(tree):
        return _Place(tree[step], (*place.path, step), place.name)
    return None


def _below(place: _Place, start: int) -> list[_Place]:
    tree = place.tree
    steps = list(tree) if isinstance(tree, dict) else range(len(tree))  # type: ignore[arg-type]
    found = (_child(place, step) for step in steps[start : start + CHILDREN])
    return [each for each in found if each is not None]


def _node(place: _Place, revealed: bool) -> Node:
    tree = place.tree
    node = Node(
        key=shown(str(place.path[-1])) if place.path else "",
        kind=_kind(tree),
        path=path_text(place.path),
        path_json=path_json(place.path),
    )
    if isinstance(tree, dict | list):
        noun = "key" if isinstance(tree, dict) else "item"
        node.count = f"{len(tree):,} {noun}{'' if len(tree) == 1 else 's'}"
        node.branch = bool(tree)
        return node
    value = tree if revealed else masked_value(place.name, tree)
    node.value = _text(value)
    return node


def _text(value: Tree) -> str:
    text = {None: "null", True: "true", False: "false"}.get(value) if _is_word(value) else None
    text = str(value) if text is None else text
    return shown(text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text):,} characters)")


def _is_word(value: Tree) -> bool:
    return value is None or isinstance(value, bool)


def _kind(value: Tree) -> str:
    match value:
        case dict():
            return "object"
        case list():
            return "list"
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
    return "text"
