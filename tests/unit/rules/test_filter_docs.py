from __future__ import annotations

import re
from pathlib import Path

import pytest

from experiments.errors import InvalidFilter
from experiments.rules.fields import BUILTINS, UNLISTED
from experiments.rules.filters import parse
from experiments.rules.filters.lexer import MAX_LENGTH
from experiments.rules.filters.parser import MAX_CONDITIONS, MAX_DEPTH, MAX_VALUES

MANUAL = Path(__file__, "../../../../docs/filter-language.md").resolve().read_text("utf-8")
EXAMPLES = re.findall(r"^\| (?:`` (.+?) ``|`(.+?)`) \| ", MANUAL.split("## Fields")[0], re.M)


def test_the_manual_has_its_examples() -> None:
    assert len(EXAMPLES) > 15


@pytest.mark.parametrize("example", ["".join(found) for found in EXAMPLES])
def test_every_example_of_the_manual_is_a_filter(example: str) -> None:
    parse(example)


def test_the_manual_names_every_field_and_limit() -> None:
    for name in [*BUILTINS, *UNLISTED]:
        assert f"`{name}`" in MANUAL
    for limit in (MAX_LENGTH, MAX_CONDITIONS, MAX_VALUES, MAX_DEPTH):
        assert f" {limit:,} " in MANUAL.replace("\n", " ")


def test_the_error_of_the_manual_is_the_real_one() -> None:
    with pytest.raises(InvalidFilter) as caught:
        parse("name = and")
    assert f"> {caught.value.detail}" in MANUAL
