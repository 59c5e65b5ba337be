"""The CONFIGURATION page as a person sees it: its HTML taken apart by the stable hooks."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

from lxml import html


class Shown(NamedTuple):
    """One parameter's row."""

    value: str
    type: str
    description: str


Table = dict[str, Shown | tuple[str, str, str]]


def values(table: Table) -> dict[str, str]:
    """What Task.get_parameters returns for the rows of a table."""
    return {name: row[0] for name, row in table.items()}


class ConfigurationPage:
    def __init__(self, text: str) -> None:
        self._document = html.document_fromstring(text)

    @cached_property
    def parameters(self) -> dict[str, Shown]:
        """Every row by its full name, user properties included."""
        return {row.get("data-param"): _shown(row) for row in self._document.iter("tr") if _of(row)}

    def section(self, name: str) -> dict[str, Shown]:
        """The rows of one section, which must be there, by the name within it."""
        [block] = [
            block for block in self._document.iter("section") if block.get("data-section") == name
        ]
        rows = [row for row in block.iter("tr") if _of(row)]
        return {row.get("data-param").removeprefix(f"{name}/"): _shown(row) for row in rows}

    @cached_property
    def sections(self) -> list[str]:
        """Names of the sections in the order of the page."""
        return [
            block.get("data-section")
            for block in self._document.iter("section")
            if block.get("data-section") is not None
        ]

    @cached_property
    def objects(self) -> dict[str, str]:
        """Every configuration object's text by its name."""
        return {
            block.get("data-configuration"): _only(block, "data-text")
            for block in self._document.iter("section")
            if block.get("data-configuration") is not None
        }


def _of(row: html.HtmlElement) -> bool:
    return row.get("data-param") is not None


def _shown(row: html.HtmlElement) -> Shown:
    described = row.xpath(".//*[@data-description]")
    description = described[0].text_content() if described else ""
    return Shown(_only(row, "data-value"), row.get("data-type"), description)


def _only(block: html.HtmlElement, hook: str) -> str:
    [element] = block.xpath(f".//*[@{hook}]")
    return element.text_content()
