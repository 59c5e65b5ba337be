"""Secrets inside longer texts: configuration objects, their diffs, and their values as trees.

Text is searched with RE2, in one pass whatever somebody wrote to be slow, for names that may be
a secret's and for values that look like one; only what follows such a name is read more closely.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import re2

from experiments.rules.formats.problems import Scalar, Tree
from experiments.rules.redaction import KEY_OWNERS, MASK, is_secret, names_secret

Span = tuple[int, int]

_NAME = (
    r"[\w.\-/]*(?:pass|pwd|secret|token|credential|dsn|jwt|authorization|otp|cookie|bearer|session"
    rf"|(?:{'|'.join(sorted(KEY_OWNERS))})[^A-Za-z\n]{{0,3}}key)[\w.\-/]*"
)
_KEY = re2.compile(
    rf"""(?i)(["']?)((?:[\w.\-/]+ ){{0,2}}{_NAME})["']?"""
    r"""[\t ]*(?:=>|\+=|:=|[:=]|["']?,?[\t ]+["']?|>)"""
)
_NAMING = re2.compile(
    r"""(?i)\b(?:name|key|id|parameter|variable)["']?[\t ]*[:=][\t ]*["']?"""
    rf"""({_NAME})["']?\s{{0,9}},?\s{{0,99}}["']?(?:value|default)["']?[\t ]{{0,9}}[:=]"""
)
_VALUE = re2.compile(
    r"(?:^|[^A-Za-z0-9_-])(?:A[KS]IA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{20}|github_pat_\w{20}"
    r"|glpat-[\w-]{20}|hf_[A-Za-z0-9]{20}|npm_[A-Za-z0-9]{30}|pypi-AgE[\w-]{20}|sk-[\w-]{20,90}"
    r"|[rs]k_(?:live|test)_[A-Za-z0-9]{16}|xox[abeoprs]-[A-Za-z0-9-]{10}|AIza[\w-]{35}"
    r"|ya29\.[\w-]{20}|SG\.[\w-]{16,64}\.[\w-]{16}|dop_v1_[0-9a-f]{32}"
    r"|eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8})"
    r"|-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----|://[^/\s:@]*:[^/\s@]+@"
    r"|hooks\.slack\.com/services/\w|\b(?:AccountKey|SharedAccessKey|SharedAccessSignature)="
    r"|\b[Bb]earer [\w.~+/-]{16}"
)
# Possessive quantifiers: nothing here is read twice.
_TOKEN = re.compile(r"[^\s\"'<>,;]*+")
_END_OF_KEY = re.compile(r"(?:(?!-----END)[\s\S]){0,20000}+-----END [A-Z ]{0,40}KEY-----")
_BASE64 = re.compile(r"[^\n]*+(?:\n[\s\"']*+[A-Za-z0-9+/=\\n]{16,}+[\"',\\ ]*+(?=\n|\Z))*+")
_SPACE = re.compile(r"[\t ]*+")
_QUOTED = {
    '"': re.compile(r'"((?:[^"\\\n]|\\.)*+)'),
    "'": re.compile(r"'((?:[^'\\\n]|\\.|'')*+)"),
}
_TRIPLE = re.compile(r'(?:"""|\'\'\')([\s\S]{0,20000}?)(?:"""|\'\'\'|\Z)')
_BLOCK = re.compile(r"(?:[|>][+\-\d]*+)?[\t ]*+(?:#[^\n]*+)?(?:\n|\Z)")
_WORD = re.compile(r"[^\s&<\"']*+")
_ELEMENT = re.compile(r"[^\n<]*+")
_IN_BRACKETS = re.compile(r"[^\n,}\]]*+")
_LINE = re.compile(r"[^\n]*+")
_COMMENT = re.compile(r"\s+#.*|[\s,;]+$", re.DOTALL)
_PIECE = re.compile(
    r"""\s*+("(?:[^"\\\n]|\\.)*+"?|'(?:[^'\\\n]|\\.)*+'?|[{}\[\],]|[^\s{}\[\],:="']++|[:="'])"""
)
_CHILD = re.compile(r"[\t ]*+(?:-[\t ]++)*+(?:[\"']?([\w.\-/]++)[\"']?[\t ]*+[:=](?:[\t ]++|$))?+")
_NAMES = frozenset({"name", "key", "id", "parameter", "variable"})
_JUDGED = 200  # characters of a value that decide; the whole of it is masked
_MOST_LINES = 2_000
_MOST_NAMES = 50_000  # are judged; what follows further ones is masked unread
_MOST_PIECES = 20_000


@lru_cache(maxsize=8)
def secret_spans(text: str) -> tuple[Span, ...]:
    """Where the secrets of a text stand, in order, none overlapping another."""
    return tuple(_united(sorted([*_looking_secret(text), *_named_secret(text)])))


def has_secrets(text: str) -> bool:
    return bool(secret_spans(text))


def masked(text: str) -> str:
    """The text with its secrets masked; it keeps its lines and their indentation."""
    spans = secret_spans(text)
    if not spans:
        return text
    parts, at = [], 0
    for start, end in spans:
        parts += [text[at:start], *_masks(text[start:end])]
        at = end
    return "".join([*parts, text[at:]])


def name_below(name: str, tree: Tree, key: str | int) -> str:
    """The name that decides about what lies under `key`: a secret's name goes for all below it."""
    if name or isinstance(key, int):
        return name
    if key.lower() in {"value", "default"} and isinstance(tree, dict):
        named = (tree[each] for each in tree if each.lower() in _NAMES)
        return next((each for each in named if isinstance(each, str) and names_secret(each)), "")
    return key if names_secret(key) else ""


def masked_value(name: str, value: Scalar) -> Scalar:
    """A leaf of a tree, as it may be shown."""
    if name and is_secret(name, "" if value is None else str(value)):
        return MASK
    return masked(value) if isinstance(value, str) else value


def masked_tree(tree: Tree, name: str = "") -> Tree:
    """A tree with its secrets masked; `name` as `name_below` gave it."""
    if isinstance(tree, dict):
        return {key: masked_tree(each, name_below(name, tree, key)) for key, each in tree.items()}
    if isinstance(tree, list):
        return [masked_tree(each, name) for each in tree]
    return masked_value(name, tree)


def _masks(secret: str) -> Iterator[str]:
    for number, line in enumerate(secret.split("\n")):
        indent = line[: len(line) - len(line.lstrip())]
        yield "\n" * (number > 0) + indent + MASK * bool(line.strip()) + "\r" * line.endswith("\r")


def _united(spans: list[Span]) -> Iterator[Span]:
    last: Span | None = None
    for start, end in spans:
        if last and start <= last[1]:
            last = (last[0], max(end, last[1]))
            continue
        if last:
            yield last
        last = (start, end)
    if last:
        yield last


def _looking_secret(text: str) -> Iterator[Span]:
    covered = 0
    for found in _VALUE.finditer(text):
        start = found.start()
        if start < covered or not is_secret("", found[0]):
            continue
        if found[0].startswith("-----BEGIN"):
            end = _END_OF_KEY.match(text, start) or _BASE64.match(text, start)
        else:
            # What stands before it, a quote or a blank, is no part of it.
            start += found[0][0] not in ":hASB" and not found[0][0].isalnum()
            end = _TOKEN.match(text, found.end())
        covered = end.end() if end else found.end()
        yield start, covered


def _named_secret(text: str) -> Iterator[Span]:
    for found in _NAMING.finditer(text):
        if names_secret(found[1]):
            yield from _spans_at(text, found[1], found.end(), _IN_BRACKETS)
    covered = count = 0
    for found in _KEY.finditer(text):
        name = found[2].strip("-. ")
        if found.start() < covered or not names_secret(name) or not _is_key(text, found):
            continue
        count += 1
        spans = _value_spans(text, name, found) if count < _MOST_NAMES else _rest(text, found.end())
        for start, end in spans:
            covered = end
            if start < end:
                yield start, end


def _rest(text: str, at: int) -> Iterator[Span]:
    yield at, _end(_LINE, text, at)


def _is_key(text: str, found: re.Match[str]) -> bool:
    """A blank follows a name on command lines only, and `>` that of an element only."""
    last = found[0].rstrip("\t \"'")[-1:]
    if last in {":", "="} or found[0].endswith("=>"):
        return True
    before = text[max(0, found.start() - 1) : found.start()]
    return before == "<" if last == ">" else found[2].rpartition(" ")[2].startswith("--")


def _value_spans(text: str, name: str, found: re.Match[str]) -> Iterator[Span]:
    at = found.end()
    nearby = text[max(0, found.start() - _JUDGED) : found.start()]
    before = nearby.rpartition("\n")[2]
    if found[0].endswith(">") and not found[0].endswith("=>"):
        return _spans_at(text, name, at, _ELEMENT)
    if _BLOCK.match(text, at := _end(_SPACE, text, at)):
        return _block_spans(text, name, at, before)
    if " --" in f" {found[2]}" and found[0][-1] != ":":
        return _spans_at(text, name, at, _WORD)
    if found[1] or before.count("{") > before.count("}") or before.count("[") > before.count("]"):
        return _spans_at(text, name, at, _IN_BRACKETS)
    tight = found[0].endswith("=") and found[0][-2:-1].isalnum() and before.strip()
    return _spans_at(text, name, at, _WORD if tight else _LINE)


def _spans_at(text: str, name: str, at: int, bare: re.Pattern[str]) -> Iterator[Span]:
    """The secrets of a value that begins at a place; `bare` is how one without quotes ends."""
    at = _end(_SPACE, text, at)
    first = text[at : at + 1]
    if first and first in "{[":
        return _bracket_spans(text, name, at)
    quoted = _QUOTED[first] if first and first in "\"'" else None
    found = (text[at : at + 3] in {'"""', "'''"} and _TRIPLE.match(text, at)) or (
        quoted and quoted.match(text, at)
    )
    if found:
        return _judged(text, *found.span(1), name)
    part = bare.match(text, at, at + _JUDGED)
    whole = not part or part.end() < at + _JUDGED
    spans = _judged(text, at, part.end() if part else at, name)
    return spans if whole else ((start, _end(bare, text, at)) for start, _ in spans)


def _judged(text: str, start: int, end: int, *names: str) -> Iterator[Span]:
    if text[start : start + 1] in {'"', "'"} and text[end - 1] == text[start] and end - start > 1:
        start, end = start + 1, end - 1
    value = _COMMENT.sub("", text[start : min(end, start + _JUDGED)]).strip("\"'")
    if any(is_secret(name, value) for name in names):
        yield start, start + len(text[start:end].rstrip())


def _block_spans(text: str, name: str, at: int, before: str) -> Iterator[Span]:
    """The lines below a name, as far as they are further in."""
    whole = text[at : at + 1] in {"|", ">"}
    indent = len(before) - len(before.lstrip())
    at = _end(_LINE, text, at) + 1
    for _ in range(_MOST_LINES):
        end = _end(_LINE, text, at)
        line = text[at:end]
        inner = len(line) - len(line.lstrip())
        item = not whole and line.lstrip().startswith("- ") and not before.strip()
        if at >= len(text) or (line.strip() and inner < indent + (not item)):
            break
        child = None if whole else _CHILD.match(text, at)
        yield from _judged(text, child.end() if child else at + inner, end, name, _own(child))
        at = end + 1
    yield at, at  # what was read here is not read again


def _bracket_spans(text: str, name: str, at: int) -> Iterator[Span]:
    """The leaves of what stands in brackets; a leaf that a separator follows is a key."""
    depth = 0
    own = ""
    held: Span | None = None
    for _ in range(_MOST_PIECES):
        found = _PIECE.match(text, at)
        if found is None:
            break
        at = found.end()
        piece = found[1]
        if held and piece in {":", "="}:
            own = text[slice(*held)].strip("\"'")
        elif held:
            yield from _judged(text, *held, name, own)
        held = None if piece in "{}[],:=" else found.span(1)
        depth += (piece in {"{", "["}) - (piece in {"}", "]"})
        if not depth:
            break
    yield at, at


def _own(child: re.Match[str] | None) -> str:
    return (child and child[1]) or ""


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at
