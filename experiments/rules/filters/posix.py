"""An RE2 expression in the words of PostgreSQL's engine, with the same answer for any text.

PostgreSQL's escapes, flags and classes differ in small ways (`\\w` knows all scripts, `.` a line
break, `(?i)` stands only in front), so everything is spelled out in the plain words both know:
classes as code points, letters of either case as classes, `\\b` as looks to both sides. Only
whether a match exists has to agree: laziness and names of groups are dropped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

import re2

from experiments.errors import InvalidField

Ranges = tuple[tuple[int, int], ...]

LARGEST_REPETITION = 255
# Each look to a side doubles the work of PostgreSQL's compiler: 10 cost 3 ms, 16 cost 300.
MOST_LOOKS = 10
WIDEST_FOLDED = 2_000
_LAST = 0x10FFFF
_LAST_CASED = 0x1E943  # of Adlam, the last of the scripts that know case
_DIGIT: Ranges = ((48, 57),)
_SPACE: Ranges = ((9, 10), (12, 13), (32, 32))
_WORD: Ranges = ((48, 57), (65, 90), (95, 95), (97, 122))
_LETTER_CLASSES: dict[str, Ranges] = {"d": _DIGIT, "s": _SPACE, "w": _WORD}
_NAMED_CLASSES: dict[str, Ranges] = {
    "alnum": ((48, 57), (65, 90), (97, 122)),
    "alpha": ((65, 90), (97, 122)),
    "ascii": ((0, 127),),
    "blank": ((9, 9), (32, 32)),
    "cntrl": ((0, 31), (127, 127)),
    "digit": _DIGIT,
    "graph": ((33, 126),),
    "lower": ((97, 122),),
    "print": ((32, 126),),
    "punct": ((33, 47), (58, 64), (91, 96), (123, 126)),
    "space": ((9, 13), (32, 32)),
    "upper": ((65, 90),),
    "word": _WORD,
    "xdigit": ((48, 57), (65, 70), (97, 102)),
}
# Classes of other scripts, single bytes, and \B, which RE2 finds inside a character.
_UNSUPPORTED = frozenset("pPCB")
_CONTROLS = {"a": 7, "f": 12, "t": 9, "n": 10, "r": 13, "v": 11}
_REPETITION = re.compile(r"\{(\d+)(?:,(\d*))?\}", re.ASCII)
_GROUP = re.compile(r"\(\?(?:P?<\w+>|(?P<flags>[imsU]*(?:-[imsU]+)?)(?P<end>[:)]))")
_NAMED_CLASS = re.compile(r"\[:(?P<negated>\^?)(?P<name>\w+):\]", re.ASCII)
_CODE = re.compile(r"x\{(?P<long>[0-9A-Fa-f]+)\}|x(?P<short>[0-9A-Fa-f]{2})|(?P<octal>[0-7]{1,3})")
_BOUNDARY = "(?:(?<={0})(?!{0})|(?<!{0})(?={0}))"


@dataclass(frozen=True, slots=True)
class _Flags:
    """`i` folds case, `m` lets ^ and $ stand at line breaks, `s` lets . be one."""

    i: bool = False
    m: bool = False
    s: bool = False


@lru_cache(maxsize=256)
def to_posix(pattern: str) -> str:
    """For a pattern RE2 accepts; InvalidField for the few things that cannot be said."""
    return _Translator(pattern).translate()


class _Translator:
    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.position = 0
        self.flags = _Flags()
        self.outer: list[tuple[_Flags, int]] = []
        self.out: list[str] = []
        # Looks to a side, as often as they are repeated: all, and those before the last part.
        self.looks = self.looks_before = 0

    def translate(self) -> str:
        while self.position < len(self.pattern):
            self.out.append(self.next_part())
            if self.looks > MOST_LOOKS:
                raise InvalidField(f"it has more than {MOST_LOOKS} word or line boundaries")
        return "".join(self.out)

    def next_part(self) -> str:
        if self.pattern[self.position] not in "*+?{":
            self.looks_before = self.looks
        match self.pattern[self.position]:
            case "\\":
                return self.escape()
            case "[":
                return self.bracket()
            case "(":
                return self.group()
            case "*" | "+" | "?" | "{":
                return self.quantifier()
        return self.sign(self.take())

    def sign(self, character: str) -> str:
        match character:
            case ")":
                self.flags, self.looks_before = self.outer.pop()
                return ")"
            case "^":
                return self.look(r"(?:\A|(?<=\u000A))") if self.flags.m else r"(?:\A)"
            case "$":
                return self.look(r"(?:\Z|(?=\u000A))") if self.flags.m else r"(?:\Z)"
            case ".":
                return "." if self.flags.s else r"[^\u000A]"
            case "|":
                return "|"
        return self.literal(character)

    def look(self, written: str) -> str:
        self.looks += 1
        return written

    def take(self, length: int = 1) -> str:
        start = self.position
        self.position += length
        return self.pattern[start : self.position]

    def accept(self, text: str) -> bool:
        found = self.pattern.startswith(text, self.position)
        self.position += len(text) * found
        return found

    def literal(self, character: str) -> str:
        variants = _variants(character) if self.flags.i else frozenset(character)
        if len(variants) == 1:
            return _written(ord(character))
        return _bracketed(tuple((ord(found), ord(found)) for found in sorted(variants)))

    def quantifier(self) -> str:
        repetition = _REPETITION.match(self.pattern, self.position)
        if self.pattern[self.position] == "{" and repetition is None:
            return self.literal(self.take())
        written = self.take(len(repetition.group()) if repetition else 1)
        if self.out[-1:] == [""]:
            raise InvalidField(f"{written} must stand behind what it repeats")
        count = max(int(count or 1) for count in repetition.groups()) if repetition else 1
        if count > LARGEST_REPETITION:
            raise InvalidField(f"{written} repeats more than {LARGEST_REPETITION} times")
        self.looks += (self.looks - self.looks_before) * (count - 1)
        self.accept("?")
        return written

    def group(self) -> str:
        found = _GROUP.match(self.pattern, self.position)
        self.take(len(found.group()) if found else 1)
        if found is None or found["flags"] is None:
            self.outer.append((self.flags, self.looks))
            return "(?:"
        if found["end"] == ":":
            self.outer.append((self.flags, self.looks))
        on, _, off = found["flags"].partition("-")
        changes = {name: name in on for name in "ims" if name in on or name in off}
        self.flags = replace(self.flags, **changes)
        return "(?:" if found["end"] == ":" else ""

    def escape(self) -> str:
        if self.accept(r"\Q"):
            text, _, _ = self.pattern[self.position :].partition(r"\E")
            self.take(len(text))
            self.accept(r"\E")
            return "".join(map(self.literal, text))
        if self.accept(r"\b"):
            return self.look(_BOUNDARY.format(_bracketed(_WORD)))
        for escape, written in ((r"\E", ""), (r"\A", r"(?:\A)"), (r"\z", r"(?:\Z)")):
            if self.accept(escape):
                return written
        ranges = self.letter_class()
        return self.literal(self.escaped()) if ranges is None else _bracketed(ranges)

    def letter_class(self) -> Ranges | None:
        letter = self.pattern[self.position + 1 : self.position + 2]
        if letter in _UNSUPPORTED:
            raise InvalidField(f"\\{letter} is not supported")
        if letter.lower() not in _LETTER_CLASSES:
            return None
        self.take(2)
        ranges = self.folded(_LETTER_CLASSES[letter.lower()])
        return _complement(ranges) if letter.isupper() else ranges

    def escaped(self) -> str:
        """The one character an escape stands for."""
        self.take()
        code = _CODE.match(self.pattern, self.position)
        if code is not None:
            self.take(len(code.group()))
            hexadecimal = code["long"] or code["short"]
            number = int(hexadecimal, 16) if hexadecimal else int(code["octal"], 8)
            return chr(number)
        character = self.take()
        return chr(_CONTROLS[character]) if character in _CONTROLS else character

    def bracket(self) -> str:
        self.take()
        negated = self.accept("^")
        ranges: list[tuple[int, int]] = []
        while not (self.accept("]") and ranges):
            if self.pattern[self.position - 1] == "]" and not ranges:
                self.position -= 1
            ranges.extend(self.bracket_item())
        return _bracketed(tuple(ranges), negated=negated)

    def bracket_item(self) -> Ranges:
        named = _NAMED_CLASS.match(self.pattern, self.position)
        if named is not None:
            self.take(len(named.group()))
            ranges = self.folded(_NAMED_CLASSES[named["name"]])
            return _complement(ranges) if named["negated"] else ranges
        ranges_of_letter = self.letter_class() if self.stands("\\") else None
        if ranges_of_letter is not None:
            return ranges_of_letter
        first = last = self.bracket_character()
        if self.stands("-") and not self.pattern.startswith("-]", self.position):
            self.take()
            last = self.bracket_character()
        return self.folded(((ord(first), ord(last)),))

    def bracket_character(self) -> str:
        return self.escaped() if self.stands("\\") else self.take()

    def stands(self, text: str) -> bool:
        return self.pattern.startswith(text, self.position)

    def folded(self, ranges: Ranges) -> Ranges:
        """With the other cases of all letters in it, where case is to be ignored."""
        if not self.flags.i:
            return ranges
        if sum(last - first for first, last in ranges) > WIDEST_FOLDED:
            raise InvalidField("a class is too wide to ignore case in it")
        found = {
            ord(variant)
            for first, last in ranges
            for code in range(first, last + 1)
            for variant in _variants(chr(code))
        }
        return tuple((code, code) for code in sorted(found))


@lru_cache(maxsize=1)
def _same_when_folded() -> dict[str, str]:
    """All letters that have another case, by what they fold to; made when first needed."""
    groups: dict[str, str] = {}
    for character in map(chr, range(_LAST_CASED + 1)):
        groups[character.casefold()] = groups.get(character.casefold(), "") + character
    return {folded: letters for folded, letters in groups.items() if len(letters) > 1}


@lru_cache(maxsize=4096)
def _variants(character: str) -> frozenset[str]:
    """Everything RE2 takes for the same letter in another case."""
    letters = _same_when_folded().get(character.casefold(), character)
    if len(letters) == 1:
        return frozenset(letters)
    same = re2.compile("(?i)" + re2.escape(character))
    return frozenset(letter for letter in letters if same.fullmatch(letter))


def _merged(ranges: Ranges) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return merged


def _complement(ranges: Ranges) -> Ranges:
    begin = 0
    rest: list[tuple[int, int]] = []
    for first, last in _merged(ranges):
        if begin < first:
            rest.append((begin, first - 1))
        begin = last + 1
    if begin <= _LAST:
        rest.append((begin, _LAST))
    return tuple(rest)


def _bracketed(ranges: Ranges, *, negated: bool = False) -> str:
    # Texts hold neither NUL nor surrogates, and PostgreSQL does not want to hear of them.
    cut = [(max(first, 1), last) for first, last in _merged(ranges) if last > 0]
    if not cut:
        return "." if negated else r"(?!.)(?=.)"
    inside = "".join(
        _written(first) if first == last else f"{_written(first)}-{_written(last)}"
        for first, last in cut
    )
    return f"[{'^' if negated else ''}{inside}]"


def _written(code: int) -> str:
    character = chr(code)
    if character.isascii() and character.isalnum():
        return character
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"
