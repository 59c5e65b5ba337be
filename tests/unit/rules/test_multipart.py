"""Reading multipart bodies: whole, in any portions, torn anywhere, and malformed."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.errors import InvalidBody
from experiments.rules.multipart import LONGEST_HEAD, MOST_PARTS, PIECE, Read, parts_of
from tests.uploads import BOUNDARY, multipart

BORDER = f"\r\n--{BOUNDARY}".encode()
HEAD = b'Content-Disposition: form-data; name="a"\r\n\r\n'


def read_all(read: Read, boundary: str = BOUNDARY) -> list[tuple[str, bytes]]:
    return [(part.name, b"".join(part.pieces)) for part in parts_of(read, boundary)]


def whole(body: bytes) -> list[tuple[str, bytes]]:
    return read_all(io.BytesIO(body).read)


def dripping(body: bytes, sizes: list[int]) -> Read:
    """Gives the body in portions of these sizes, however much is asked for."""
    source = io.BytesIO(body)
    portions = iter(sizes * (len(body) + 1))
    return lambda _: source.read(next(portions))


names = st.text(st.characters(exclude_characters='"\r\n', exclude_categories=["Cs"]), max_size=20)
contents = st.one_of(
    st.binary(max_size=60),
    st.lists(st.sampled_from([BORDER, BORDER[:-1], b"\r\n", b"--", b"\r", b"x"]), max_size=8).map(
        b"".join
    ),
)


@settings(deadline=None)
@given(
    st.dictionaries(names, contents, min_size=1, max_size=4),
    st.lists(st.integers(1, 40), min_size=1, max_size=5),
)
def test_what_was_sent_arrives_in_whatever_portions(
    parts: dict[str, bytes], sizes: list[int]
) -> None:
    if any(BORDER in content for content in parts.values()):
        return  # no sender may choose such a boundary
    body = multipart(parts)
    assert read_all(dripping(body, sizes)) == whole(body) == list(parts.items())


@settings(deadline=None)
@given(st.dictionaries(names, contents, min_size=1, max_size=3), st.data())
def test_a_torn_body_is_never_taken_for_a_whole_one(
    parts: dict[str, bytes], data: st.DataObject
) -> None:
    if any(BORDER in content for content in parts.values()):
        return
    body = multipart(parts).removesuffix(b"\r\n")
    at = data.draw(st.integers(0, len(body) - 1))
    with pytest.raises(InvalidBody):
        whole(body[:at])


@settings(deadline=None, max_examples=400)
@given(
    st.lists(
        st.sampled_from(
            [b"--", BOUNDARY.encode(), b"\r\n", b"\r\n\r\n", HEAD, b'name="', b'"', b";", b"x",
             b"Content-Disposition:", b"form-data", b"\xff", b"\x00"]
        ),
        max_size=30,
    ).map(b"".join)
)  # fmt: skip
def test_anything_else_is_refused_or_read(body: bytes) -> None:
    try:
        whole(body)
    except InvalidBody:
        return


def test_pieces_stay_small_however_large_the_file() -> None:
    body = multipart({"large": bytes(3_000_000)})
    sizes: list[int] = []
    for part in parts_of(io.BytesIO(body).read, BOUNDARY):
        sizes = [len(piece) for piece in part.pieces]
    assert sum(sizes) == 3_000_000
    assert max(sizes) <= PIECE + 100


def test_a_part_that_nobody_reads_is_passed_over() -> None:
    body = multipart({"a": b"1" * 100_000, "b": b"2"})
    assert [part.name for part in parts_of(io.BytesIO(body).read, BOUNDARY)] == ["a", "b"]


def test_a_long_name_is_read() -> None:
    """The SDK's paths fill more than the 1,024 bytes that Django would read."""
    name = "/" + "\u8a66" * 1000
    assert whole(multipart({name: b"x"})) == [(name, b"x")]


START = b"--" + BOUNDARY.encode() + b"\r\n"
END = BORDER + b"--\r\n"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"preamble\r\n" + START + HEAD + END,
        START + b"\r\n\r\nx" + END,
        START + b"Content-Type: text/plain\r\n\r\nx" + END,
        START + b'Content-Disposition: attachment; name="a"\r\n\r\nx' + END,
        START + b"Content-Disposition: form-data\r\n\r\nx" + END,
        START + b'Content-Disposition: form-data; filename="a"\r\n\r\nx' + END,
        START + b'Content-Disposition: form-data; name="\xff"\r\n\r\nx' + END,
        START + HEAD + b"x" + BORDER + b"??" + HEAD + END,
        START + HEAD + b"x" + BORDER + b"\n" + HEAD + END,
        START + b"X: " + b"y" * LONGEST_HEAD + b"\r\n" + HEAD + b"x" + END,
        multipart({str(number): b"" for number in range(MOST_PARTS + 1)}),
        START + HEAD + b"x" + b"\r\n--another--\r\n",
    ],
)
def test_it_refuses(body: bytes) -> None:
    with pytest.raises(InvalidBody):
        whole(body)


@pytest.mark.parametrize("boundary", ["", "a" * 201, "a\r\n", "ends in blank ", "\u00e9"])
def test_it_refuses_a_boundary(boundary: str) -> None:
    with pytest.raises(InvalidBody):
        read_all(io.BytesIO(b"").read, boundary)


def test_what_comes_after_the_end_is_not_read() -> None:
    assert whole(multipart({"a": b"x"}) + b"epilogue") == [("a", b"x")]
