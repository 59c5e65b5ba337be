"""Nothing is overwritten unseen: six hundred races of people, scripts and programs.

In each, two change the same experiment at the same moment. What was accepted is kept and told
once in the history, what was not is refused with what stands there; never half of anything.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from experiments.errors import (
    ExperimentError,
    InvalidField,
    TaskNotEditable,
    ValueChangedMeanwhile,
)
from experiments.models import HistoryEntry, Task, Via
from experiments.operations.configurations import object_version, remove_object, set_object
from experiments.operations.documents import Object, stored_configuration
from experiments.operations.edits import (
    Edit,
    EditsRefused,
    apply_edits,
    remove_section,
    rename_section,
)
from experiments.operations.indexing import task_entries
from experiments.operations.status import change_status
from experiments.queries.indexed import entries_by_task
from experiments.rules.document import Item, flatten
from experiments.rules.status import Status
from tests.factories import actor, make_project, make_task, make_user
from tests.page_forms import form_in
from tests.people import ProtocolClient
from tests.racing import fresh_keys, outcomes  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def alice():
    return make_user("alice")


@pytest.fixture
def bob():
    return make_user("bob", admin=True)


@pytest.fixture
def project(alice):
    return make_project(owner=alice)


@pytest.fixture
def task(project, alice):
    parameters = {"Args/lr": "start", "Args/n": "0", "Net/depth": "1"}
    return make_task(project, user=alice, parameters=parameters)


def race(*works: Callable[[], Any]) -> list[Any]:
    return outcomes(lambda number: works[number](), threads=len(works))


def stored(task):
    return Task.objects.get(pk=task.pk)


def value_of(task, section, name):
    item = stored(task).hyperparams.get(section, {}).get(name)
    return item and item.value


def refused(outcome):
    return isinstance(outcome, ExperimentError)


def check_whole(task, *, first):
    """The index says what the document says, and the history leads to it without a gap."""
    found = stored(task)
    assert entries_by_task([found]).get(task.pk, set()) == task_entries(found)
    state = {f"{section}/{name}": item.value for section, name, item in flatten(first)}
    values = HistoryEntry.objects.filter(task=task, what__in=("parameters", "properties"))
    for entry in values.order_by("pk"):
        assert state.get(entry.key) == entry.old, (entry.key, entry.old, state.get(entry.key))
        state[entry.key] = entry.new
    left = {key: value for key, value in state.items() if value is not None}
    assert left == {f"{s}/{n}": item.value for s, n, item in flatten(found.hyperparams)}


def times_in_history(task, value):
    return HistoryEntry.objects.filter(task=task, new=value).count()


def edit_of(task, by, value, section="Args", name="lr"):
    """A person's form, opened now, to be sent later."""
    seen = stored(task).hyperparams[section][name]
    edit = Edit(section, name, seen, seen._replace(value=value))
    return lambda: apply_edits(task=task, edits=[edit], by=by)


def test_two_browsers_one_value(task, alice, bob):
    """60 races through the pages: one is answered 409 and finds both values there."""
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


def test_two_people_one_object(task, alice, bob):
    for number in range(40):
        seen = object_version(stored_configuration(task).get("net"))
        done = race(*(
            lambda user=user, seen=seen, number=number: set_object(
                task=task, name="net", wanted=Object(f"{user.username}: {number}"), seen=seen,
                by=actor(user, via=Via.BROWSER),
            ) for user in (alice, bob)
        ))  # fmt: skip
        assert sorted(map(refused, done)) == [False, True]
        loser = next(outcome for outcome in done if refused(outcome))
        text = stored_configuration(task)["net"].value
        assert isinstance(loser, ValueChangedMeanwhile) and loser.current == text
        assert times_in_history(task, text) == 1
    assert HistoryEntry.objects.filter(task=task).count() == 40


def test_an_object_is_saved_and_removed(task, alice, bob):
    for number in range(20):
        made = Object(f"old {number}")
        set_object(task=task, name="net", wanted=made, seen="", by=actor(alice, via=Via.BROWSER))
        seen = object_version(made)
        save, removal = race(
            lambda seen=seen, number=number: set_object(
                task=task, name="net", wanted=Object(f"new {number}"), seen=seen,
                by=actor(alice, via=Via.BROWSER),
            ),
            lambda seen=seen: remove_object(
                task=task, name="net", seen=seen, by=actor(bob, via=Via.BROWSER)
            ),
        )  # fmt: skip
        assert refused(save) != refused(removal)
        left = stored_configuration(task)
        assert left == ({} if refused(save) else {"net": Object(f"new {number}")})
        if left:
            remove_object(task=task, name="net", seen=object_version(left["net"]),
                          by=actor(bob, via=Via.BROWSER))  # fmt: skip


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


def test_a_section_is_renamed_while_another_edits_in_it(task, alice, bob):
    """The edit goes with the section, or finds that its parameter is no longer there."""
    first = task.hyperparams
    names = ["Net", "Layers"]
    for number in range(40):
        old, new = names[number % 2], names[(number + 1) % 2]
        edit, rename = race(
            edit_of(task, actor(alice, via=Via.BROWSER), f"v{number}", old, "depth"),
            lambda old=old, new=new: rename_section(
                task=task, section=old, to=new, by=actor(bob, via=Via.BROWSER)
            ),
        )
        assert not refused(rename) and old not in stored(task).hyperparams
        if refused(edit):
            assert edit.refusals[0].conflict and edit.refusals[0].current is None
        else:
            assert value_of(task, new, "depth") == f"v{number}"
    check_whole(task, first=first)


def test_a_section_is_removed_while_another_edits_in_it(task, alice, bob):
    first = task.hyperparams
    for number in range(30):
        section = f"S{number}"
        seen = {"a": Item("0"), "b": Item("0")}
        new = [Edit(section, name, None, item) for name, item in seen.items()]
        apply_edits(task=task, edits=new, by=actor(alice, via=Via.BROWSER))
        edit, removal = race(
            edit_of(task, actor(alice, via=Via.BROWSER), "1", section, "b"),
            lambda section=section, seen=seen: remove_section(
                task=task, section=section, seen=seen, by=actor(bob, via=Via.BROWSER)
            ),
        )
        assert refused(edit) != refused(removal)
        if refused(removal):
            assert isinstance(removal, ValueChangedMeanwhile)
            assert removal.detail == f"{section}/b"
            assert stored(task).hyperparams[section] == {"a": Item("0"), "b": Item("1")}
        else:
            assert isinstance(edit, EditsRefused)
            assert section not in stored(task).hyperparams
    check_whole(task, first=first)


def test_two_sections_get_one_name(task, alice, bob):
    """Renamed onto each other: one is, the other is told that the name is taken."""
    first = task.hyperparams
    for number in range(20):
        names = [f"A{number}", f"B{number}"]
        new = [Edit(name, "x", None, Item(name)) for name in names]
        apply_edits(task=task, edits=new, by=actor(alice, via=Via.BROWSER))
        done = race(*(
            lambda name=name, number=number, user=user: rename_section(
                task=task, section=name, to=f"C{number}", by=actor(user, via=Via.BROWSER)
            ) for name, user in zip(names, (alice, bob), strict=True)
        ))  # fmt: skip
        assert sorted(map(refused, done)) == [False, True]
        loser = next(outcome for outcome in done if refused(outcome))
        assert isinstance(loser, InvalidField) and "already" in loser.detail
        left = {name for name in stored(task).hyperparams if name.endswith(str(number))}
        assert f"C{number}" in left and len(left & set(names)) == 1
    check_whole(task, first=first)
