"""What differs between two trees, by key path: the order of keys and all formatting aside.

Items of lists are matched by what identifies them (`id`, `name`, ...) where every item has it,
else by position. Applying the changes to the first tree gives the second.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Literal, NamedTuple

from experiments.rules.formats.problems import Tree

_IDENTITIES = ("id", "uid", "name", "key")


class Identity(NamedTuple):
    """A step to the item of a list whose `key` is `value`."""

    key: str
    value: str | int


Step = str | int | Identity


class Change(NamedTuple):
    """`reordered` holds the identities of a list in their old and new order."""

    kind: Literal["added", "removed", "changed", "reordered"]
    path: tuple[Step, ...]
    old: object = None
    new: object = None


def differences(base: Tree, other: Tree) -> list[Change]:
    found: list[Change] = []
    _compare(base, other, (), found)
    return found


def apply(base: Tree, changes: list[Change]) -> Tree:
    holder: list[Tree] = [deepcopy(base)]
    for change in changes:
        _apply_one(holder, change)
    return holder[0]


def path_text(path: tuple[Step, ...]) -> str:
    """`model.layers[2].units`, `stages[name=warmup].epochs`; odd keys in quotes."""
    parts: list[str] = []
    for step in path:
        if isinstance(step, Identity):
            parts.append(f"[{step.key}={step.value}]")
        elif isinstance(step, int):
            parts.append(f"[{step}]")
        else:
            plain = step and not set(step) & set('."[] \n\t')
            parts.append(("." if parts else "") + (step if plain else repr(step)))
    return "".join(parts)


def same(one: object, other: object) -> bool:
    """Equal in value and type: 1, 1.0 and True differ, nan is nan; the order of keys is free."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return repr(one) == repr(other) if isinstance(one, float) else one == other


def _compare(one: Tree, other: Tree, path: tuple[Step, ...], found: list[Change]) -> None:
    if isinstance(one, dict) and isinstance(other, dict):
        for key in dict.fromkeys([*one, *other]):
            if key not in other:
                found.append(Change("removed", (*path, key), old=one[key]))
            elif key not in one:
                found.append(Change("added", (*path, key), new=other[key]))
            else:
                _compare(one[key], other[key], (*path, key), found)
    elif isinstance(one, list) and isinstance(other, list):
        by = _identity(one, other)
        if by:
            _compare_identified(by, one, other, path, found)
        else:
            _compare_by_position(one, other, path, found)
    elif not same(one, other):
        found.append(Change("changed", path, old=one, new=other))


def _compare_by_position(
    one: list[Tree], other: list[Tree], path: tuple[Step, ...], found: list[Change]
) -> None:
    common = min(len(one), len(other))
    for index in range(common):
        _compare(one[index], other[index], (*path, index), found)
    for index in reversed(range(common, len(one))):
        found.append(Change("removed", (*path, index), old=one[index]))
    for index in range(common, len(other)):
        found.append(Change("added", (*path, index), new=other[index]))


def _compare_identified(
    by: str, one: list[Tree], other: list[Tree], path: tuple[Step, ...], found: list[Change]
) -> None:
    old = {Identity(by, item[by]): item for item in one}  # type: ignore[index,call-overload,arg-type] # _identity
    new = {Identity(by, item[by]): item for item in other}  # type: ignore[index,call-overload,arg-type] # _identity
    kept = [step for step in old if step in new]
    for step in kept:
        _compare(old[step], new[step], (*path, step), found)
    found += [Change("removed", (*path, step), old=old[step]) for step in old if step not in new]
    added = [step for step in new if step not in old]
    found += [Change("added", (*path, step), new=new[step]) for step in added]
    if [*kept, *added] != list(new):
        found.append(Change("reordered", path, old=tuple(old), new=tuple(new)))


def _identity(one: list[Tree], other: list[Tree]) -> str | None:
    """The key that tells the items of both lists apart, if there is one."""
    if not one or not other:
        return None
    return next((key for key in _IDENTITIES if _tells_apart(key, one, other)), None)


def _tells_apart(key: str, *lists: list[Tree]) -> bool:
    for items in lists:
        values = [item.get(key) if isinstance(item, dict) else None for item in items]
        # One kind of value for all: 1 and True, or 1 and 1.0, would be the same key.
        if not (all(type(v) is str for v in values) or all(type(v) is int for v in values)):
            return False
        if len(set(values)) != len(values):
            return False
    return True


def _apply_one(holder: list[Tree], change: Change) -> None:
    parent: Tree = holder
    step: Step = 0
    for following in change.path:
        parent = _child(parent, step)
        step = following
    if change.kind == "reordered":
        _reorder(_child(parent, step), change.new)
        return
    if isinstance(step, Identity) and isinstance(parent, list):
        step = len(parent) if change.kind == "added" else _position(parent, step)
    if change.kind == "removed":
        del parent[step]  # type: ignore[union-attr,arg-type] # a step fits what it was made from
    elif change.kind == "added" and isinstance(parent, list):
        parent.append(deepcopy(change.new))  # type: ignore[arg-type] # a tree
    else:
        parent[step] = deepcopy(change.new)  # type: ignore[index,call-overload] # as above


def _child(parent: Tree, step: Step) -> Tree:
    if isinstance(step, Identity) and isinstance(parent, list):
        return parent[_position(parent, step)]
    return parent[step]  # type: ignore[index,call-overload,no-any-return] # as above


def _position(items: list[Tree], step: Identity) -> int:
    return next(
        index
        for index, item in enumerate(items)
        if isinstance(item, dict) and same(item.get(step.key), step.value)
    )


def _reorder(items: Tree, order: object) -> None:
    if isinstance(items, list) and isinstance(order, tuple):
        items[:] = [items[_position(items, step)] for step in order]
