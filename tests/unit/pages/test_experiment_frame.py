"""What stands around every tab of an experiment, and the addresses that lead to one."""

from __future__ import annotations

import html
import json
import re

import pytest
from django.test import Client

from experiments.models import Project, Role, Task, User
from experiments.operations.status import change_status
from experiments.operations.tasks import edit_task
from experiments.rules.status import Status
from tests.factories import NOW, actor, make_project, make_task
from tests.reporting import line, report, scalar


@pytest.fixture
def task(project: Project) -> Task:
    return make_task(project, name="first run", tags=["prod", "<b>"], comment="why\nand how")


def page(client: Client, task: Task, tab: str = "info") -> str:
    response = client.get(f"/experiments/{task.uid}/{tab}/")
    assert response.status_code == 200, response.content
    return response.content.decode()


def tabs(text: str) -> list[str]:
    inside = text.split('aria-label="Experiment"', 1)[1].split("</nav>", 1)[0]
    return re.findall(r"/experiments/[0-9a-f]{32}/(\w+)/", inside)


class TestHead:
    def test_it_says_what_one_asks_first(self, alice_client: Client, task: Task) -> None:
        by = actor(task.user)
        change_status(task=task, to=Status.IN_PROGRESS, by=by, now=NOW)
        change_status(task=task, to=Status.COMPLETED, by=by, now=NOW.replace(minute=2))
        text = page(alice_client, task)
        assert '<span class="status large" data-status="completed">Completed</span>' in text
        assert "<h1><bdi>first run</bdi></h1>" in text
        assert "training by <bdi>alice</bdi>" in text
        assert 'ran <span class="number">2m 0s</span>' in text
        assert f'data-copy="{task.uid}"' in text
        assert "<bdi>&lt;b&gt;</bdi>" in text
        assert ">vision</" in text

    def test_a_short_description_stands_there(self, alice_client: Client, project: Project) -> None:
        task = make_task(project, comment="why <b>")
        assert '<p class="description"><bdi>why &lt;b&gt;</bdi></p>' in page(alice_client, task)

    @pytest.mark.parametrize("comment", ["why\nand how", "long " * 100])
    def test_a_long_one_is_opened(
        self, alice_client: Client, project: Project, comment: str
    ) -> None:
        text = page(alice_client, make_task(project, comment=comment))
        begin = comment.partition("\n")[0][:180].rstrip()
        assert (
            f'<details class="description"><summary><span class="begin"><bdi>{begin}</bdi>' in text
        )
        assert f"<p><bdi>{comment.strip()}</bdi></p>" in text

    def test_it_leads_to_the_parent(self, alice_client: Client, task: Task) -> None:
        child = make_task(task.project, parent=task)
        assert f'from <a href="/experiments/{task.uid}/">' in page(alice_client, child)


class TestTabs:
    def test_only_what_exists_has_one(self, alice_client: Client, task: Task) -> None:
        assert tabs(page(alice_client, task)) == ["configuration", "execution", "info"]
        report(line(task, "hello"), scalar(task, 1, 1), tasks=[task])
        found = tabs(page(alice_client, task))
        assert found == ["configuration", "execution", "scalars", "console", "info"]

    @pytest.mark.parametrize("tab", ["configuration", "execution", "info", "console", "scalars"])
    def test_an_empty_one_opens_all_the_same(
        self, alice_client: Client, task: Task, tab: str
    ) -> None:
        assert tab in tabs(page(alice_client, task, tab))


class TestAddresses:
    def test_the_short_one_leads_to_the_configuration(
        self, alice_client: Client, task: Task
    ) -> None:
        response = alice_client.get(f"/experiments/{task.uid}/")
        assert response.headers["Location"] == f"/experiments/{task.uid}/configuration/"

    @pytest.mark.parametrize("kind", ["experiments", "tasks"])
    @pytest.mark.parametrize("where", ["*", "0" * 32, ""])
    @pytest.mark.parametrize(
        ("rest", "tab"),
        [
            ("", "configuration"),
            ("/output/log", "console"),
            ("/output/metrics/scalar", "scalars"),
            ("/output/metrics/plots", "scalars"),
            ("/execution", "execution"),
            ("/hyper-params/configuration", "configuration"),
            ("/anything/else", "configuration"),
        ],
    )
    def test_links_of_the_sdk(
        self, alice_client: Client, task: Task, kind: str, where: str, rest: str, tab: str
    ) -> None:
        address = f"/projects/{where or task.project.uid}/{kind}/{task.uid}{rest}"
        response = alice_client.get(address)
        assert response.headers["Location"] == f"/experiments/{task.uid}/{tab}/"

    def test_links_to_projects(self, alice_client: Client, project: Project) -> None:
        found = alice_client.get(f"/projects/{project.uid}")
        assert found.headers["Location"] == f"/projects/{project.uid}/experiments/"
        assert alice_client.get("/projects/*").headers["Location"] == "/experiments/"

    def test_they_tell_strangers_nothing(self, charlie_client: Client, task: Task) -> None:
        for address in (
            f"/experiments/{task.uid}/",
            f"/projects/*/experiments/{task.uid}/output/log",
            f"/projects/{task.project.uid}",
            f"/experiments/{task.uid}/edit/",
        ):
            assert charlie_client.get(address).status_code == 404


