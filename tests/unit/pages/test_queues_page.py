"""Queues as pages: the list; made, renamed, deleted."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from experiments.models import Project, Queue, Role, Task, User
from experiments.operations.projects import share_project
from experiments.operations.queues import create_queue
from experiments.operations.workers import register_worker
from tests.factories import actor
from tests.unit.pages.queueing import HTMX, asked_again, order, text_of

GONE = "f" * 32


class TestList:
    def test_it_says_how_many_wait_for_how_long_and_for_whom(
        self, alice_client: Client, alice: User, queue: Queue, waiting: list[Task]
    ) -> None:
        create_queue(name="idle", by=actor(alice))
        register_worker(name="node:gpu0", queues=[queue.uid], by=actor(alice))
        page = text_of(alice_client.get("/queues/"))
        row, other = re.findall(r"<tr data-queue.*?</tr>", page, re.DOTALL)
        assert ">3</td>" in row
        assert "1 h ago" in row
        assert "node:gpu0" in row
        assert "nothing waits" in other
        assert "nobody" in other

    def test_without_queues_it_says_what_they_are_for_and_how_to_start_an_agent(
        self, alice_client: Client
    ) -> None:
        page = text_of(alice_client.get("/queues/"))
        assert "No queues yet" in page
        assert "clearml-agent daemon --queue NAME" in page
        assert "export CLEARML_API_HOST=http://testserver" in page
        assert "/settings/credentials/" in page

    def test_a_queue_is_made(self, charlie_client: Client) -> None:
        answer = charlie_client.post("/queues/", {"name": " night batch "})
        made = Queue.objects.get()
        assert (answer.status_code, answer["Location"]) == (302, f"/queues/{made.uid}/")
        assert (made.name, made.user.username) == ("night batch", "charlie")
        page = text_of(charlie_client.get(answer["Location"]))
        assert "clearml-agent daemon --queue &#x27;night batch&#x27;" in page

    @pytest.mark.parametrize(
        ("name", "error"),
        [
            ("", "This field is required"),
            ("  ", "This field is required"),
            ("gpu", "There is a queue named “gpu” already."),
            ("x" * 1025, "at most 1024 characters"),
            ("a\x00b", "Null characters are not allowed"),
        ],
    )
    def test_a_name_that_cannot_be_is_refused_at_the_field(
        self, alice_client: Client, queue: Queue, name: str, error: str
    ) -> None:
        answer = alice_client.post("/queues/", {"name": name})
        page = text_of(answer)
        assert answer.status_code == 422
        assert error in page
        assert 'aria-invalid="true"' in page
        assert Queue.objects.count() == 1

    def test_it_is_not_sent_again_while_nothing_changes(
        self, alice_client: Client, queue: Queue
    ) -> None:
        address, answers = asked_again(alice_client, "/queues/", "queues")
        assert 204 in answers
        create_queue(name="another", by=actor(queue.user))
        answer = alice_client.get(address, headers=HTMX)
        assert answer.status_code == 200
        assert "<!doctype" not in text_of(answer)

    def test_queries_do_not_grow_with_queues(self, alice_client: Client, alice: User) -> None:
        counts = []
        for number in range(6):
            create_queue(name=f"queue {number}", by=actor(alice))
            register_worker(name=f"worker {number}", by=actor(alice))
            with CaptureQueriesContext(
                connection,
            ) as queries:
                alice_client.get("/queues/")
            counts.append(len(queries))
        assert counts[1] == counts[-1]


class TestRenameAndDelete:
    def test_a_queue_is_renamed(self, charlie_client: Client, queue: Queue) -> None:
        assert 'value="gpu"' in text_of(charlie_client.get(f"/queues/{queue.uid}/rename/"))
        answer = charlie_client.post(f"/queues/{queue.uid}/rename/", {"name": "a100"})
        assert answer.status_code == 302
        assert Queue.objects.get().name == "a100"

    def test_not_to_the_name_of_another(
        self, alice_client: Client, alice: User, queue: Queue
    ) -> None:
        create_queue(name="cpu", by=actor(alice))
        answer = alice_client.post(f"/queues/{queue.uid}/rename/", {"name": "cpu"})
        assert answer.status_code == 422
        assert "There is a queue named “cpu” already." in text_of(answer)
        assert 'value="cpu"' in text_of(answer), "what was typed stays"

    def test_deleting_says_before_what_it_does(
        self, alice_client: Client, alice: User, queue: Queue, waiting: list[Task]
    ) -> None:
        register_worker(name="node", queues=[queue.uid], by=actor(alice))
        page = text_of(alice_client.get(f"/queues/{queue.uid}/delete/"))
        assert "3</strong> experiments wait in it and become drafts again" in page
        assert "One worker listens" in page
        answer = alice_client.post(f"/queues/{queue.uid}/delete/", {"waiting": "3"})
        assert (answer.status_code, answer["Location"]) == (302, "/queues/")
        assert not Queue.objects.exists()
        assert {task.status for task in Task.objects.all()} == {"created"}

    def test_more_than_was_said_is_asked_again(
        self, alice_client: Client, queue: Queue, waiting: list[Task]
    ) -> None:
        for said in ("2", "", "x", "²"):
            answer = alice_client.post(f"/queues/{queue.uid}/delete/", {"waiting": said})
            assert answer.status_code == 409
            assert "Meanwhile more" in text_of(answer)
        assert len(order(queue)) == 3

    def test_what_others_let_wait_keeps_a_queue(
        self, bob_client: Client, bob: User, queue: Queue, waiting: list[Task], project: Project
    ) -> None:
        page = text_of(bob_client.get(f"/queues/{queue.uid}/delete/"))
        assert "you are not an editor" in page
        assert "danger" not in page
        answer = bob_client.post(f"/queues/{queue.uid}/delete/", {"waiting": "3"})
        assert answer.status_code == 403
        assert "not an editor" in text_of(answer)
        share_project(project=project, user=bob, role=Role.EDITOR, by=actor(project.owner))
        answer = bob_client.post(f"/queues/{queue.uid}/delete/", {"waiting": "3"})
        assert answer.status_code == 302
