from __future__ import annotations

import pytest

from experiments.rules.ansi import lines_of, nearest, plain

ESC = "\x1b"


def only_line(text: str) -> list[tuple[str, str]]:
    (line,) = lines_of(text)
    return [tuple(segment) for segment in line]


@pytest.mark.parametrize(
    ("codes", "classes"),
    [
        ("31", "ansi-fg-1"),
        ("1;31", "ansi-bold ansi-fg-1"),
        ("31;1", "ansi-bold ansi-fg-1"),
        ("91", "ansi-fg-9"),
        ("44", "ansi-bg-4"),
        ("104", "ansi-bg-12"),
        ("41;97", "ansi-fg-15 ansi-bg-1"),
        ("2;3;4;9", "ansi-faint ansi-italic ansi-strike ansi-underline"),
        ("7", "ansi-inverse"),
        ("31;39", ""),
        ("41;49", ""),
        ("1;22", ""),
        ("1;2;22;4", "ansi-underline"),
        ("31;0", ""),
        ("", ""),
        ("31;", ""),
        ("38;5;9", "ansi-fg-9"),
        ("38:5:9", "ansi-fg-9"),
        ("48;5;2", "ansi-bg-2"),
        ("38;5;196", "ansi-fg-1"),
        ("38;5;244", "ansi-fg-8"),
        ("38;5;300", ""),
        ("38;2;0;200;10", "ansi-fg-2"),
        ("38;5;9;1", "ansi-bold ansi-fg-9"),
        ("38;2;1", ""),
        ("38", ""),
        ("1;38;7;1", "ansi-bold"),
        ("5;8;53;999999999999999999999", ""),
    ],
)
def test_codes_become_classes(codes: str, classes: str) -> None:
    assert only_line(f"{ESC}[{codes}mword") == [(classes, "word")]


@pytest.mark.parametrize(
    ("rgb", "colour"),
    [
        ((255, 0, 0), 1),
        ((255, 0, 30), 1),
        ((255, 135, 0), 3),
        ((200, 200, 0), 3),
        ((0, 200, 0), 2),
        ((0, 180, 200), 6),
        ((20, 20, 230), 4),
        ((200, 0, 200), 5),
        ((0, 0, 0), 0),
        ((100, 100, 100), 8),
        ((190, 190, 190), 7),
        ((255, 255, 255), 15),
    ],
)
def test_any_colour_has_a_nearest(rgb: tuple[int, int, int], colour: int) -> None:
    assert nearest(*rgb) == colour


def test_a_style_goes_on_into_the_next_line() -> None:
    assert lines_of(f"{ESC}[32mone\ntwo{ESC}[0m three\n") == [
        [("ansi-fg-2", "one")],
        [("ansi-fg-2", "two"), ("", " three")],
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", [""]),
        ("\n", [""]),
        ("a\n\nb", ["a", "", "b"]),
        ("a\r\nb\r\n", ["a", "b"]),
        ("  a\tb  ", ["  a\tb  "]),
        ("10%\r20%\r100%", ["100%"]),
        ("\r10%\r20%\r", ["20%"]),
        ("10%\r20%\n30%\rdone\n", ["20%", "done"]),
        ("100%\r\r\nnext", ["100%", "next"]),
        (f"10%\r{ESC}[K", ["10%"]),
        (f"{ESC}[2K{ESC}[1A{ESC}[?25lx{ESC}[?25h", ["x"]),
        (f"{ESC}]0;title\x07x", ["x"]),
        (f"{ESC}]8;;https://x.example{ESC}\\link{ESC}]8;;{ESC}\\", ["link"]),
        (f"{ESC}]0;never ended\nx", ["", "x"]),
        (f"{ESC}Psomething{ESC}\\x", ["x"]),
        (f"{ESC}(B{ESC}=x{ESC}7", ["x"]),
        (f"x{ESC}[38;5", ["x"]),
        (f"x{ESC}", ["x"]),
        ("bell\x07 and back\x08space\x7f\x9b", ["bell and backspace"]),
        ("<b>&amp;</b>", ["<b>&amp;</b>"]),
        ("日本\U0001f600", ["日本\U0001f600"]),
    ],
)
def test_what_is_left_to_read(text: str, shown: list[str]) -> None:
    assert ["".join(part for _, part in line) for line in lines_of(text)] == shown
    assert plain(text) == "\n".join(shown)


def test_a_progress_bar_keeps_the_colour_set_before_its_start() -> None:
    assert only_line(f"{ESC}[32m10%\r90%{ESC}[0m") == [("ansi-fg-2", "90%")]


def test_neighbours_of_one_style_are_one_segment() -> None:
    assert only_line(f"a{ESC}[Kb{ESC}[0mc{ESC}[1md") == [("", "abc"), ("ansi-bold", "d")]


@pytest.mark.parametrize(
    "piece",
    [
        f"{ESC}[",
        f"{ESC}]",
        f"{ESC}[1",
        f"{ESC}[31m",
        "\r",
        f"{ESC}P",
        "\r\n",
        f"{ESC}[;",
        f"a{ESC}[K",
    ],
)
def test_hostile_pieces_are_read_in_one_go(piece: str) -> None:
    """Where the time grew with the square of the length, this would take minutes."""
    assert plain(piece * (200_000 // len(piece))).strip("a1;\n") == ""
