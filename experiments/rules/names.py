"""What a name may be: of tasks, projects, sections, parameters, objects, metrics."""

from __future__ import annotations

import unicodedata

from experiments.errors import InvalidField

MAX_CHARACTERS = 1024
MAX_BYTES = 2048  # an index entry of PostgreSQL holds 2,704 bytes at most


def check_text(text: str, field: str) -> str:
    """Text that both databases can keep; everything else about it is the user's."""
    if "\x00" in text:
        raise InvalidField(f"{field} contains a NUL character", field=field)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InvalidField(f"{field} contains half of a surrogate pair", field=field) from None
    return text


def check_name(text: str, field: str) -> str:
    """The name in its one spelling: NFC, without surrounding blanks. Raises InvalidField."""
    name = unicodedata.normalize("NFC", check_text(text, field)).strip()
    if not name:
        raise InvalidField(f"{field} must not be empty", field=field)
    _check_length(name, field, f"{field} has")
    return name


def check_key(section: str, name: str, field: str) -> tuple[str, str]:
    """Section and name of a parameter or metric; together they are one index entry."""
    checked = check_name(section, f"{field} section"), check_name(name, f"{field} name")
    _check_length("/".join(checked), field, "section and name together have")
    return checked


def _check_length(name: str, field: str, it_has: str) -> None:
    size = len(name.encode())
    if len(name) > MAX_CHARACTERS:
        raise InvalidField(
            f"{it_has} {len(name)} characters, at most {MAX_CHARACTERS} are possible", field=field
        )
    if size > MAX_BYTES:
        raise InvalidField(
            f"{it_has} {size} bytes in UTF-8, at most {MAX_BYTES} are possible", field=field
        )
