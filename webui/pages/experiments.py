"""The experiment table, of one project or of everything, and its column chooser."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from experiments.models import Project
from experiments.queries.access import project_for, scope_for
from experiments.rules.fields import columns_text, order_text
from experiments.rules.filters import EVERYTHING
from webui.fragments import render_page, wants_fragment
from webui.pages.frame import Crumb, project_crumbs
from webui.tables.choices import Group, column_choices
from webui.tables.listing import Listing, build_listing
from webui.tables.state import LIMIT, TableState, read_state


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses around a table: its own, and those its controls lead to."""

    state: TableState
    project: Project | None

    @property
    def address(self) -> str:
        if self.project:
            return reverse("project-experiments", args=[self.project.uid])
        return reverse("experiment-list")

    @property
    def columns_url(self) -> str:
        if self.project:
            return reverse("project-experiment-columns", args=[self.project.uid])
        return reverse("experiment-columns")

    @property
    def query(self) -> str:
        return self.state.address()

    @property
    def cleared(self) -> str:
        return self.state.address(where=EVERYTHING, filter_error=None)

    @property
    def archived_address(self) -> str:
        return self.address + self.state.address(archived=not self.state.archived)

    @property
    def defaults(self) -> str:
        return self.state.address(columns=TableState().columns)

    @property
    def filter_keeps(self) -> list[tuple[str, str]]:
        """What the form of the filter sends along besides its own field."""
        return self._kept("columns", "order", "archived", "limit")

    @property
    def columns_keep(self) -> list[tuple[str, str]]:
        return self._kept("filter", "order", "archived", "limit")

    def _kept(self, *names: str) -> list[tuple[str, str]]:
        state = self.state
        values = {
            "columns": "" if state.columns == TableState().columns else columns_text(state.columns),
            "order": order_text(state.order),
            "filter": state.filter_text,
            "archived": "1" if state.archived else "",
            "limit": "" if state.limit == LIMIT else str(state.limit),
        }
        return [(name, values[name]) for name in names if values[name]]


@dataclass(frozen=True, slots=True)
class ErrorMark:
    """The text of a wrong filter, cut at the character that is wrong."""

    before: str = ""
    at: str = ""
    after: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class ExperimentListContext:
    addresses: Addresses
    listing: Listing
    project: Project | None
    crumbs: list[Crumb]
    error: ErrorMark = field(default_factory=ErrorMark)

    @property
    def conditions(self) -> str:
        count = len(self.listing.state.chips)
        return "1 condition hides" if count == 1 else f"{count} conditions hide"


@dataclass(frozen=True, slots=True)
class ColumnsContext:
    addresses: Addresses
    groups: list[Group]


@require_safe
def experiment_list(request: HttpRequest, uid: str | None = None) -> HttpResponse:
    project = project_for(request.user, uid) if uid else None
    state = read_state(request.GET)
    error = _error_mark(state)
    if state.filter_error and wants_fragment(request):
        return _filter_error(request, state, error)
    scope = scope_for(request.user, projects=[project] if project else None)
    context = ExperimentListContext(
        addresses=Addresses(state, project),
        listing=build_listing(scope, state, datetime.now(UTC)),
        project=project,
        crumbs=project_crumbs(request.user, project),
        error=error,
    )
    status = 422 if state.filter_error else 200
    return render_page(
        request, "experiments/list.html", "experiments/_listing.html", context, status=status
    )


@require_safe
def experiment_columns(request: HttpRequest, uid: str | None = None) -> HttpResponse:
    project = project_for(request.user, uid) if uid else None
    state = read_state(request.GET)
    scope = scope_for(request.user, projects=[project] if project else None)
    context = ColumnsContext(Addresses(state, project), column_choices(scope, state))
    return render_page(request, "experiments/columns.html", "experiments/_columns.html", context)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Words in the search field of the top bar are a filter of the table of everything."""
    words = request.GET.get("q", "").strip()
    query = f"?{urlencode({'filter': words})}" if words else ""
    return redirect(reverse("experiment-list") + query)


def _error_mark(state: TableState) -> ErrorMark:
    if state.filter_error is None:
        return ErrorMark()
    text, position = state.filter_text, state.filter_error.position
    detail = state.filter_error.detail
    sentence = f"{detail[:1].upper()}{detail[1:]}."
    # At the end there is nothing to underline but the place itself.
    at = text[position : position + 1] or " "
    return ErrorMark(text[:position], at, text[position + 1 :], sentence)


def _filter_error(request: HttpRequest, state: TableState, error: ErrorMark) -> HttpResponse:
    """Goes beside the filter; the last good table and its address stay."""
    response = render(
        request, "experiments/_filter_error.html", {"state": state, "error": error}, status=422
    )
    response["HX-Retarget"] = "#filter-error"
    response["HX-Reswap"] = "innerHTML"
    response["HX-Push-Url"] = "false"
    return response
