"""The form of a whole section, a page of its rows at a time: what it shows, what a save comes to.

Only the rows that were changed are saved, each against what it saw, so that the form merges with
what others change elsewhere in the section. Nothing is saved while one of them is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import QueryDict

from experiments.errors import InvalidField
from experiments.models import Task
from experiments.operations.actor import Actor
from experiments.operations.edits import Refusal
from experiments.rules.document import PROPERTIES, Item
from experiments.rules.parameters import checked_key, normal_section
from experiments.rules.redaction import MASK, is_secret
from webui.configuration.anchors import parameter_query
from webui.configuration.applying import apply_forms
from webui.configuration.editing import EditForm, known_section, sentence_of
from webui.configuration.nesting import in_tree_order, separator_of

PAGE = 100
NEW_ROWS = 3
MORE_ROWS = 5
MOST_NEW_ROWS = 200
LONGEST = 10_000  # characters: a page carries every value twice
SHOWN = 200
_MOST_DIGITS = 6
_NO_ROWS = "Give it at least one parameter: a section is what is in it."


@dataclass(frozen=True, slots=True)
class FixedRow:
    """A parameter that is not edited here: `why` says so, `link` leads to where it is."""

    place: str
    name: str
    value: str
    why: str
    link: str
    is_fixed: bool = True


@dataclass(frozen=True, slots=True)
class SectionForm:
    """`section` is empty for one that is to be added, `name` what was typed for it.

    `start` and `total` say which part of a big section it is.
    """

    section: str
    rows: tuple[EditForm | FixedRow, ...]
    name: str = ""
    name_error: str = ""
    start: int = 0
    total: int = 0
    error: str = ""
    unsaved: bool = False

    @property
    def adds(self) -> bool:
        return not self.section

    @property
    def refused(self) -> int:
        """How many rows say why they were not saved."""
        rows = [row for row in self.rows if isinstance(row, EditForm)]
        return sum(1 for row in rows if row.refusal or row.error)

    @property
    def has_next(self) -> bool:
        return self.start + PAGE < self.total

    @property
    def end(self) -> int:
        return min(self.start + PAGE, self.total)

    @property
    def next_query(self) -> str:
        return urlencode({"section": self.section, "start": self.start + PAGE})

    @property
    def previous_query(self) -> str:
        return urlencode({"section": self.section, "start": max(0, self.start - PAGE)})

    @property
    def blank(self) -> EditForm:
        """The row that the page's script adds."""
        return EditForm(self.section, place="new")


@dataclass(frozen=True, slots=True)
class Saved:
    """`status` 0: saved, `count` values differ."""

    form: SectionForm
    status: int = 0
    count: int = 0


def section_form(task: Task, section: str, start: int = 0) -> SectionForm:
    """The form of a section as it is, or of one to be added where no name is given."""
    items = task.hyperparams.get(section, {})
    start = start // PAGE * PAGE if start < len(items) else 0
    names = in_tree_order(list(items), separator_of(items))[start : start + PAGE]
    rows = [_row(section, name, items[name], str(place)) for place, name in enumerate(names)]
    blanks = _blanks(section, len(rows), NEW_ROWS)
    return SectionForm(section, (*rows, *blanks), start=start, total=len(items))


def read_form(task: Task, data: QueryDict) -> SectionForm:
    """The form as it was sent; what is not edited in it is drawn as it is now."""
    section = known_section(task, data.get("section", ""))
    form = section_form(task, section, number_in(data.get("start", "")))
    places = [each for each in dict.fromkeys(data.getlist("row")) if _is_number(each)]
    sent = [_answered(data, section, place) for place in places[: PAGE + MOST_NEW_ROWS]]
    rows = [row for row in form.rows if isinstance(row, FixedRow)] + [row for row in sent if row]
    rows.sort(key=_place)
    return replace(form, rows=tuple(rows), name=data.get("name", ""), unsaved=True)


def with_more_rows(form: SectionForm) -> SectionForm:
    free = max(map(_place, form.rows), default=-1) + 1
    return replace(form, rows=(*form.rows, *_blanks(form.section, free, MORE_ROWS)))


def save_section(task: Task, form: SectionForm, by: Actor) -> Saved:
    """Saves the rows that differ from what they saw, or none of them and says why."""
    changed = [row for row in form.rows if isinstance(row, EditForm) and _counts(row)]
    if any(row.conflict for row in changed):
        return Saved(form, 409)
    if form.adds:
        try:
            section = _new_section(task, form.name)
        except InvalidField as error:
            return Saved(replace(form, name_error=sentence_of(error)), 422)
        if not changed:
            return Saved(replace(form, error=_NO_ROWS), 422)
        changed = [replace(row, section=section) for row in changed]
        form = replace(form, name=section)
    if not changed:
        return Saved(form)
    applied = apply_forms(task, changed, by)
    answered = {row.place: row for row in applied.forms}
    rows = tuple(answered.get(row.place, row) for row in form.rows)
    return Saved(replace(form, rows=rows, error=applied.error), applied.status, applied.count)


def _row(section: str, name: str, item: Item, place: str) -> EditForm | FixedRow:
    key, value = f"{section}/{name}", item.value or ""
    if is_secret(key, value):
        why = "Masked. Reveal it in its own row to edit it."
        return FixedRow(place, name, MASK, why, parameter_query(key))
    if len(value) + len(item.description or "") > LONGEST:
        why = f"{len(value):,} characters. Edit it in its own row."
        return FixedRow(place, name, value[:SHOWN] + "…", why, parameter_query(key))
    return EditForm.of(section, name, item, place)


def _blanks(section: str, first: int, count: int) -> Iterator[EditForm]:
    return (EditForm(section, place=str(place)) for place in range(first, first + count))


def _answered(data: QueryDict, section: str, place: str) -> EditForm | None:
    """A row as it was sent, with what was chosen where a conflict had been shown."""
    form = EditForm.read(data, section, place)
    if f"{place}-asks" not in data:
        return form
    theirs = form.was
    match data.get(f"{place}-choice"):
        case "mine":
            return form
        case "theirs":
            return EditForm.of(section, theirs.name, theirs.item, place) if theirs else None
    return replace(form, refusal=Refusal("", conflict=True, current=theirs and theirs.item))


def _counts(form: EditForm) -> bool:
    """Whether the row is an edit: something else than what it saw, or that is not blank."""
    if not form.adds:
        return form.changed
    typed = (form.name, form.value, form.type, form.description)
    return any(text.strip() for text in typed) and not form.removes


def _new_section(task: Task, name: str) -> str:
    """The name of a section to be added. Raises InvalidField."""
    section = checked_key(normal_section(name), "name", "section")[0]
    if section == PROPERTIES:
        raise InvalidField("user properties have a section of their own", field="section")
    if section in task.hyperparams:
        raise InvalidField(f"there is a section {section} already; add to it", field="section")
    return section


def _place(row: EditForm | FixedRow) -> int:
    return int(row.place)


def number_in(text: str) -> int:
    return int(text) if _is_number(text) else 0


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS
