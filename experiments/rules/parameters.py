"""What may be stored as a parameter: its key in the one spelling, its texts."""

from __future__ import annotations

from experiments.errors import InvalidField
from experiments.rules.document import PROPERTIES, Item
from experiments.rules.names import check_key, check_name, check_text


def normal_section(section: str) -> str:
    """The section's one spelling; any case of `properties` means user properties."""
    checked = check_name(section, "section")
    return PROPERTIES if checked.lower() == PROPERTIES else checked


def checked_key(section: str, name: str, field: str = "hyperparams") -> tuple[str, str]:
    """Section and name in their one spelling; `field` is what the sentence of a refusal says."""
    section = normal_section(section)
    if "/" in section:
        raise InvalidField(f"section {section!r} must not contain a slash", field="section")
    return check_key(section, name, field)


def checked_item(item: Item) -> Item:
    for text, field in zip(item, Item._fields, strict=True):
        if text is not None:
            check_text(text, field)
    return item


def same_item(one: Item | None, other: Item | None) -> bool:
    """Whether two items look the same to a person: no value and an empty one do."""
    if one is None or other is None:
        return one is other
    return [text or "" for text in one] == [text or "" for text in other]
