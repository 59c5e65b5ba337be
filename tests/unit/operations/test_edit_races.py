"""Nothing is overwritten unseen: races of people, scripts and programs for the same values.

With those for objects and sections they are more than six hundred. In each, two change the same
experiment at the same moment. What was accepted is kept and told once in the history, what was
not is refused with what stands there; never half of anything.
"""

from __future__ import annotations

import pytest
from django.test import Client

from experiments.errors import TaskNotEditable
from experiments.models import HistoryEntry, Role, Via
from experiments.operations.edits import Edit, apply_edits
from experiments.operations.projects import share_project
from experiments.operations.reverting import revert_change
from experiments.operations.status import change_status
from experiments.queries.changes import last_moment
from experiments.rules.document import Item
from experiments.rules.status import Status
from tests.factories import actor, make_task
from tests.page_forms import form_in
from tests.people import ProtocolClient
from tests.racing import fresh_keys, outcomes  # noqa: F401
from tests.racing_edits import (
    check_whole,
    contested,
    edit_of,
    race,
    refused,
    stored,
    times_in_history,
    value_of,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def task(project):
    return contested(project)


def test_two_browsers_one_value(task, project, alice, bob):
    """60 races through the pages: one is answered 409 and finds both values there."""
    share_project(project=project, user=bob, role=Role.EDITOR, by=actor(alice))
    first = task.hyperparams
    clients = [Client(), Client()]
    for client, user in zip(clients, (alice, bob), strict=True):
        client.force_login(user)
    address = f"/experiments/{task.uid}/configuration/edit/?key=Args/lr"
    for number in range(60):
        forms = [form_in(client.get(address).content.decode()) for client in clients]

        def save(thread, forms=forms, number=number):
            action, fields = forms[thread]
            data = {**fields, "value": f"race-{number}-{thread}"}
            return clients[thread].post(action, data)

        answers = outcomes(save, threads=2)
        winner = next(n for n, answer in enumerate(answers) if answer.status_code == 302)
        loser = answers[1 - winner]
        assert loser.status_code == 409
        page = loser.content.decode()
        assert f"race-{number}-{winner}" in page
        assert form_in(page)[1]["value"] == f"race-{number}-{1 - winner}", "the typing is kept"
        assert value_of(task, "Args", "lr") == f"race-{number}-{winner}"
        assert times_in_history(task, f"race-{number}-{winner}") == 1
        assert times_in_history(task, f"race-{number}-{1 - winner}") == 0
    check_whole(task, first=first)


def test_two_browsers_different_keys(task, alice, bob):
    first = task.hyperparams
    for number in range(60):
        done = race(
            edit_of(task, actor(alice, via=Via.BROWSER), f"a{number}", name="lr"),
            edit_of(task, actor(bob, via=Via.BROWSER), f"b{number}", name="n"),
        )
        assert done == [1, 1]
        assert (value_of(task, "Args", "lr"), value_of(task, "Args", "n")) == (
            f"a{number}",
            f"b{number}",
        )
    assert HistoryEntry.objects.filter(task=task).count() == 120
    check_whole(task, first=first)


@pytest.mark.parametrize("endpoint", ["tasks.edit", "tasks.edit_hyper_params"])
def test_a_browser_and_a_script_different_keys(task, alice, bob, endpoint):
    """The script sends all that it read, or only what it means; the person's value stays."""
    first = task.hyperparams
    script = ProtocolClient(alice)
    for number in range(40):
        body = sent_by(script, task, endpoint, f"s{number}", name="n")
        _, edit = race(
            lambda body=body: script.data(endpoint, body),
            edit_of(task, actor(bob, via=Via.BROWSER), f"b{number}", name="lr"),
        )
        assert edit == 1
        assert value_of(task, "Args", "n") == f"s{number}"
        assert value_of(task, "Args", "lr") == f"b{number}"
        assert times_in_history(task, f"b{number}") == 1
    check_whole(task, first=first)


@pytest.mark.parametrize("endpoint", ["tasks.edit", "tasks.edit_hyper_params"])
def test_a_browser_and_a_script_the_same_key(task, alice, bob, endpoint):
    """A script does not ask what stood there: its word is the last, but the person's is told."""
    first = task.hyperparams
    script = ProtocolClient(alice)
    kept = 0
    for number in range(40):
        body = sent_by(script, task, endpoint, f"s{number}")
        _, edit = race(
            lambda body=body: script.data(endpoint, body),
            edit_of(task, actor(bob, via=Via.BROWSER), f"b{number}"),
        )
        assert value_of(task, "Args", "lr") == f"s{number}"
        if refused(edit):
            [refusal] = edit.refusals.values()
            assert refusal.conflict and refusal.current == Item(f"s{number}")
        assert times_in_history(task, f"b{number}") == (not refused(edit))
        kept += not refused(edit)
    assert HistoryEntry.objects.filter(task=task, via=Via.BROWSER).count() == kept
    check_whole(task, first=first)


def sent_by(script, task, endpoint, value, name="lr"):
    item = {"section": "Args", "name": name, "value": value}
    if endpoint == "tasks.edit_hyper_params":
        return {"task": task.uid, "hyperparams": [item]}
    read = script.data("tasks.get_by_id", {"task": task.uid})["task"]["hyperparams"]
    return {"task": task.uid, "hyperparams": {**read, "Args": {**read["Args"], name: item}}}


def test_a_browser_and_a_program_one_value(task, alice, bob):
    first = task.hyperparams
    for number in range(50):
        done = race(
            edit_of(task, actor(alice, via=Via.API, client="program"), f"a{number}"),
            edit_of(task, actor(bob, via=Via.BROWSER), f"b{number}"),
        )
        assert sorted(map(refused, done)) == [False, True]
        winner = f"a{number}" if refused(done[1]) else f"b{number}"
        loser = next(outcome for outcome in done if refused(outcome))
        assert loser.refusals[0].current == Item(winner)
        assert value_of(task, "Args", "lr") == winner
    assert HistoryEntry.objects.filter(task=task).count() == 50
    check_whole(task, first=first)


@pytest.mark.parametrize("to", [Status.QUEUED, Status.IN_PROGRESS])
def test_a_form_of_many_rows_and_a_start(project, alice, bob, to):
    """All the rows were there before it was started, or none is and it says why."""
    by = actor(bob, via=Via.BROWSER)
    before = {"Args": {name: Item("0") for name in "abc"}}
    for _ in range(30):
        draft = make_task(project, user=alice, hyperparams=before)
        edits = [Edit("Args", name, Item("0"), Item("1")) for name in "abc"]
        started, edit = race(
            lambda draft=draft: change_status(task=draft, to=to, by=actor(alice)),
            lambda draft=draft, edits=edits: apply_edits(task=draft, edits=edits, by=by),
        )
        assert started.status == to == stored(draft).status
        values = [item.value for item in stored(draft).hyperparams["Args"].values()]
        if refused(edit):
            assert isinstance(edit, TaskNotEditable) and "draft only" in edit.detail
        assert values == (["0"] * 3 if refused(edit) else ["1"] * 3)
        assert HistoryEntry.objects.filter(task=draft, by=bob).count() == (
            0 if refused(edit) else 3
        )
        check_whole(draft, first=before)


def test_a_property_and_the_end_of_a_run(project, alice, bob):
    """Both happen; whether it was edited after the run follows from what came first."""
    by = actor(bob, via=Via.BROWSER)
    for _ in range(30):
        running = change_status(
            task=make_task(project, user=alice), to=Status.IN_PROGRESS, by=actor(alice)
        )
        edit = Edit("properties", "note", None, Item("good"))
        race(
            lambda running=running: change_status(
                task=running, to=Status.STOPPED, by=actor(alice, via=Via.BROWSER)
            ),
            lambda running=running, edit=edit: apply_edits(task=running, edits=[edit], by=by),
        )
        found = stored(running)
        assert found.status == Status.STOPPED
        assert found.hyperparams == {"properties": {"note": Item("good")}}
        order = HistoryEntry.objects.filter(task=running).order_by("pk").values_list("what")
        assert found.edited_after_run == (list(order)[-1] == ("properties",))


def test_a_value_is_undone_while_another_edits_it(task, alice, bob):
    """The undo knows what the history said when it was opened, and undoes nothing newer."""
    first = task.hyperparams
    for number in range(30):
        edit_of(task, actor(alice, via=Via.BROWSER), f"step {number}")()
        entry = HistoryEntry.objects.filter(task=task).latest("pk")
        before, looked = entry.old, last_moment(stored(task))
        edit, undo = race(
            edit_of(task, actor(bob, via=Via.BROWSER), f"b{number}"),
            lambda entry=entry, looked=looked: revert_change(
                task=task, entry=entry.pk, seen=looked, by=actor(alice, via=Via.BROWSER)
            ),
        )
        assert sorted([refused(edit), refused(undo)]) == [False, True]
        assert value_of(task, "Args", "lr") == (before if refused(edit) else f"b{number}")
    check_whole(task, first=first)


def test_a_parameter_is_deleted_while_another_edits_it(task, alice, bob):
    first = task.hyperparams
    for number in range(40):
        seen = stored(task).hyperparams["Args"].get("x")
        if seen is None:
            seen = Item(f"fresh {number}")
            new = Edit("Args", "x", None, seen)
            apply_edits(task=task, edits=[new], by=actor(alice, via=Via.BROWSER))
        deletion = Edit("Args", "x", seen, None)
        edit, removal = race(
            edit_of(task, actor(alice, via=Via.BROWSER), f"kept {number}", name="x"),
            lambda deletion=deletion: apply_edits(
                task=task, edits=[deletion], by=actor(bob, via=Via.BROWSER)
            ),
        )
        assert refused(edit) != refused(removal)
        assert value_of(task, "Args", "x") == (None if refused(edit) else f"kept {number}")
        loser = edit if refused(edit) else removal
        current = None if refused(edit) else Item(f"kept {number}")
        assert loser.refusals[0].conflict and loser.refusals[0].current == current
    check_whole(task, first=first)
