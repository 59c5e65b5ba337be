"""The table of settings in the README is the table in the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from webui.env import SETTINGS, Setting

README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
ROWS = {
    match[1]: match[2] for match in re.finditer(r"^\| *`(TUNEBOARD_\w+)` *\|(.*)\|$", README, re.M)
}


def test_the_readme_lists_every_setting_and_no_other() -> None:
    assert set(ROWS) == {setting.variable for setting in SETTINGS}


def test_no_other_setting_is_mentioned_anywhere() -> None:
    mentioned = set(re.findall(r"TUNEBOARD_[A-Z_]+[A-Z]", README))
    assert mentioned <= {setting.variable for setting in SETTINGS}


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_each_row_tells_default_and_purpose(setting: Setting) -> None:
    default, purpose = ROWS[setting.variable].split("|", 1)
    assert default.strip(" `") == setting.default
    assert purpose.strip() == setting.purpose
