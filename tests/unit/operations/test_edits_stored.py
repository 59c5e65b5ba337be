"""Any form at all: the stored document, its index and its history say the same."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from experiments.models import HistoryEntry, Task, Via
from experiments.operations.edits import EditsRefused, apply_edits
from experiments.operations.indexing import task_entries
from experiments.queries.indexed import entries_by_task
from tests.factories import actor, make_task
from tests.unit.rules.naive_edits import differences, forms, naively_edited


@given(form=forms())
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_document_index_and_history_agree(project, alice, form):
    document, edits = form
    task = make_task(project, hyperparams=document)
    expected = naively_edited(document, edits)
    try:
        changed = apply_edits(task=task, edits=edits, by=actor(alice, via=Via.BROWSER))
    except EditsRefused:
        assert expected is None
        changed, expected = 0, document
    found = Task.objects.get(pk=task.pk)
    assert found.hyperparams == expected
    assert changed == differences(document, expected, edits)
    assert changed == HistoryEntry.objects.filter(task=task).count()
    assert entries_by_task([found]).get(task.pk, set()) == task_entries(found)
