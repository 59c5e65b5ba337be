"""Pages and scrolls."""

from __future__ import annotations

from typing import Any

import pytest

from experiments.sdk.get_all.tasks import GetAll
from experiments.sdk.get_all.windows import END, Window, read_window


@pytest.mark.parametrize(
    ("request_fields", "window"),
    [
        ({}, Window(500)),
        ({"page": 2}, Window(500, offset=1000)),
        ({"page": 2, "page_size": 10}, Window(10, offset=20)),
        ({"page": 1, "page_size": 1000}, Window(500, offset=500)),
        ({"page_size": 0}, Window(0)),
        ({"size": 10}, Window(10, scrolls=True)),
        ({"size": 1000, "scroll_id": ""}, Window(500, scrolls=True)),
        ({"scroll_id": "abc"}, Window(500, after="abc", scrolls=True)),
        ({"scroll_id": "abc", "refresh_scroll": True}, Window(500, scrolls=True)),
    ],
)
def test_it_reads(request_fields: dict[str, Any], window: Window) -> None:
    assert read_window(GetAll(**request_fields)) == window


def test_a_finished_scroll_stays_finished() -> None:
    assert read_window(GetAll(scroll_id=END)).ended
