"""The CONFIGURATION page as a person sees it: its HTML taken apart by the stable hooks."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

from lxml import html

PROPERTIES = "properties"


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
        return _rows(self._document)

    @cached_property
    def sections(self) -> list[str]:
        """Names of the sections of hyperparameters, in the order of the page."""
        blocks = self._document.xpath("//section/@data-section")
        return [name for name in blocks if name != PROPERTIES]

    def section(self, name: str) -> dict[str, Shown]:
        """The rows of one section, which must be there, by the name within it."""
        [block] = self._document.xpath("//section[@data-section=$name]", name=name)
        return {key.removeprefix(f"{name}/"): row for key, row in _rows(block).items()}

    @cached_property
    def objects(self) -> dict[str, str]:
        """Text of every configuration object; whether its last line ended is not to be seen."""
        return {
            block.get("data-configuration"): _lines(block)
            for block in self._document.xpath("//section[@data-configuration]")
        }

    @cached_property
    def object_descriptions(self) -> dict[str, str]:
        return {
            block.get("data-configuration"): "".join(block.xpath(".//p//bdi//text()"))
            for block in self._document.xpath("//section[@data-configuration]")
        }


def _rows(block: html.HtmlElement) -> dict[str, Shown]:
    return {row.get("data-param"): _shown(row) for row in block.xpath(".//tr[@data-param]")}


def _shown(row: html.HtmlElement) -> Shown:
    [value] = row.xpath(".//*[@data-value]//bdi")
    [description] = row.xpath("./td[contains(@class, 'description')]/bdi")
    return Shown(value.text_content(), row.get("data-type"), description.text_content())


def _lines(block: html.HtmlElement) -> str:
    lines = [line.text_content() for line in block.xpath(".//*[@data-line]")]
    return "".join(lines).removesuffix("\n")
