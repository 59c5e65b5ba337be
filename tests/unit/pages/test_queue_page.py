"""One queue as a page: its line, what people do with it, and what comes too late."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from experiments.models import Project, Queue, Task, User
from experiments.operations.queueing import delete_queue, enqueue_task, take_next
from experiments.operations.queues import create_queue
from experiments.operations.workers import note_report, register_worker
from tests.factories import actor, make_project, make_task
from tests.unit.pages.queueing import HTMX, asked_again, order, send, text_of

GONE = "f" * 32


class TestQueue:
    def test_entries_in_order_with_what_is_known_of_them(
        self, alice_client: Client, queue: Queue, waiting: list[Task]
    ) -> None:
        page = text_of(alice_client.get(f"/queues/{queue.uid}/"))
        rows = re.findall(r"<tr id=\"entry-.*?</tr>", page, re.DOTALL)
        assert [re.search(r"<bdi>(\w+)</bdi>", row)[1] for row in rows] == [
            "first", "second", "third",
        ]  # fmt: skip
        assert f"/experiments/{waiting[0].uid}/" in rows[0]
        assert "vision" in rows[0]
        assert "alice" in rows[0]
        assert "1 h ago" in rows[0]
        assert "UTC" in rows[0]
        assert "3</span> experiments wait" in page

    def test_who_listens_and_what_they_run(
        self, alice_client: Client, alice: User, queue: Queue, project: Project
    ) -> None:
        page = text_of(alice_client.get(f"/queues/{queue.uid}/"))
        assert "Nobody listens" in page
        assert "clearml-agent daemon --queue gpu" in page
        register_worker(name="node:gpu0", queues=[queue.uid], by=actor(alice))
        task = make_task(project, name="at work")
        note_report(name="node:gpu0", task=task, queue=queue, by=actor(alice))
        page = text_of(alice_client.get(f"/queues/{queue.uid}/"))
        assert "node:gpu0" in page
        assert "at work" in page

    def test_others_see_how_many_wait_but_not_what(
        self, charlie_client: Client, charlie: User, queue: Queue, waiting: list[Task]
    ) -> None:
        page = text_of(charlie_client.get(f"/queues/{queue.uid}/"))
        assert "There wait 3 of projects you may not see" in page
        own = make_task(make_project(owner=charlie), name="own one")
        enqueue_task(task=own, queue=queue, by=actor(charlie))
        page = text_of(charlie_client.get(f"/queues/{queue.uid}/"))
        assert "And 3 of projects you may not see" in page
        assert "4</td>" in re.search(r"<tr id=\"entry-.*?</tr>", page, re.DOTALL)[0]
        for task in waiting:
            assert task.uid not in page
            assert f">{task.name}<" not in page

    def test_a_viewer_sees_no_buttons(
        self, bob_client: Client, queue: Queue, waiting: list[Task]
    ) -> None:
        page = text_of(bob_client.get(f"/queues/{queue.uid}/"))
        assert "first" in page
        assert 'name="do"' not in page

    def test_a_long_queue_has_pages(
        self, alice_client: Client, alice: User, queue: Queue, project: Project
    ) -> None:
        for number in range(103):
            task = make_task(project, name=f"number {number}")
            enqueue_task(task=task, queue=queue, by=actor(alice))
        page = text_of(alice_client.get(f"/queues/{queue.uid}/"))
        assert page.count('<tr id="entry-') == 100
        assert f'href="/queues/{queue.uid}/?from=100"' in page
        last = text_of(alice_client.get(f"/queues/{queue.uid}/?from=100"))
        assert last.count('<tr id="entry-') == 3
        assert ">103</td>" in last
        beyond = text_of(alice_client.get(f"/queues/{queue.uid}/?from=5000"))
        assert beyond.count('<tr id="entry-') == 100

    def test_queries_do_not_grow_with_entries(
        self, alice_client: Client, alice: User, queue: Queue, project: Project
    ) -> None:
        counts = []
        for _ in range(5):
            enqueue_task(task=make_task(project), queue=queue, by=actor(alice))
            with CaptureQueriesContext(connection) as queries:
                alice_client.get(f"/queues/{queue.uid}/")
            counts.append(len(queries))
        assert counts[1] == counts[-1]

    def test_it_is_not_sent_again_while_nothing_changes(
        self, alice_client: Client, alice: User, queue: Queue, waiting: list[Task]
    ) -> None:
        address, answers = asked_again(alice_client, f"/queues/{queue.uid}/", "queue")
        assert 204 in answers
        assert alice_client.get(address).status_code == 200, "a person always gets the page"
        take_next(queue=queue, by=actor(alice))
        assert alice_client.get(address, headers=HTMX).status_code == 200

    @pytest.mark.parametrize("bad", ["x", GONE, "gpu", "..", "%00", "é", "0" * 300, "1 or 1=1"])
    def test_a_queue_that_is_none_is_not_found(
        self, alice_client: Client, queue: Queue, bad: str
    ) -> None:
        for part in ("", "charts/", "rename/", "delete/"):
            assert alice_client.get(f"/queues/{bad}/{part}").status_code == 404
        assert alice_client.post(f"/queues/{bad}/order/").status_code == 404

    @pytest.mark.parametrize("query", ["from=x", "from=-1", "from=²", "from=" + "9" * 40, "span=1"])
    def test_an_address_that_says_nonsense_shows_the_front(
        self, alice_client: Client, queue: Queue, waiting: list[Task], query: str
    ) -> None:
        assert "first" in text_of(alice_client.get(f"/queues/{queue.uid}/?{query}"))


class TestOrder:
    @pytest.mark.parametrize(
        ("wish", "wanted"),
        [
            ("up {2}", "first third second"),
            ("up {0}", "first second third"),
            ("down {0}", "second first third"),
            ("front {2}", "third first second"),
            ("back {0}", "second third first"),
            ("before {2} {0}", "third first second"),
            ("after {0} {1}", "second first third"),
        ],
    )
    @pytest.mark.parametrize("htmx", [True, False])
    def test_a_button_moves(
        self,
        alice_client: Client,
        queue: Queue,
        waiting: list[Task],
        wish: str,
        wanted: str,
        htmx: bool,
    ) -> None:
        wish = wish.format(*[task.uid for task in waiting])
        answer = send(alice_client, queue, wish, htmx=htmx)
        assert order(queue) == wanted.split()
        if htmx:
            assert answer.status_code == 200
            assert "is now number" in text_of(answer)
            assert "<!doctype" not in text_of(answer)
        else:
            assert answer.status_code == 302
            row = wish.split()[1]
            assert answer["Location"] == f"/queues/{queue.uid}/#entry-{row}"
            assert "is now number" in text_of(alice_client.get(answer["Location"]))

    @pytest.mark.parametrize("htmx", [True, False])
    def test_one_that_an_agent_has_taken_meanwhile(
        self, alice_client: Client, alice: User, queue: Queue, waiting: list[Task], htmx: bool
    ) -> None:
        take_next(queue=queue, by=actor(alice))
        first, second, third = (task.uid for task in waiting)
        for wish in (f"down {first}", f"after {third} {first}"):
            answer = send(alice_client, queue, wish, htmx=htmx)
            assert answer.status_code == 409
            assert "does not wait here any more" in text_of(answer)
            assert f"entry-{second}" in text_of(answer), "with the order as it is now"
        answer = send(alice_client, queue, "dequeue", htmx=htmx, task=[first])
        assert answer.status_code == 409
        assert "does not wait here any more" in text_of(answer)

    def test_a_deleted_experiment(self, alice_client: Client, queue: Queue) -> None:
        answer = send(alice_client, queue, f"up {GONE}")
        assert (answer.status_code, "no longer there" in text_of(answer)) == (409, True)

    @pytest.mark.parametrize(
        "wish", ["", "fly", "up", "up x", "before {0}", "after {0} \x00", "after {0} x", "up  "]
    )
    def test_nonsense_is_refused(
        self, alice_client: Client, queue: Queue, waiting: list[Task], wish: str
    ) -> None:
        answer = send(alice_client, queue, wish.format(waiting[0].uid))
        assert answer.status_code in {404, 409, 422}
        assert order(queue) == ["first", "second", "third"]

    def test_several_leave_the_queue(
        self, alice_client: Client, queue: Queue, waiting: list[Task]
    ) -> None:
        picked = [waiting[0].uid, waiting[2].uid, GONE]
        answer = send(alice_client, queue, "dequeue", task=picked)
        assert answer.status_code == 200
        assert "2 experiments are drafts again; 1 did not wait here any more." in text_of(answer)
        assert order(queue) == ["second"]
        assert Task.objects.get(pk=waiting[0].pk).status == "created"

    def test_to_look_changes_nothing_and_keeps_what_was_chosen(
        self, alice_client: Client, queue: Queue, waiting: list[Task]
    ) -> None:
        answer = send(alice_client, queue, "look", task=[waiting[1].uid])
        assert answer.status_code == 200
        assert text_of(answer).count(" checked") == 1
        assert order(queue) == ["first", "second", "third"]

    def test_nothing_chosen(self, alice_client: Client, queue: Queue, waiting: list[Task]) -> None:
        for wish in ("dequeue", "transfer"):
            answer = send(alice_client, queue, wish)
            assert (answer.status_code, "Choose experiments" in text_of(answer)) == (422, True)

    def test_to_another_queue(
        self, alice_client: Client, alice: User, queue: Queue, waiting: list[Task]
    ) -> None:
        other = create_queue(name="cpu", by=actor(alice))
        answer = send(
            alice_client, queue, "transfer", task=[waiting[2].uid, waiting[0].uid], to=other.uid
        )
        assert "2 experiments wait in “cpu” now." in text_of(answer)
        assert (order(queue), order(other)) == (["second"], ["first", "third"])

    def test_to_a_queue_that_is_gone_keeps_what_was_chosen(
        self, alice_client: Client, alice: User, queue: Queue, waiting: list[Task]
    ) -> None:
        create_queue(name="cpu", by=actor(alice))
        for to, error in (("", "Choose the queue"), (GONE, "was deleted"), ("x", "was deleted")):
            answer = send(alice_client, queue, "transfer", task=[waiting[1].uid], to=to)
            page = text_of(answer)
            assert answer.status_code == 422
            assert error in page
            assert page.count(" checked") == 1
            assert 'aria-invalid="true"' in page
        assert order(queue) == ["first", "second", "third"]

    def test_a_queue_that_was_deleted_meanwhile(
        self, alice_client: Client, alice: User, queue: Queue, waiting: list[Task]
    ) -> None:
        delete_queue(queue=queue, force=True, by=actor(alice))
        for wish in (f"up {waiting[0].uid}", "dequeue"):
            answer = send(alice_client, queue, wish, task=[waiting[0].uid])
            assert answer.status_code == 404
            assert "No such queue" in text_of(answer)

    def test_others_change_nothing(
        self,
        bob_client: Client,
        charlie_client: Client,
        alice: User,
        queue: Queue,
        waiting: list[Task],
    ) -> None:
        other = create_queue(name="cpu", by=actor(alice))
        uids = [task.uid for task in waiting]
        assert send(bob_client, queue, f"back {uids[0]}").status_code == 403
        assert send(charlie_client, queue, f"back {uids[0]}").status_code == 409
        for client in (bob_client, charlie_client):
            assert send(client, queue, "dequeue", task=uids).status_code == 409
            assert send(client, queue, "transfer", task=uids, to=other.uid).status_code == 409
        assert order(queue) == ["first", "second", "third"]

    def test_a_stranger_finds_out_no_places_by_asking_beside_what(
        self, charlie_client: Client, charlie: User, queue: Queue, waiting: list[Task]
    ) -> None:
        own = make_task(make_project(owner=charlie), name="own one")
        enqueue_task(task=own, queue=queue, by=actor(charlie))
        answer = send(charlie_client, queue, f"before {own.uid} {GONE}")
        assert answer.status_code == 409
        take_next(queue=queue, by=actor(waiting[0].user))
        answer = send(charlie_client, queue, f"before {own.uid} {waiting[0].uid}")
        assert answer.status_code == 409
        assert "first does not" not in text_of(answer)


class TestCharts:
    def test_length_and_waits_are_drawn(
        self, alice_client: Client, alice: User, queue: Queue, waiting: list[Task]
    ) -> None:
        take_next(queue=queue, by=actor(alice))
        page = text_of(alice_client.get(f"/queues/{queue.uid}/charts/"))
        assert "Experiments that waited: 1 line, the last 24 hours" in page
        assert "Time waited until taken, minutes" in page
        assert '<span class="number">2</span>' in page
        week = text_of(alice_client.get(f"/queues/{queue.uid}/?span=7d"))
        assert "the last 7 days" in week

    def test_what_came_before_the_time_shown_is_still_waiting(
        self, alice_client: Client, alice: User, queue: Queue, project: Project
    ) -> None:
        enqueue_task(
            task=make_task(project), queue=queue, by=actor(alice),
            now=datetime.now(UTC) - timedelta(days=3),
        )  # fmt: skip
        page = text_of(alice_client.get(f"/queues/{queue.uid}/charts/"))
        assert "Experiments that waited" in page
        assert "Time waited" not in page

    def test_without_samples_it_says_so(self, alice_client: Client, queue: Queue) -> None:
        page = text_of(alice_client.get(f"/queues/{queue.uid}/charts/?span=7d"))
        assert "Nothing waited here in the last 7 days" in page
