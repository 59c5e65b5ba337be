"""Paths, types and parts of uploaded files."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.errors import InvalidField
from experiments.rules.artifacts import identity, path_in
from experiments.rules.files import (
    LONGEST_PATH,
    Span,
    address_of,
    check_path,
    download_name,
    read_range,
    served_type,
    task_named_in,
    type_of,
)

UID = "0123456789abcdef0123456789abcdef"
OTHER = "f" * 32


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("/project/task/a.txt", "project/task/a.txt"),
        ("a//b///c/", "a/b/c"),
        ("e\u0301.txt", "\u00e9.txt"),
        ("C:\\windows\\x", "C:\\windows\\x"),
        ("a b/...c/.hidden", "a b/...c/.hidden"),
        ("%2e%2e%2fetc", "%2e%2e%2fetc"),
        ("\u202egnp.exe", "\u202egnp.exe"),
    ],
)
def test_a_path_has_one_spelling(text: str, path: str) -> None:
    assert check_path(text) == path
    assert check_path(path) == path


@pytest.mark.parametrize(
    "text",
    ["", "/", "///", "../x", "a/../b", "a/..", ".", "a/./b", "..\\x", "a\\..\\b", "a\x00b", "a\nb",
     "a\x7fb", "a\x85b", "\ud800", "x" * (LONGEST_PATH + 1), "\u8a66" * 1000],
)  # fmt: skip
def test_a_path_that_nobody_could_ask_for_is_refused(text: str) -> None:
    with pytest.raises(InvalidField) as refusal:
        check_path(text)
    assert refusal.value.field == "path"


@pytest.mark.parametrize(
    "path",
    [
        f"project/task.{UID}/artifacts/a/a.json",
        f"a/b/c/task.with.dots.{UID}/metrics/title/series/x.png",
        f"{UID}/models/x.pt",
        f"p/.{UID}/plots/x",
        # What comes later does not name the task.
        f"p/t.{UID}/artifacts/x.{OTHER}/artifacts/y",
        f"p.{OTHER}/t.{UID}/artifacts/y",
    ],
)
def test_the_task_is_the_one_whose_folder_it_is(path: str) -> None:
    assert task_named_in(path) == UID


@pytest.mark.parametrize(
    "path",
    ["a.txt", f"{UID}", f"{UID}/a.txt", f"x{UID}/artifacts/a", f"t.{UID}a/artifacts/a",
     f"t.{UID.upper()}/artifacts/a", f"t.{UID}/artifacts", f"artifacts/t.{UID}"],
)  # fmt: skip
def test_other_paths_name_none(path: str) -> None:
    assert task_named_in(path) is None


def test_a_private_path_is_found_by_its_owner_only() -> None:
    assert len({address_of("a"), address_of("a", "x"), address_of("a", "y"), address_of("b")}) == 4
    assert len(address_of("a" * LONGEST_PATH)) == 64


PNG = b"\x89PNG\r\n\x1a\n" + bytes(8)


@pytest.mark.parametrize(
    ("path", "head", "type_", "served"),
    [
        ("a.png", PNG, "image/png", "image/png"),
        ("a.html", PNG, "image/png", "image/png"),
        ("a", b"\xff\xd8\xff\xe0", "image/jpeg", "image/jpeg"),
        ("a", b"GIF89a", "image/gif", "image/gif"),
        ("a", b"RIFF\x00\n\x00\x00WEBPVP8 ", "image/webp", "image/webp"),
        ("a.png", b"<script>", "application/octet-stream", "application/octet-stream"),
        ("a.svg", b"<svg>", "image/svg+xml", "application/octet-stream"),
        ("a.html", b"<html>", "text/html", "application/octet-stream"),
        ("a.pdf", b"%PDF", "application/pdf", "application/octet-stream"),
        ("a.csv", b"a,b", "text/csv", "application/octet-stream"),
        ("a.csv.gz", b"\x1f\x8b", "application/gzip", "application/octet-stream"),
        ("a.zip", b"PK", "application/zip", "application/octet-stream"),
        ("a", b"", "application/octet-stream", "application/octet-stream"),
        ("x/a.b/c", b"", "application/octet-stream", "application/octet-stream"),
    ],
)
def test_only_what_is_an_image_is_served_as_one(
    path: str, head: bytes, type_: str, served: str
) -> None:
    assert type_of(path, head) == type_
    assert served_type(type_) == served


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("p/t/model.bin", "model.bin"),
        ("p/été 1.txt", "été 1.txt"),
        ("C:\\x\\evil.exe", "evil.exe"),
        ('a";filename=b.html', "a_filename=b.html"),
        ("a/\u202egnp.exe", "_gnp.exe"),
        ("...", "file"),
        (". .", "file"),
        (".bashrc", "bashrc"),
        ("a" * 500 + ".bin", "a" * 146 + ".bin"),
    ],
)
def test_a_download_has_a_name_that_is_safe_everywhere(path: str, name: str) -> None:
    assert download_name(path) == name


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("", None),
        ("bytes=0-", Span(0, 10)),
        ("bytes=3-5", Span(3, 3)),
        ("bytes=9-", Span(9, 1)),
        ("bytes=3-99", Span(3, 7)),
        ("bytes=-4", Span(6, 4)),
        ("bytes=-99", Span(0, 10)),
        ("bytes=0-1,3-4", None),
        ("bytes=5-3", None),
        ("bytes=-", None),
        ("lines=0-1", None),
        ("bytes=a-b", None),
        ("bytes=0-" + "9" * 50, None),
    ],
)
def test_a_part_of_ten_bytes(header: str, span: Span | None) -> None:
    assert read_range(header, 10) == span


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=10-20", "bytes=-0"])
def test_a_part_that_is_not_there(header: str) -> None:
    with pytest.raises(ValueError, match="no such part"):
        read_range(header, 10)


@given(st.text(max_size=40))
def test_what_is_accepted_stays_as_it_is(text: str) -> None:
    try:
        path = check_path(text)
    except InvalidField:
        return
    assert check_path(path) == path
    assert "/" not in download_name(path)
    task_named_in(path)


@given(st.text("bytes=0123456789-,", max_size=30), st.integers(0, 50))
def test_a_part_is_inside_its_file(header: str, size: int) -> None:
    try:
        span = read_range(header, size)
    except ValueError:
        return
    assert span is None or (span.length > 0 and 0 <= span.start <= size - span.length)


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("http://host:8008/files/p/t/a%20b.txt", "p/t/a b.txt"),
        ("https://other.example.org/files//a%2525", "a%25"),
        ("http://host/files/files/x", "files/x"),
        ("http://host/files/", None),
        ("http://host/p/t", None),
        ("s3://bucket/files/x", None),
        ("javascript:/files/x", None),
        ("/files/x", None),
        ("http://[/files/x", None),
        (None, None),
        (3, None),
    ],
)
def test_the_path_in_an_address(uri: object, path: str | None) -> None:
    assert path_in(uri) == path


def test_what_identifies_an_artifact() -> None:
    assert identity({"key": "a"}) == identity({"key": "a", "mode": "output"}) == ("a", "output")
    assert identity({"key": "a", "mode": "input"}) == ("a", "input")
