"""What is shown of a field: its text, or the text with its secrets masked."""

from __future__ import annotations

from experiments.rules.execution import OF_MANY_LINES
from experiments.rules.secret_text import has_secrets, masked
from webui.structures import masked_text

COMMAND = "docker run "


def masked_field(field: str, text: str) -> str:
    """The text that everybody may see."""
    if field in OF_MANY_LINES:
        return masked(text)
    if field == "container.arguments":
        # Seen as the words of a command, what follows a secret stays readable.
        return masked(f"{COMMAND}{text}").removeprefix(COMMAND)
    return masked_text(field.rpartition(".")[2], text)


def has_secret(field: str, text: str) -> bool:
    return has_secrets(text) if field in OF_MANY_LINES else masked_field(field, text) != text
