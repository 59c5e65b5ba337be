"""Parameters as the arguments that a shell would give their script, by who recorded them.

argparse `--lr 0.1 --amp`, absl `--lr=0.1 --noaugment`, Hydra `lr=0.1`, jsonargparse and Fire
`--amp=true`. A parameter without a value is left to its default.
"""

from __future__ import annotations

import shlex

from experiments.rules.document import PROPERTIES, Document, Item
from experiments.rules.types import Kind, read_type, typed_value

ABSL, HYDRA, ENVIRONMENT = "TF_DEFINE", "Hydra", "Environment"
_OF_COMMANDS = {"click.Command", "fire.Command"}
_OF_JSONARGPARSE = {"jsonargparse.Command", "jsonargparse_path", "jsonargparse_namespace"}
_OF_THE_SDK = {"_allow_omegaconf_edit_", "_ignore_ui_overrides_"}


def command_line(document: Document) -> str:
    words: list[str] = []
    for section, items in document.items():
        given = {
            name: item for name, item in items.items() if item.value and name not in _OF_THE_SDK
        }
        if section == ABSL:
            words += [word for name, item in given.items() for word in _absl(name, item)]
        elif section == HYDRA:
            bare = [name for name in items if name not in given and name not in _OF_THE_SDK]
            words += [f"{name}={item.value}" for name, item in given.items()] + bare
        elif section not in {PROPERTIES, ENVIRONMENT}:
            words += _arguments(given)
    return shlex.join(words)


def _arguments(items: dict[str, Item]) -> list[str]:
    """Options, then the command that was called with its own."""
    commands = {name for name, item in items.items() if item.type in _OF_COMMANDS}
    called = [name for name in commands if (items[name].value or "").lower() == "true"]
    called += [str(item.value) for item in items.values() if item.type == "jsonargparse.Command"]
    lightning = any(item.type in _OF_JSONARGPARSE or "." in name for name, item in items.items())
    first: list[str] = []
    own: dict[str, list[str]] = {name: [name] for name in called}
    for name, item in items.items():
        if name in commands or item.type == "jsonargparse.Command":
            continue
        command = next((c for c in called if name.startswith((f"{c}/", f"{c}."))), None)
        if command is None and any(name.startswith(f"{c}/") for c in commands):
            continue  # of a command that was not called
        option = name[len(command) + 1 :] if command else name
        of_fire = (item.type or "").startswith("fire.Arg")
        words = _equals(option, item) if lightning or of_fire else _option(option, item)
        (own[command] if command else first).extend(words)
    return first + [word for words in own.values() for word in words]


def _option(name: str, item: Item) -> list[str]:
    text, recorded = item.value or "", read_type(item.type)
    flag = _flag(name)
    # argparse and click record several texts as Python shows them, under the type of one.
    value = typed_value(text, "list" if text.startswith(("['", "('")) else item.type)
    if recorded.kind is Kind.BOOLEAN and isinstance(value, bool):
        # A flag that is off is not given.
        return [flag] if value else []
    if isinstance(value, list) and recorded.kind is not Kind.JSON and value:
        texts = [str(each) for each in value]
        if text[:1] == "(" or any(each.startswith("-") for each in texts):
            return [f"{flag}={each}" for each in texts]  # click repeats the option
        return [flag, *texts]
    return _plain(flag, text)


def _plain(flag: str, text: str) -> list[str]:
    # Apart from its option, what has an equals sign could be an override of its own.
    joined = text.startswith("-") or "=" in text or not flag.startswith("--")
    return [f"{flag}={text}"] if joined else [flag, text]


def _equals(name: str, item: Item) -> list[str]:
    text = item.value or ""
    if isinstance(typed_value(text, item.type), bool):
        text = text.lower() if not (item.type or "").startswith("fire.") else text
    return [f"{_flag(name)}={text}"]


def _absl(name: str, item: Item) -> list[str]:
    text = item.value or ""
    value = typed_value(text, item.type)
    if isinstance(value, bool):
        return [f"--{name}" if value else f"--no{name}"]
    if isinstance(value, list):
        texts = [str(each) for each in value]
        if (item.type or "").startswith("multi"):
            return [f"--{name}={each}" for each in texts]
        between = " " if (item.type or "").startswith("whitespace") else ","
        return [f"--{name}={between.join(texts)}"]
    return [f"--{name}={text}"]


def _flag(name: str) -> str:
    return f"--{name}"
