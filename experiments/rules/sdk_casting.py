"""What the SDK makes of a parameter's text, so that no text is accepted that it would turn
into something other than what the page shows.

Mirrors clearml/utilities/proxy_object.py (`convert_bool`, `cast_basic_type`) and the lists of
clearml/backend_interface/task/args.py (`copy_to_dict`). Nothing is converted with these.
"""

from __future__ import annotations

import json
import re

import yaml

# Slow, or a deep recursion: such texts are judged by JSON alone.
MIRRORED_LENGTH = 8_000
MIRRORED_DEPTH = 50


class _FloatLoader(yaml.SafeLoader):
    """The SDK's `FloatSafeLoader`: also reads `1e-5`, but not `1e5`, as a number."""


_FloatLoader.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(
        r"""^(?:[-+]?(?:[0-9][0-9_]*)\.[0-9_]*(?:[eE][-+][0-9]+)?
             |[-+]?(?:[0-9][0-9_]*)(?:[eE][-+][0-9]+)
             |\.[0-9_]+(?:[eE][-+][0-9]+)?
             |[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*
             |[-+]?\.(?:inf|Inf|INF)
             |\.(?:nan|NaN|NAN))$""",
        re.X,
    ),
    list("-+0123456789."),
)

_CASTS = {"int": int, "float": float, "str": str}
_STRUCTURES = {"list": list, "tuple": tuple, "dict": dict}


def sdk_value(text: str, type_: str | None) -> object:
    """What `Task.get_parameters(cast=True)` returns: the text itself where nothing fits."""
    if not type_:
        return None if text == "" else text
    structure = type_.split("/")[0]
    if structure in _STRUCTURES:
        return _cast_structure(text, structure)
    name = type_.lower().strip()
    if name in _STRUCTURES:
        return _STRUCTURES[name](text) if name != "dict" or not text else text
    if name == "bool":
        return _cast_boolean(text)
    try:
        return _CASTS[name](text) if name in _CASTS else text
    except ValueError:
        return text


def connected_structure(text: str, *, as_tuple: bool = False) -> object:
    """What a script gets for a structure that it connects; None: nothing it can use."""
    inner = text.strip()
    if as_tuple:
        inner = inner.replace("(", "[", 1)[::-1].replace(")", "]", 1)[::-1]
    return _yaml(inner, _FloatLoader)


def is_mirrored(text: str) -> bool:
    """Whether a text is short and flat enough to be read as the SDK would.

    YAML's merge of aliases (`<<: [*a, *a]`) doubles with each step: such texts are not read.
    """
    if len(text) > MIRRORED_LENGTH or ("<<" in text and "*" in text):
        return False
    return depth(text) <= MIRRORED_DEPTH


def depth(text: str) -> int:
    """How deep brackets nest at most, those inside quotes counted as well."""
    deepest = level = 0
    for character in text:
        if character in "[({":
            level += 1
            deepest = max(deepest, level)
        elif character in "])}":
            level -= 1
    return deepest


def _cast_boolean(text: str) -> object:
    word = text.strip().lower()
    return word == "true" if word in {"true", "false", ""} else text


def _cast_structure(text: str, structure: str) -> object:
    make = _STRUCTURES[structure]
    try:
        return make(json.loads(text))
    except (ValueError, TypeError, RecursionError):
        pass
    try:
        return make(_yaml("[" + text.lstrip("[(").rstrip("])") + "]", yaml.SafeLoader))
    except (ValueError, TypeError):
        return text


def _yaml(text: str, loader: type[yaml.SafeLoader]) -> object:
    if not is_mirrored(text):
        return None
    try:
        return yaml.load(text, Loader=loader)
    except (yaml.YAMLError, ValueError, TypeError, OverflowError):
        return None
