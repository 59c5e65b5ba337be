"""Texts as the page shows them: hits marked, nothing unseen, nothing lost."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webui.configuration.marks import hits_in, marked, shown

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))


def text_of(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", markup))


def escaped(markup: str) -> str:
    """As a template would write it."""
    return markup if hasattr(markup, "__html__") else html.escape(markup)


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("a\x1b[31m", r"\x1b"), ("a\x7f", r"\x7f"), ("a\x85", r"\x85"), ("x\r\ny", r"\x0d"),
        ("evil\u202etxt.exe", r"\u202e"), ("zero\u200bwidth", r"\u200b"),
        ("\ufeffbom", r"\ufeff"), ("lr\u200d", r"\u200d"), ("soft\u00adhyphen", r"\xad"),
        ("tag\U000e0041", r"\U000e0041"), ("\u2066x\u2069", r"\u2069"),
    ],
)  # fmt: skip
def test_what_would_not_be_seen_is_drawn(text: str, drawn: str) -> None:
    assert f'data-char="{drawn}"' in shown(text)


@pytest.mark.parametrize(
    "text",
    ["a\tb\nc", "مرحبا بالعالم", "می\u200cخواهم", "👩\u200d🔬", "naïve", "a b", "x<y>&z", "日本語"],
)
def test_what_is_seen_stays_as_it_is(text: str) -> None:
    assert shown(text) == text


@given(TEXTS, TEXTS.filter(bool))
def test_the_text_in_the_page_is_the_text(text: str, search: str) -> None:
    for markup in (escaped(shown(text)), escaped(marked(text, search))):
        assert text_of(markup) == text


@given(TEXTS, TEXTS.filter(bool))
def test_there_is_a_mark_for_every_hit_that_is_counted(text: str, search: str) -> None:
    assert escaped(marked(text, search)).count("<mark>") == hits_in(text, search)


def test_markup_in_a_text_is_text() -> None:
    assert marked("<b>x</b>", "x") == "&lt;b&gt;<mark>x</mark>&lt;/b&gt;"
    assert marked("<mark>", "MARK") == "&lt;<mark>mark</mark>&gt;"


def test_a_hit_may_begin_in_the_section() -> None:
    assert marked("lr_min", "args/LR", "Args") == "<mark>lr</mark>_min"
    assert hits_in("lr_min", "args/LR", "Args") == 1
    assert hits_in("lr", "Args", "Args") == 0
