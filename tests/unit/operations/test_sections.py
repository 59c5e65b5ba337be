"""Sections that have facts of their own."""

from __future__ import annotations

import pytest

from experiments.errors import InvalidField, TaskNotEditable
from experiments.models import HistoryEntry, ParameterSection, Via
from experiments.operations.sections import describe_section
from experiments.operations.status import change_status
from experiments.queries.sections import section_facts, sections_in_order
from experiments.rules.status import Status
from tests.factories import actor, make_task


@pytest.fixture
def task(project):
    return make_task(project, parameters={"Args/a": "1", "Net/b": "2", "Data/c": "3"})


def test_most_sections_have_no_row_and_stand_as_they_came(task):
    assert section_facts(task) == {}
    assert sections_in_order(task, {}) == ["Args", "Net", "Data"]


def test_description_place_and_folding_are_kept(task, alice):
    by = actor(alice, via=Via.BROWSER)
    describe_section(task=task, section="Data", position=1, by=by)
    describe_section(task=task, section="Data", description="what is read", by=by)
    facts = section_facts(task)
    assert (facts["Data"].description, facts["Data"].position) == ("what is read", 1)
    assert facts["Data"].origin == "browser"
    assert sections_in_order(task, facts) == ["Data", "Args", "Net"]
    entry = HistoryEntry.objects.get()
    assert (entry.what, entry.key, entry.new) == ("section", "Data", "what is read")


def test_a_section_that_is_not_there_cannot_be_described(task, alice):
    with pytest.raises(InvalidField, match="no section Nowhere"):
        describe_section(task=task, section="Nowhere", description="x", by=actor(alice))
    assert not ParameterSection.objects.exists()


def test_a_published_experiment_is_read_only(task, alice):
    found = change_status(task=task, to=Status.PUBLISHED, force=True, by=actor(alice))
    with pytest.raises(TaskNotEditable):
        describe_section(task=found, section="Args", description="x", by=actor(alice))
