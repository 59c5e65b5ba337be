"""What a form of many rows means, said as naively as possible; and forms to try it with."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from experiments.rules.document import Document, Item, flatten
from experiments.rules.edits import Edit

SECTIONS = ("A", "B", "properties")
NAMES = "abcde"
items = st.builds(
    Item, st.sampled_from("0123"), st.sampled_from((None, "int")), st.sampled_from((None, "why"))
)
documents = st.dictionaries(
    st.sampled_from(SECTIONS), st.dictionaries(st.sampled_from(NAMES), items, min_size=1)
)


@st.composite
def forms(draw: st.DrawFn) -> tuple[Document, list[Edit]]:
    """A document and rows that mostly saw what is there: renamed, emptied, changed, added."""
    document = draw(documents)
    rows = draw(st.permutations(list(flatten(document))))
    edits = []
    for section, name, found in rows[: draw(st.integers(0, 6))]:
        seen = draw(st.sampled_from((found, found, found, found, found, Item("other"))))
        wanted = draw(st.one_of(st.none(), st.just(found), items))
        new_name = draw(st.sampled_from(NAMES)) if draw(st.booleans()) else name
        edits.append(Edit(section, new_name, seen, wanted, name, draw(st.booleans())))
    for _ in range(draw(st.integers(0, 2))):
        section, name = draw(st.sampled_from(SECTIONS)), draw(st.sampled_from(NAMES))
        edits.append(Edit(section, name, None, draw(items)))
    return document, draw(st.permutations(edits))


def naively_edited(document: Document, edits: Sequence[Edit]) -> Document | None:
    """The document with all edits made at the same moment; None where that makes no sense."""
    rows = [((section, name), item) for section, name, item in flatten(document)]
    taken = [(edit.section, edit.seen_name) for edit in edits if edit.seen]
    if len(set(taken)) < len(taken):
        return None
    for edit in edits:
        found = dict(rows).get((edit.section, edit.seen_name))
        if edit.seen and found != edit.seen:
            return None
        if edit.seen and edit.wanted and edit.wanted.type != found.type and not edit.retypes:
            return None
    left = []
    for key, item in rows:
        edit = next((e for e in edits if e.seen and (e.section, e.seen_name) == key), None)
        if edit is None:
            left.append((key, item))
        elif edit.wanted:
            left.append(((edit.section, edit.name), edit.wanted))
    left += [((e.section, e.name), e.wanted) for e in edits if not e.seen and e.wanted]
    keys = [key for key, _ in left]
    if len(set(keys)) < len(keys):
        return None
    result: Document = {section: {} for section in document}
    for (section, name), item in left:
        result.setdefault(section, {})[name] = item
    return {section: items for section, items in result.items() if items}


def differences(before: Document, after: Document, edits: Sequence[Edit]) -> int:
    """How many entries the history gets: come, gone, renamed, or each part that changed."""
    old = {(section, name): item for section, name, item in flatten(before)}
    new = {(section, name): item for section, name, item in flatten(after)}
    if list(old.items()) == list(new.items()):
        return 0
    kept = [edit for edit in edits if edit.seen and edit.wanted]
    away = {(edit.section, edit.seen_name) for edit in kept if edit.name != edit.seen_name}
    was = {key: key for key in new if key in old and key not in away}
    was |= {(edit.section, edit.name): (edit.section, edit.seen_name) for edit in kept}
    come, gone = new.keys() - was.keys(), old.keys() - set(was.values())
    renamed = [key for key in was if was[key] != key]
    parts = [a != b for key in was for a, b in zip(old[was[key]], new[key], strict=True)]
    return len(come) + len(gone) + len(renamed) + sum(parts)
