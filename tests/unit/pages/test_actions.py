"""Actions on an experiment: the buttons of its head, the page that asks, and the doing."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from experiments.models import MetricSummary, Project, QueueEntry, Task, User
from experiments.operations.queues import create_queue
from experiments.rules.actions import Action
from tests.factories import actor, make_project, make_task
from tests.people import ProtocolClient

SCRIPT = {"diff": "print(1)", "entry_point": "train.py"}


@pytest.fixture
def task(project: Project) -> Task:
    return make_task(project, name="base", parameters={"Args/lr": "0.1"}, script=SCRIPT)


def address(task: Task, action: str) -> str:
    return f"/experiments/{task.uid}/actions/{action}/"


def in_status(task: Task, status: str) -> None:
    Task.objects.filter(pk=task.pk).update(status=status)


def status_of(task: Task) -> str:
    return Task.objects.get(pk=task.pk).status


def head_of(client: Client, task: Task) -> str:
    page = client.get(f"/experiments/{task.uid}/configuration/").content.decode()
    return page.split('<div class="actions">', 1)[1].split("</header>", 1)[0]


class TestButtons:
    def test_what_can_be_done_is_a_link_and_the_rest_says_why(
        self, alice_client: Client, task: Task
    ) -> None:
        head = head_of(alice_client, task)
        for action in ("clone", "enqueue", "move", "archive", "delete"):
            assert f'href="{address(task, action)}"' in head
        assert f'href="{address(task, "abort")}"' not in head
        assert "It is Draft; only what is Pending or Running can be aborted." in head

    def test_a_viewer_may_clone_and_nothing_else(self, bob_client: Client, task: Task) -> None:
        head = head_of(bob_client, task)
        assert head.count("href=") == 1
        assert f'href="{address(task, "clone")}"' in head
        assert "Your role in this project is viewer" in head

    @pytest.mark.parametrize(
        ("status", "offered"),
        [
            ("queued", "dequeue"),
            ("failed", "retry"),
            ("stopped", "enqueue"),
            ("in_progress", "abort"),
        ],
    )
    def test_the_likely_one_stands_first(
        self, alice_client: Client, task: Task, status: str, offered: str
    ) -> None:
        in_status(task, status)
        first = head_of(alice_client, task).split("<details", 1)[0]
        assert f'href="{address(task, offered)}"' in first

    def test_where_values_cannot_be_edited_the_ways_are_offered(
        self, alice_client: Client, task: Task
    ) -> None:
        in_status(task, "completed")
        page = alice_client.get(f"/experiments/{task.uid}/configuration/").content.decode()
        ways = page.split('<p class="buttons to-a-draft">', 1)[1].split("</p>", 1)[0]
        assert address(task, "clone") in ways
        assert address(task, "reset") in ways


class TestAsking:
    @pytest.mark.parametrize("action", [each for each in Action if each != "restore"])
    def test_each_has_a_page(self, alice_client: Client, task: Task, action: str) -> None:
        page = alice_client.get(address(task, action))
        assert page.status_code == 200
        assert status_of(task) == "created"

    def test_an_unknown_one_is_not_there(self, alice_client: Client, task: Task) -> None:
        assert alice_client.get(address(task, "explode")).status_code == 404

    def test_what_goes_is_said_before(
        self, alice_client: Client, api: ProtocolClient, task: Task
    ) -> None:
        api.data("events.add", {
            "type": "training_stats_scalar", "task": task.uid, "metric": "loss", "variant": "x",
            "iter": 1, "value": 0.5, "timestamp": 1_700_000_000_000,
        })  # fmt: skip
        make_task(task.project, parent=task)
        in_status(task, "completed")
        page = alice_client.get(address(task, "delete")).content.decode()
        assert "1 metric with 1 points" in page
        assert "1 parameter" in page
        assert "1 of its children, which stay" in page
        reset = alice_client.get(address(task, "reset")).content.decode()
        assert "1 metric with 1 points" in reset
        assert "1 parameter" not in reset


class TestDoing:
    def test_a_clone_is_a_draft_to_be_edited(self, alice_client: Client, task: Task) -> None:
        in_status(task, "completed")
        form = {"name": "with more", "project": task.project.name, "kin": "child", "queue": ""}
        answer = alice_client.post(address(task, "clone"), form)
        made = Task.objects.get(name="with more")
        assert answer["Location"] == f"/experiments/{made.uid}/configuration/"
        assert (made.status, made.parent_id, made.user.username) == ("created", task.pk, "alice")
        assert made.hyperparams["Args"]["lr"].value == "0.1"

    def test_clone_and_enqueue(self, alice_client: Client, alice: User, task: Task) -> None:
        queue = create_queue(name="gpu", by=actor(alice))
        form = {"name": "again", "project": "vision/tuned", "kin": "sibling", "queue": queue.uid}
        alice_client.post(address(task, "clone"), form)
        made = Task.objects.select_related("project").get(name="again")
        assert (made.status, made.project.name) == ("queued", "vision/tuned")
        assert QueueEntry.objects.get().task_id == made.pk

    def test_a_refused_clone_makes_nothing_and_keeps_what_was_typed(
        self, alice_client: Client, task: Task
    ) -> None:
        form = {"name": "x", "project": "brand/new", "kin": "sibling", "queue": "f" * 32}
        page = alice_client.post(address(task, "clone"), form)
        assert page.status_code == 422
        text = page.content.decode()
        assert 'value="brand/new"' in text
        assert 'value="sibling" checked' in text
        assert Task.objects.count() == 1
        assert not Project.objects.filter(name="brand/new").exists()

    def test_a_viewer_clones_into_what_is_theirs(
        self, bob_client: Client, bob: User, task: Task
    ) -> None:
        make_project("bobs", owner=bob)
        refused = bob_client.post(address(task, "clone"), {"name": "mine", "project": "vision"})
        assert refused.status_code == 422
        bob_client.post(address(task, "clone"), {"name": "mine", "project": "bobs"})
        assert Task.objects.get(name="mine").project.name == "bobs"

    def test_enqueue_and_dequeue(self, alice_client: Client, alice: User, task: Task) -> None:
        queue = create_queue(name="gpu", by=actor(alice))
        assert alice_client.post(address(task, "enqueue"), {"queue": ""}).status_code == 422
        alice_client.post(address(task, "enqueue"), {"queue": queue.uid})
        assert status_of(task) == "queued"
        alice_client.post(address(task, "dequeue"))
        assert status_of(task) == "created"

    def test_without_code_it_cannot_wait(
        self, alice_client: Client, alice: User, project: Project
    ) -> None:
        queue = create_queue(name="gpu", by=actor(alice))
        bare = make_task(project)
        page = alice_client.post(address(bare, "enqueue"), {"queue": queue.uid})
        assert page.status_code == 409
        assert "no code to run" in page.content.decode()
        assert status_of(bare) == "created"

    @pytest.mark.parametrize(
        ("found", "action", "becomes"),
        [
            ("completed", "reset", "created"),
            ("completed", "publish", "published"),
            ("in_progress", "abort", "stopped"),
        ],
    )
    def test_the_status_follows(
        self, alice_client: Client, task: Task, found: str, action: str, becomes: str
    ) -> None:
        in_status(task, found)
        answer = alice_client.post(address(task, action))
        assert answer["Location"] == f"/experiments/{task.uid}/"
        assert status_of(task) == becomes

    def test_a_status_that_changed_meanwhile_is_said(
        self, alice_client: Client, task: Task
    ) -> None:
        in_status(task, "published")
        page = alice_client.post(address(task, "reset"))
        assert page.status_code == 409
        assert "It is Published" in page.content.decode()

    def test_archive_and_restore(self, alice_client: Client, task: Task) -> None:
        alice_client.post(address(task, "archive"))
        assert Task.objects.get(pk=task.pk).archived
        alice_client.post(address(task, "restore"))
        assert not Task.objects.get(pk=task.pk).archived

    def test_move(self, alice_client: Client, task: Task) -> None:
        alice_client.post(address(task, "move"), {"project": "vision/kept"})
        assert Task.objects.select_related("project").get(pk=task.pk).project.name == "vision/kept"

    def test_delete(self, alice_client: Client, task: Task) -> None:
        answer = alice_client.post(address(task, "delete"))
        assert answer["Location"] == f"/projects/{task.project.uid}/experiments/"
        assert not Task.objects.filter(pk=task.pk).exists()
        assert not MetricSummary.objects.filter(task=task.pk).exists()

    @pytest.mark.parametrize("action", [each for each in Action if each != "clone"])
    def test_viewers_and_strangers_do_nothing(
        self, bob_client: Client, charlie_client: Client, task: Task, action: str
    ) -> None:
        assert bob_client.post(address(task, action)).status_code == 403
        assert charlie_client.post(address(task, action)).status_code == 404
        assert charlie_client.get(address(task, action)).status_code == 404
        assert status_of(task) == "created"


def test_hostile_names_stay_text(alice_client: Client, project: Project) -> None:
    task = make_task(project, name="<script>alert(1)</script>", script=SCRIPT)
    page: Any = alice_client.get(address(task, "clone")).content.decode()
    assert "<script>alert(1)" not in page
