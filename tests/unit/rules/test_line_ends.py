from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.rules.line_ends import plain, with_line_ends_of

texts = st.lists(st.sampled_from(["a", "b", "+c", "", "\n", "\r\n", "\r"])).map("".join)


def sent(text: str) -> str:
    """What a browser sends of a text in a field of many lines."""
    return plain(text).replace("\n", "\r\n")


@given(texts)
def test_what_nobody_typed_into_stays_byte_for_byte(text: str) -> None:
    assert with_line_ends_of(text, sent(text)) == text


@given(texts, texts)
def test_what_was_typed_is_what_is_kept(before: str, typed: str) -> None:
    assert plain(with_line_ends_of(before, sent(typed))) == plain(typed)


@pytest.mark.parametrize(
    ("before", "typed", "kept"),
    [
        ("a\nb\n", "a\r\nc\r\n", "a\nc\n"),
        ("a\r\nb\r\n", "a\nc\n", "a\r\nc\r\n"),
        # A patch of a file with CR LF: its own lines end with LF.
        ("@@ -1 @@\n-x\r\n+y\r\n", "@@ -1 @@\n-x\n+z\n+y\n", "@@ -1 @@\n-x\r\n+z\r\n+y\r\n"),
        ("one\r\ntwo\nthree\r\n", "two\nthree\n", "two\nthree\r\n"),
        ("a\r\nb", "a\nb\n", "a\r\nb\r\n"),
        ("", "a\r\nb", "a\nb"),
    ],
)  # fmt: skip
def test_lines_keep_their_ends(before: str, typed: str, kept: str) -> None:
    assert with_line_ends_of(before, typed) == kept
