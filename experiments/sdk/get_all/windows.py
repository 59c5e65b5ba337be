"""Which part of a list is wanted: by page, or by scrolling on from the last reply."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

LARGEST = 500
# What a finished scroll answers, so that going on with it shows nothing more.
END = "end"


class Windowed(Protocol):
    """The fields of a request that choose its window."""

    page: int | None
    page_size: int | None
    size: int | None
    scroll_id: str | None
    refresh_scroll: bool


@dataclass(frozen=True, slots=True)
class Window:
    limit: int = LARGEST
    offset: int = 0
    after: str | None = None
    scrolls: bool = False

    @property
    def ended(self) -> bool:
        return self.after == END


def read_window(request: Windowed) -> Window:
    """At most 500 at a time; a larger size means 500, as the SDK's own loop expects."""
    if request.size is not None or request.scroll_id is not None:
        size = LARGEST if request.size is None else min(request.size, LARGEST)
        after = None if request.refresh_scroll else request.scroll_id
        return Window(size, after=after or None, scrolls=True)
    size = LARGEST if request.page_size is None else min(request.page_size, LARGEST)
    return Window(size, offset=(request.page or 0) * size)
