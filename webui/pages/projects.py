"""The projects, what happened last in them, and the page that connects a first script."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from experiments.models import User
from experiments.operations.accounts import issue_credentials
from experiments.queries.access import project_for, scope_for
from experiments.queries.projects import ProjectCard, project_cards
from experiments.rules.status import LABELS, Status
from webui.addresses import address_seen
from webui.fragments import render_page
from webui.pages.connecting import Snippets, snippets
from webui.pages.frame import Moment, moment
from webui.tables.listing import newest_rows

RECENT = 8


@dataclass(frozen=True, slots=True)
class StatusCount:
    status: str
    label: str
    count: str


@dataclass(frozen=True, slots=True)
class Card:
    """A project as the page shows it; `children` are shown as a tree inside."""

    name: str
    path: str
    href: str
    description: str
    total: str
    counts: list[StatusCount]
    last_update: Moment | None
    children: list[Card]


@dataclass(frozen=True, slots=True)
class ProjectListContext:
    cards: list[Card]
    text: str
    recent: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class ConnectContext:
    """`snippets` hold a key only in the reply that made it."""

    snippets: Snippets
    issued: bool
    waiting: bool
    newest: dict[str, Any] | None


@require_safe
def project_list(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()
    cards = [_card(card) for card in project_cards(request.user, text=text)]
    recent = _recent(request.user, RECENT)
    if not recent and not text:
        return redirect("connect")
    context = ProjectListContext(cards, text, recent)
    return render_page(request, "projects/list.html", "projects/_cards.html", context)


@require_safe
def project(request: HttpRequest, uid: str) -> HttpResponse:
    """The overview of a project is its experiments, until it has more to say."""
    found = project_for(request.user, uid)
    return redirect("project-experiments", uid=found.uid)


@never_cache
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
def connect(request: HttpRequest) -> HttpResponse:
    """The four lines of a first script. The key is shown in this reply and never again."""
    issued = None
    if request.method == "POST":
        issued = issue_credentials(user=request.user, label="first script")
    recent = _recent(request.user, 1)
    context = ConnectContext(
        snippets=snippets(address_seen(request), issued),
        issued=issued is not None,
        waiting=not recent,
        newest=recent[0] if recent else None,
    )
    return render(request, "projects/connect.html", {"page": context})


@require_safe
def first_experiment(request: HttpRequest) -> HttpResponse:
    """Asked every few seconds by a page that waits; becomes the experiment when it is there."""
    recent = _recent(request.user, 1)
    context = {"waiting": not recent, "newest": recent[0] if recent else None}
    return render(request, "projects/_waiting.html", {"page": context})


def _recent(user: User, limit: int) -> list[dict[str, Any]]:
    return newest_rows(scope_for(user), limit, datetime.now(UTC))


def _card(card: ProjectCard) -> Card:
    shown = [status for status in Status if card.counts.get(status)]
    return Card(
        name=card.project.basename,
        path=card.project.name,
        href=reverse("project-experiments", args=[card.project.uid]),
        description=card.project.description,
        total=f"{card.total:,}",
        counts=[
            StatusCount(status, LABELS[status], f"{card.counts[status]:,}") for status in shown
        ],
        last_update=moment(card.last_update) if card.last_update else None,
        children=[_card(child) for child in card.children],
    )
