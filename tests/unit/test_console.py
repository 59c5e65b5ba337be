"""Console text: colours as classes, progress bars as they ended, everything escaped."""

from __future__ import annotations

from experiments.rules.logs import Line
from webui.console import console_lines


def shown(message: str, level: str | None = "info") -> str:
    return console_lines([Line(1_700_000_000_000_000, level, "gpu-1", message)])[0].text


def test_colours_become_classes() -> None:
    text = shown("\x1b[1;31mfailed\x1b[0m then \x1b[32mfine\x1b[39m.")
    assert '<span class="bold ansi-1">failed</span>' in text
    assert '<span class="ansi-2">fine</span>' in text
    assert '<span class="">.</span>' in text


def test_a_progress_bar_shows_its_last_state() -> None:
    assert ">100%<" in shown("10%\r50%\r100%\r")
    assert "10%" not in shown("10%\r50%\r100%\r")


def test_other_terminal_sequences_leave_nothing() -> None:
    text = shown("\x1b[2K\x1b[1A\x1b]0;title\x07plain\x1b[?25l")
    assert "title" not in text
    assert "\x1b" not in text
    assert "plain" in text


def test_true_colours_are_plain_text() -> None:
    assert '<span class="bold">x</span>' in shown("\x1b[1m\x1b[38;2;1;4;7mx")


def test_markup_is_text() -> None:
    assert "&lt;b&gt;" in shown("<b>")


def test_levels_and_times() -> None:
    line = console_lines([Line(1_700_000_000_000_000, "ERROR", "gpu-1", "x")])[0]
    assert (line.level, line.time) == ("failure", "22:13:20")
    assert line.exact == "2023-11-14 22:13:20 UTC, gpu-1"
    assert console_lines([Line(0, None, None, "x")])[0].level == ""
