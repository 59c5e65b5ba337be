"""How a parameter's text is compared: as number, boolean or text."""

from __future__ import annotations

import math

import pytest

from experiments.rules.values import index_value, parse_number


@pytest.mark.parametrize(
    ("text", "type_", "value"),
    [
        ("1e-05", "float", 1e-05),
        ("1E5", None, 1e5),
        ("+3", "int", 3.0),
        (".5", None, 0.5),
        ("5.", None, 5.0),
        ("0.10", "str", 0.1),
        ("007", "str", "007"),
        ("007", "int", 7.0),
        ("-0.5", None, -0.5),
        ("inf", "float", math.inf),
        ("-inf", None, -math.inf),
        ("Infinity", "float", math.inf),
        ("inf", "str", "inf"),
        ("1e999", "float", math.inf),
        ("1e-400", "float", 0.0),
        ("9" * 5000, "int", math.inf),
        ("True", "bool", True),
        ("False", None, False),
        ("true", "str", True),
        ("TRUE", None, "TRUE"),
        ("nan", "float", "nan"),
        ("", "str", ""),
        ("None", None, "None"),
        ("1_000", "int", "1_000"),
        (" 1", None, " 1"),
        ("١", None, "١"),
        ("0x10", None, "0x10"),
        ("1e", None, "1e"),
        ("e5", None, "e5"),
        ("x" * 300, None, "x" * 200),
        (None, None, None),
    ],
)
def test_index_value(text, type_, value):
    found = index_value(text, type_)
    assert found == value and type(found) is type(value)


def test_numbers_keep_their_order_whatever_their_notation():
    texts = ["-inf", "-2", "0", "1e-05", "1e-4", "0.001", "0.25", "0.5", "1e3", "inf"]
    assert sorted(texts[5:] + texts[:5], key=parse_number) == texts
