"""Which names nest, and the order of rows and groups in the tree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webui.configuration.nesting import (
    MOST_LEVELS,
    Path,
    counted_groups,
    in_tree_order,
    opened_groups,
    path_of,
    separator_of,
)

NAMES = st.lists(st.text("ab/.", max_size=9), unique=True, max_size=30)


@pytest.mark.parametrize(
    ("names", "separator"),
    [
        (["model/dim", "model/heads"], "/"),
        (["model/dim", "data/path"], ""),  # each in a group of its own is no tree
        (["lr", "batch"], ""),
        (["trainer.max_epochs", "trainer.gpus", "seed"], "."),
        (["model/net.dim", "model/act"], "/"),
        (["a/x", "net.dim", "net.act"], ""),  # beside slashes a dot belongs to the name
        (["v1.5", "v1.6"], ""),
        (["train.py", "eval.py"], ""),
        (["/root", "/tmp"], ""),
        ([], ""),
    ],
)
def test_what_nests(names: list[str], separator: str) -> None:
    assert separator_of(names) == separator


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("model/encoder/dim", ("model", "encoder")), ("lr", ()), ("/lr", ()), ("lr/", ()),
        ("a//b", ()), ("/".join("abcdefghijkl"), tuple("abcdefghijkl")[:MOST_LEVELS]),
    ],
)  # fmt: skip
def test_a_name_is_split_where_no_part_is_empty(name: str, path: Path) -> None:
    assert path_of(name, "/") == path


def test_groups_stand_where_their_first_name_came() -> None:
    names = ["m/x", "lr", "m/e/a", "t/k", "m/e/b", "e", "m/y"]
    assert in_tree_order(names, "/") == ["m/x", "m/e/a", "m/e/b", "m/y", "lr", "t/k", "e"]


@given(NAMES)
def test_each_group_is_opened_once_and_counts_what_is_in_it(names: list[str]) -> None:
    ordered = in_tree_order(names, "/")
    assert sorted(ordered) == sorted(names)
    counts = counted_groups(names, "/")
    opened = []
    before: Path = ()
    for name in ordered:
        path = path_of(name, "/")
        opened += opened_groups(before, path, "/", counts)
        before = path
    assert [group.prefix for group in opened] == list(
        dict.fromkeys(group.prefix for group in opened)
    )
    for group in opened:
        inside = tuple(group.prefix.split("/"))
        paths = [path_of(name, "/") for name in names]
        assert group.count == sum(path[: len(inside)] == inside for path in paths)
