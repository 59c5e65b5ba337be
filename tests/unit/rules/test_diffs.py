from __future__ import annotations

import difflib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.rules.diffs import LineKind, diff_files, diff_lines, numbered

GIT = """\
diff --git a/train.py b/train.py
index 1c2..3d4 100644
--- a/train.py
+++ b/train.py
@@ -1,3 +1,4 @@ def main():
 import os
--- a comment of SQL
+-- another
++++ b/not a name
 last
@@ -20 +21 @@
-x
+y
\\ No newline at end of file
diff --git a/old name.py b/new name.py
similarity index 90%
rename from old name.py
rename to new name.py
diff --git a/gone.txt b/gone.txt
deleted file mode 100644
--- a/gone.txt
+++ /dev/null
@@ -1 +0,0 @@
-bye
diff --git a/logo.png b/logo.png
new file mode 100644
Binary files /dev/null and b/logo.png differ
"""


def test_files_of_git() -> None:
    files = diff_files(diff_lines(GIT))
    assert [(f.path, f.was, f.change, f.added, f.removed) for f in files] == [
        ("train.py", "", "", 3, 2),
        ("new name.py", "old name.py", "moved", 0, 0),
        ("gone.txt", "", "removed", 0, 1),
        ("logo.png", "", "added", 0, 0),
    ]
    assert (files[0].start, files[0].end, files[-1].end) == (0, 14, GIT.count("\n"))


def test_lines_are_numbered_as_in_both_versions() -> None:
    lines = diff_lines(GIT)
    shown = numbered(lines, diff_files(lines)[0], 4, 10)
    assert [(line.kind, line.old, line.new) for line in shown] == [
        (LineKind.HUNK, 0, 0),
        (LineKind.SAME, 1, 1),
        (LineKind.REMOVED, 2, 0),
        (LineKind.ADDED, 0, 2),
        (LineKind.ADDED, 0, 3),
        (LineKind.SAME, 3, 4),
        (LineKind.HUNK, 0, 0),
        (LineKind.REMOVED, 20, 0),
        (LineKind.ADDED, 0, 21),
        (LineKind.HEAD, 0, 0),
    ]


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n--- a/y\n+++ b/y\n@@ -1 +1 @@\n-a\n+b\n", "x y"),
        ("Index: one.py\n====\n--- one.py\t(rev 1)\n+++ one.py\t(work)\n@@ -1 +1 @@\n-a\n+b\n"
         "Index: two.py\n===\n", "one.py two.py"),
        ("just\nsome text", ""),
        ("", ""),
        ("@@ -1 +1 @@\n-a", ""),
        ('diff --git "a/\\303.py" "b/\\303.py"\n', "\\303.py"),
    ],
)  # fmt: skip
def test_other_diffs(text: str, paths: str) -> None:
    assert " ".join(file.path for file in diff_files(diff_lines(text))) == paths


def test_line_ends_are_not_part_of_a_line() -> None:
    assert diff_lines("a\r\nb\r\n") == ["a", "b"]


@given(st.text(alphabet="ab+-@ 1,\\\n\r\tdif", max_size=200))
def test_no_line_is_lost_whatever_it_is(text: str) -> None:
    lines = diff_lines(text)
    files = diff_files(lines)
    shown = [line.text for file in files for line in numbered(lines, file, 0, 10_000)]
    assert shown == lines


words = st.lists(st.sampled_from(["a", "b", "-- c", "++ d", "", " e"]), max_size=12)


@given(words, words)
def test_counts_and_numbers_are_those_of_difflib(old: list[str], new: list[str]) -> None:
    made = list(difflib.unified_diff(old, new, "a/x", "b/x", lineterm=""))
    if not made:
        return
    lines = diff_lines("\n".join(made) + "\n")
    [file] = diff_files(lines)
    shown = numbered(lines, file, 0, 10_000)
    assert file.path == "x"
    for line in shown:
        if line.old:
            assert old[line.old - 1] == line.text[1:]
        if line.new:
            assert new[line.new - 1] == line.text[1:]
    removed = sum(line.kind is LineKind.REMOVED for line in shown)
    added = sum(line.kind is LineKind.ADDED for line in shown)
    assert (file.added, file.removed) == (added, removed)
    assert len(new) - len(old) == added - removed
