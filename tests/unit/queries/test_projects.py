"""The tree of projects with its sums."""

from __future__ import annotations

from experiments.operations.archiving import set_archived
from experiments.operations.status import change_status
from experiments.queries.projects import project_cards
from experiments.rules.status import Status
from tests.factories import actor, make_project, make_task


def test_a_card_sums_up_what_is_under_it_and_leaves_the_archive_out(alice, charlie):
    by = actor(alice)
    top, below = make_project("a", owner=alice), make_project("a/b", owner=alice)
    for project in (top, below, below):
        make_task(project)
    change_status(task=make_task(below), to=Status.IN_PROGRESS, by=by)
    for status in (Status.CREATED, Status.FAILED):
        gone = change_status(task=make_task(below), to=status, force=True, by=by)
        set_archived(task=gone, archived=True, by=by)
    [card] = project_cards(alice)
    assert card.counts == {"created": 3, "in_progress": 1} and card.total == 4
    assert [child.counts for child in card.children] == [{"created": 2, "in_progress": 1}]
    assert card.last_update is not None
    assert project_cards(charlie) == []


def test_projects_are_found_by_a_part_of_their_path(alice):
    make_project("vision/pose", owner=alice)
    assert [card.project.name for card in project_cards(alice, text="POSE")] == ["vision/pose"]
    assert project_cards(alice, text="nothing") == []
