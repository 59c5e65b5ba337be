"""What a clone changed, on its page and in its head."""

from __future__ import annotations

import pytest

from experiments.models import Task, Via
from experiments.operations.documents import Object
from experiments.operations.status import change_status
from experiments.rules.status import Status
from tests.factories import actor, make_project, make_task
from tests.one_value import set_value

TOKEN = "hf_abcdefghijklmnopqrstuvwxyz0123"


def page_of(client, task, tab="configuration"):
    return client.get(f"/experiments/{task.uid}/{tab}/").content.decode()


@pytest.fixture
def child(project):
    parent = make_task(
        project,
        name="the parent",
        parameters={"Args/lr": "0.1", "Args/gone": "1", "Args/api_token": TOKEN, "Args/same": "s"},
        configuration={"net": Object("a = 1")},
    )
    return make_task(
        project,
        parent=parent,
        parameters={"Args/lr": "<b>0.5", "Args/api_token": TOKEN + "x", "Args/same": "s"},
        configuration={"net": Object("a = 2"), "new": Object("b")},
    )


def test_old_and_new_side_by_side_secrets_masked(alice_client, child):
    page = page_of(alice_client, child)
    panel = page.split('id="parent-changes"')[1].split("</section>")[0]
    assert panel.count("data-changed=") == 3 and panel.count("data-changed-object=") == 2
    assert "&lt;b&gt;0.5" in panel and "Args/same" not in panel and TOKEN not in page
    assert "the parent" in page and ">5 changes</a>" in page
    assert ">5 changes</a>" in page_of(alice_client, child, "info")


def test_no_panel_without_a_parent_one_may_see(alice_client, bob_client, project, alice, child):
    assert 'id="parent-changes"' not in page_of(alice_client, child.parent)
    hidden = make_task(make_project(owner=alice), name="hidden parent")
    orphan = make_task(project, parent=hidden)
    assert "hidden parent" in page_of(alice_client, orphan)
    assert 'id="parent-changes"' not in page_of(bob_client, orphan)


def test_an_edit_after_the_run_is_said_in_the_head(alice_client, alice, child):
    script, person = actor(alice), actor(alice, via=Via.BROWSER)
    change_status(task=child, to=Status.IN_PROGRESS, by=script)
    done = change_status(task=child, to=Status.COMPLETED, by=script)
    assert "edited after run" not in page_of(alice_client, child)
    set_value(task=done, section="properties", name="note", value="x", seen=None, by=person)
    assert Task.objects.get(pk=child.pk).edited_after_run
    assert "edited after run" in page_of(alice_client, child)
