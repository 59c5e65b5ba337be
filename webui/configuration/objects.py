"""Configuration objects as the page shows them: text in parts, a tree, or the lines of hits."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.http import QueryDict

from experiments.models import ConfigurationObject, Task
from experiments.operations.configurations import object_version
from experiments.operations.documents import Object
from experiments.queries.configurations import configuration_names, configurations
from experiments.rules.editing import edit_refusal
from experiments.rules.formats.detection import Format, detect
from experiments.rules.formats.tree import MAX_LENGTH, read
from experiments.rules.secret_text import has_secrets, masked
from webui.configuration.marks import found_in, marked
from webui.configuration.object_text import Line, TextPart, hits_in_lines, text_part
from webui.configuration.object_tree import Node, tree_at
from webui.configuration.object_view import ObjectView, object_address
from webui.configuration.parent import ParentPanel

AT_ONCE = 20_000
_ROLE = "Your role in this project is viewer; editing needs editor."


@dataclass(frozen=True, slots=True)
class ObjectPanel:
    """`loaded` is False for a big one, whose text is fetched when it is opened.

    `unread` says why there is no tree, where one was asked for.
    """

    name: str
    title: str
    anchor: str
    description: str
    format: str
    size: str
    line_count: str
    view: ObjectView
    address: str
    editable: bool
    may_edit: bool
    secret: bool
    revealed: bool
    empty: bool
    has_tree: bool
    open: bool
    loaded: bool = False
    part: TextPart | None = None
    tree: Node | None = None
    unread: str = ""
    hits: tuple[Line, ...] = ()
    more_hits: str = ""
    version: str = ""
    others: tuple[str, ...] = ()
    in_parent: bool = False

    @property
    def form_query(self) -> str:
        return urlencode({"name": self.name})


@dataclass(frozen=True, slots=True)
class ObjectReader:
    """What decides how the objects of a task look to somebody.

    `in_parent` are the names of those that the parent has too.
    """

    task: Task
    may_edit: bool
    view: ObjectView = field(default_factory=ObjectView)
    search: str = ""
    revealed: bool = False
    names: tuple[str, ...] = ()
    in_parent: frozenset[str] = frozenset()

    @property
    def refusal(self) -> str:
        """Why this person cannot edit objects now; empty when they can."""
        refused = edit_refusal(self.task.status, "configuration")
        return refused or ("" if self.may_edit else _ROLE)

    def panel(self, found: ConfigurationObject, anchor: str) -> ObjectPanel | None:
        """None when it does not contain what is searched for."""
        text = found.value if self.revealed else masked(found.value)
        hits, more = hits_in_lines(text, self.search) if self.search else ([], 0)
        if self.search and not hits and not self._named(found):
            return None
        asked = found.name == self.view.object
        view = self.view if asked else ObjectView(object=found.name)
        shape = detect(found.value, found.type, found.name)
        panel = ObjectPanel(
            name=found.name,
            title=marked(found.name, self.search),
            anchor=anchor,
            description=marked(found.description or "", self.search),
            format=_format(shape, found.value),
            size=_size(len(found.value.encode())),
            line_count=_counted(_count_lines(found.value), "line"),
            view=view,
            address=object_address(self.task, ObjectView(object=found.name)),
            editable=not self.refusal,
            may_edit=self.may_edit,
            secret=has_secrets(found.value),
            revealed=self.revealed,
            empty=not found.value,
            has_tree=shape in MAX_LENGTH,
            open=asked or bool(hits) or len(text) <= AT_ONCE,
            version=object_version(Object(found.value, found.type, found.description)),
            others=tuple(name for name in self.names if name != found.name),
            in_parent=found.name in self.in_parent,
        )
        if hits and not asked:
            return replace(panel, hits=tuple(hits), more_hits=f"{more:,}" if more else "")
        if asked or len(text) <= AT_ONCE:
            return self._loaded(panel, found.value, text, shape)
        return panel

    def _named(self, found: ConfigurationObject) -> bool:
        return found_in(found.name, self.search) or found_in(found.description, self.search)

    def _loaded(self, panel: ObjectPanel, real: str, text: str, shape: Format) -> ObjectPanel:
        if not panel.view.tree:
            return replace(panel, loaded=True, part=text_part(text, shape, panel.view))
        tree, why = object_tree(real, shape, panel.view, revealed=self.revealed)
        if tree is None:
            part = text_part(text, shape, panel.view)
            return replace(panel, loaded=True, part=part, unread=why)
        return replace(panel, loaded=True, tree=tree)


def object_panels(
    task: Task, query: QueryDict, *, search: str, may_edit: bool, in_parent: frozenset[str]
) -> list[ObjectPanel]:
    """The objects of a task, by name; those without a hit are left out of a search."""
    found = configurations(task)
    names = tuple(each.name for each in found)
    view = ObjectView.of(query)
    reader = ObjectReader(task, may_edit, view, search, names=names, in_parent=in_parent)
    panels = (reader.panel(each, anchor_at(place)) for place, each in enumerate(found))
    return [panel for panel in panels if panel]


def anchor_at(place: int) -> str:
    return f"object-{place + 1}"


def anchor_of(task: Task, name: str) -> str:
    """The id of an object's section in the page."""
    names = configuration_names(task)
    return anchor_at(names.index(name)) if name in names else "objects"


def object_tree(
    text: str, shape: Format, view: ObjectView, *, revealed: bool = False
) -> tuple[Node | None, str]:
    """The part of the tree that `view` asks for; else why there is none."""
    if shape not in MAX_LENGTH:
        return None, f"{shape} has no tree."
    if len(text) > MAX_LENGTH[shape]:
        return None, f"It is too long to be read as {shape}; here is its text."
    reading = read(text, shape)
    if reading.problem:
        line, column, message = reading.problem
        return None, f"It cannot be read as {shape}: line {line}, column {column}: {message}."
    found = None
    if view.path is not None:
        found = tree_at(reading.tree, view.path, max(0, view.start), revealed=revealed)
    return found, "" if found else "There is no such place in it."


def download_name(name: str, *, hides: bool) -> str:
    """What a file with masked secrets is called says so: `net.masked.yaml`."""
    if not hides:
        return name
    stem, dot, ending = name.rpartition(".")
    return f"{stem}.masked.{ending}" if dot and stem else f"{name}.masked"


def objects_of_both(parent: ParentPanel | None) -> frozenset[str]:
    """The names of objects that differ from those of the same name in the parent."""
    rows = parent.objects if parent else []
    return frozenset(row.key for row in rows if row.old is not None and row.new is not None)


def back_to_object(task: Task, name: str) -> str:
    return object_address(task, ObjectView(object=name), anchor_of(task, name))


def _format(shape: Format, text: str) -> str:
    ends = ", CR LF line ends" if "\r\n" in text else ""
    return f"{shape}{ends}"


def _size(count: int) -> str:
    if count < 1024:
        return f"{count} B"
    return f"{count / 1024:.1f} KB" if count < 1024 * 1024 else f"{count / 1024 / 1024:.1f} MB"


def _count_lines(text: str) -> int:
    return text.count("\n") + (not text.endswith("\n")) if text else 0


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
