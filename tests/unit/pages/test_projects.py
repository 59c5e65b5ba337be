"""Projects, the page that connects a script, and the links that lead elsewhere."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from experiments.models import Credential, Project, User
from experiments.queries.accounts import credential_for
from tests.factories import make_project, make_task

HTMX = {"HX-Request": "true"}


class TestProjects:
    def test_cards_count_by_status_and_show_the_tree(
        self, alice_client: Client, alice: User, project: Project
    ) -> None:
        make_task(project)
        make_task(make_project("vision/inner", owner=alice), name="deep one")
        page = alice_client.get("/").content.decode()
        assert '<span class="number">2</span> Draft' in page
        assert "inner" in page
        assert "deep one" in page

    def test_what_one_may_not_see_is_not_there(
        self, charlie_client: Client, alice: User, charlie: User, project: Project
    ) -> None:
        make_task(project, name="hidden one")
        make_task(make_project("open", owner=charlie), name="own one")
        page = charlie_client.get("/").content.decode()
        assert "own one" in page
        assert "vision" not in page
        assert "hidden one" not in page

    def test_it_finds_projects(self, alice_client: Client, alice: User, project: Project) -> None:
        make_task(make_project("speech", owner=alice))
        page = alice_client.get("/?q=SPEE", headers=HTMX).content.decode()
        assert page.startswith('<div id="cards">')
        assert "speech" in page
        assert "vision" not in page
        assert "No project has" in alice_client.get("/?q=nothing").content.decode()

    def test_queries_do_not_grow_with_experiments(
        self, alice_client: Client, project: Project
    ) -> None:
        make_task(project)
        with CaptureQueriesContext(connection) as few:
            alice_client.get("/")
        for _ in range(12):
            make_task(project)
        with CaptureQueriesContext(connection) as many:
            alice_client.get("/")
        assert len(many) <= len(few)


class TestConnect:
    def test_an_empty_server_leads_there(self, alice_client: Client) -> None:
        response = alice_client.get("/")
        assert (response.status_code, response["Location"]) == (302, "/connect/")

    def test_it_shows_the_address_in_use(self, alice_client: Client) -> None:
        page = alice_client.get("/connect/", headers={"Host": "localhost:9"}).content.decode()
        assert "CLEARML_API_HOST=http://localhost:9\n" in page
        assert "api_server: http://localhost:9\n" in page
        assert "Waiting for your first experiment" in page

    def test_a_key_is_made_and_shown_once(self, alice_client: Client, alice: User) -> None:
        page = alice_client.post("/connect/").content.decode()
        lines = dict(
            line.removeprefix("export ").split("=", 1)
            for line in page.splitlines()
            if line.startswith("export ")
        )  # fmt: skip
        access, secret = lines["CLEARML_API_ACCESS_KEY"], lines["CLEARML_API_SECRET_KEY"]
        secret = secret.split("<", 1)[0]
        assert credential_for(access, secret).user == alice
        assert Credential.objects.count() == 1
        assert secret not in alice_client.get("/connect/").content.decode()

    def test_waiting_turns_into_the_experiment(
        self, alice_client: Client, project: Project
    ) -> None:
        assert b"every 2s" in alice_client.get("/connect/first/", headers=HTMX).content
        task = make_task(project, name="it came")
        page = alice_client.get("/connect/first/", headers=HTMX).content.decode()
        assert "every 2s" not in page
        assert f"/experiments/{task.uid}/configuration/" in page


class TestLinks:
    @pytest.mark.parametrize(
        ("rest", "tab"),
        [
            ("/output/log", "console"),
            ("/output/metrics/scalar", "scalars"),
            ("/info-output/metrics/scalar", "scalars"),
            ("/execution", "execution"),
            ("/hyper-params/hyper-param/Args", "configuration"),
            ("", "configuration"),
            ("/anything/else/", "configuration"),
        ],
    )
    @pytest.mark.parametrize("kind", ["experiments", "tasks"])
    @pytest.mark.parametrize("any_project", [True, False])
    def test_links_of_the_sdk(
        self, alice_client: Client, project: Project, kind: str, any_project: bool, rest: str,
        tab: str,
    ) -> None:  # fmt: skip
        task = make_task(project)
        where = "*" if any_project else project.uid
        response = alice_client.get(f"/projects/{where}/{kind}/{task.uid}{rest}")
        assert response.status_code == 302
        assert response["Location"] == f"/experiments/{task.uid}/{tab}/"

    def test_a_project_leads_to_its_table(self, alice_client: Client, project: Project) -> None:
        for address in (f"/projects/{project.uid}", f"/projects/{project.uid}/"):
            response = alice_client.get(address)
            assert response["Location"] == f"/projects/{project.uid}/experiments/"
        assert alice_client.get("/projects/*")["Location"] == "/experiments/"

    def test_they_tell_a_stranger_nothing(self, charlie_client: Client, project: Project) -> None:
        task = make_task(project)
        for address in (
            f"/experiments/{task.uid}/",
            f"/projects/*/experiments/{task.uid}/output/log",
            f"/projects/{project.uid}",
        ):
            assert charlie_client.get(address).status_code == 404


class TestTheme:
    def test_it_is_pinned_and_let_go(self, alice_client: Client, project: Project) -> None:
        make_task(project)
        data: dict[str, Any] = {"theme": "dark", "next": "/experiments/"}
        assert alice_client.post("/theme/", data)["Location"] == "/experiments/"
        assert 'data-theme="dark"' in alice_client.get("/").content.decode()
        alice_client.post("/theme/", {"theme": "system"})
        assert "data-theme" not in alice_client.get("/").content.decode()

    def test_it_leads_nowhere_else(self, alice_client: Client) -> None:
        for target in ("https://evil.example/", "//evil.example", "javascript:1"):
            response = alice_client.post("/theme/", {"theme": "light", "next": target})
            assert response["Location"] == "/"
