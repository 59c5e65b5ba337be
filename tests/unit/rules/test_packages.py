from __future__ import annotations

import pytest

from experiments.rules.packages import Package, read_packages, remarks_of


@pytest.mark.parametrize(
    ("line", "package"),
    [
        ("numpy == 1.26.4", Package("numpy", "1.26.4")),
        ("numpy==1.26.4", Package("numpy", "1.26.4")),
        ("torch>=2.0,<3", Package("torch", ">=2.0,<3")),
        ("clearml[s3]~=2.1", Package("clearml[s3]", "~=2.1")),
        ("pyyaml", Package("pyyaml")),
        ("x==1.* ; python_version < '3.12'", Package("x", "==1.*", "python_version < '3.12'")),
        ("a == 1 # why", Package("a", "1", "why")),
        ("a @ https://example.org/a.whl", Package("a", "", "@ https://example.org/a.whl")),
        ("git+https://example.org/a.git", Package("git+https://example.org/a.git")),
        ("-r other.txt", Package("-r other.txt")),
        ("--extra-index-url https://e.org", Package("--extra-index-url https://e.org")),
        ("- python=3.11.4", Package("python", "3.11.4")),
        ("mkl=2021.4.0=h06a4308_640", Package("mkl", "2021.4.0")),
        ("weird ( line", Package("weird ( line")),
    ],
)
def test_a_line(line: str, package: Package) -> None:
    assert read_packages(line) == [package]


def test_a_list_of_the_sdk() -> None:
    text = "# Python 3.11.2 (main, Mar 13 2023)\n\nclearml == 2.1\n# detailed\n  numpy == 2.0\n"
    assert read_packages(text) == [Package("clearml", "2.1"), Package("numpy", "2.0")]
    assert remarks_of(text) == ["Python 3.11.2 (main, Mar 13 2023)", "detailed"]
