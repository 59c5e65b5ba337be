"""Fills in the forms of pages as a browser without JavaScript would."""

from __future__ import annotations

from html.parser import HTMLParser


class _Fields(HTMLParser):
    """The fields of the first form that has the attribute `mark`."""

    def __init__(self, mark: str) -> None:
        super().__init__(convert_charrefs=True)
        self.mark = mark
        self.action = ""
        self.fields: dict[str, str] = {}
        self._inside = False
        self._open = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and not self.action and self.mark in given:
            self._inside, self.action = True, given.get("action", "")
        elif self._inside and tag == "input" and given.get("type") not in {"checkbox", "radio"}:
            self.fields[given.get("name", "")] = given.get("value", "")
        elif self._inside and "checked" in given:
            self.fields[given.get("name", "")] = given.get("value", "on")
        elif self._inside and tag == "textarea":
            self._open = given.get("name", "")
            self.fields[self._open] = ""
        elif self._inside and tag == "select":
            self._open = ""
            self._select = given.get("name", "")
        elif self._inside and tag == "option" and "selected" in given:
            self.fields[self._select] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._open:
            # The first line end after <textarea> is not part of the text.
            self.fields[self._open] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._open = ""
        if tag == "form":
            self._inside = False


def form_in(page: str, mark: str = "data-editing") -> tuple[str, dict[str, str]]:
    """Address and fields, as they stand, of the form with the attribute `mark`."""
    parser = _Fields(mark)
    parser.feed(page)
    assert parser.action, f"no form with {mark} in the page"
    return parser.action, parser.fields
