"""What a name may be."""

from __future__ import annotations

import pytest

from experiments.errors import InvalidField
from experiments.rules.names import check_key, check_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("lr", "lr"),
        ("  lr ", "lr"),
        ("we.ird $key%__x_", "we.ird $key%__x_"),
        ("e\u0301", "\u00e9"),
        ("__proto__", "__proto__"),
        ("مرحبا", "مرحبا"),
        ("a" * 1024, "a" * 1024),
    ],
)
def test_it_accepts(text, name):
    assert check_name(text, "name") == name


@pytest.mark.parametrize("text", ["", "  ", "a\x00b", "\ud800", "a" * 1025, "🙂" * 600])
def test_it_refuses_and_names_the_field(text):
    with pytest.raises(InvalidField) as caught:
        check_name(text, "tags")
    assert caught.value.field == "tags" and "tags" in str(caught.value)


def test_section_and_name_together_are_one_name():
    with pytest.raises(InvalidField):
        check_key("a" * 600, "b" * 600, "hyperparams")