class TestEditing:
    def form(self, client: Client, task: Task, **typed: str) -> dict[str, str]:
        """What a browser sends from the form as it is now, with something typed."""
        text = client.get(f"/experiments/{task.uid}/edit/?back=info").content.decode()
        seen = re.search(r'name="seen" value="([^"]*)"', text)
        assert seen
        found = json.loads(html.unescape(seen[1]))
        sent = {"name": found["name"], "tags": "\r\n".join(found["tags"]),
                "comment": found["comment"].replace("\n", "\r\n"), "project": found["project"],
                "seen": html.unescape(seen[1]), "back": "info"}  # fmt: skip
        return sent | typed

    def save(self, client: Client, task: Task, sent: dict[str, str]) -> tuple[int, str]:
        response = client.post(f"/experiments/{task.uid}/edit/", sent)
        task.refresh_from_db()
        return response.status_code, response.headers.get("Location", response.content.decode())

    def test_it_saves_and_goes_back(self, alice_client: Client, task: Task) -> None:
        sent = self.form(alice_client, task, name="second run", tags="x\r\n\r\n y ")
        assert self.save(alice_client, task, sent) == (302, f"/experiments/{task.uid}/info/")
        assert (task.name, task.tags) == ("second run", ["x", "y"])
        assert task.comment == "why\nand how"

    def test_unchanged_it_changes_nothing(self, alice_client: Client, task: Task) -> None:
        before = task.last_change
        assert self.save(alice_client, task, self.form(alice_client, task))[0] == 302
        assert task.last_change == before

    def test_a_conflict_shows_both_and_keeps_the_typing(
        self, alice_client: Client, task: Task
    ) -> None:
        sent = self.form(alice_client, task, name="mine")
        edit_task(task=task, changes={"name": "theirs"}, by=actor(task.user))
        status, text = self.save(alice_client, task, sent)
        assert (status, task.name) == (409, "theirs")
        assert "Somebody changed the name meanwhile" in text
        assert "<dd><bdi>theirs</bdi></dd>" in text
        assert 'name="name" value="mine"' in text
        again = re.search(r'name="seen" value="([^"]*)"', text)
        assert again
        status, _ = self.save(alice_client, task, sent | {"seen": html.unescape(again[1])})
        assert (status, task.name) == (302, "mine")

    def test_a_bad_name_is_said_beside_the_form(self, alice_client: Client, task: Task) -> None:
        status, text = self.save(alice_client, task, self.form(alice_client, task, name=" "))
        assert (status, task.name) == (422, "first run")
        assert 'role="alert"' in text

    @pytest.mark.parametrize("seen", ["", "[]", "{", "null"])
    def test_without_what_was_seen_nothing_is_overwritten(
        self, alice_client: Client, task: Task, seen: str
    ) -> None:
        sent = self.form(alice_client, task, name="mine") | {"seen": seen}
        assert self.save(alice_client, task, sent)[0] == 409
        assert task.name == "first run"

    def test_back_is_a_tab_of_ours(self, alice_client: Client, task: Task) -> None:
        sent = self.form(alice_client, task) | {"back": "//evil.example/"}
        assert self.save(alice_client, task, sent)[1].endswith("/configuration/")

    def test_htmx_gets_the_form_alone(self, alice_client: Client, task: Task) -> None:
        response = alice_client.get(
            f"/experiments/{task.uid}/edit/", headers={"HX-Request": "true"}
        )
        assert response.content.decode().startswith('<div id="facts">')

    def test_viewers_may_not(self, bob_client: Client, task: Task) -> None:
        response = bob_client.get(f"/experiments/{task.uid}/edit/?back=info")
        assert response.headers["Location"] == f"/experiments/{task.uid}/info/"
        assert bob_client.post(f"/experiments/{task.uid}/edit/", {"name": "x"}).status_code == 403
        assert "/edit/?back" not in page(bob_client, task)

    def test_it_moves_to_another_project(self, alice_client: Client, task: Task) -> None:
        sent = self.form(alice_client, task, project=" other / deep ")
        assert self.save(alice_client, task, sent)[0] == 302
        assert task.project.name == "other/deep"
        text = page(alice_client, task)
        assert f"/projects/{task.project.uid}/experiments/" in text
        history = page(alice_client, task, "history")
        assert "<del><bdi>vision</bdi></del>" in history
        assert "<ins><bdi>other/deep</bdi></ins>" in history

    def test_it_offers_the_projects_one_may_add_to(
        self, alice_client: Client, task: Task, bob: User
    ) -> None:
        make_project("of bob", owner=bob, members={task.user: Role.VIEWER})
        make_project("of both", owner=bob, members={task.user: Role.EDITOR})
        make_project("hidden", owner=bob)
        text = alice_client.get(f"/experiments/{task.uid}/edit/").content.decode()
        offered = re.findall(r'<option value="([^"]*)">', text)
        assert offered == ["of both", "vision"]

    @pytest.mark.parametrize(
        "name", ["of bob", "hidden", "of bob/new", "a//b", "", "/", "x" * 1025]
    )
    def test_a_project_that_is_not_possible_is_said_with_the_typing(
        self, alice_client: Client, task: Task, bob: User, name: str
    ) -> None:
        make_project("of bob", owner=bob, members={task.user: Role.VIEWER})
        make_project("hidden", owner=bob)
        sent = self.form(alice_client, task, project=name, name="renamed")
        status, text = self.save(alice_client, task, sent)
        assert (status, task.name, task.project.name) == (422, "first run", "vision")
        assert 'role="alert"' in text
        assert 'name="name" value="renamed"' in text
        assert f'name="project" value="{name}"' in text

    def test_a_published_one_offers_no_edit(self, alice_client: Client, task: Task) -> None:
        sent = self.form(alice_client, task, name="mine")
        Task.objects.filter(pk=task.pk).update(status="published")
        assert "/edit/?back" not in page(alice_client, task)
        status, text = self.save(alice_client, task, sent)
        assert (status, task.name) == (422, "first run")
        assert "a published experiment is read-only" in text
