"""Open redirects and session fixation."""

from __future__ import annotations

import pytest
from django.test import Client

from experiments.models import User
from experiments.operations.accounts import make_sign_in_link
from experiments.operations.sign_in import set_password

PASSWORD = "a pass phrase of alice"
OUTSIDE = [
    "https://evil.example.org",
    "http://evil.example.org/settings/",
    "//evil.example.org",
    "///evil.example.org",
    "////evil.example.org",
    "\\\\evil.example.org",
    "/\\evil.example.org",
    "\t//evil.example.org",
    "/\t/evil.example.org",
    " https://evil.example.org",
    "https:evil.example.org",
    "http:///evil.example.org",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "https://testserver@evil.example.org",
    "https://testserver.evil.example.org",
    "//testserver\\@evil.example.org",
    "\x08//evil.example.org",
]


def leads_outside(location: str) -> bool:
    return not location.startswith("/") or location[1:2] in {"/", "\\", "\t"}


class TestOpenRedirect:
    @pytest.mark.parametrize("target", OUTSIDE)
    def test_signing_in_leads_nowhere_else(self, client: Client, alice: User, target: str) -> None:
        set_password(user=alice, password=PASSWORD)
        page = client.get("/login/", {"next": target}).content.decode()
        assert 'name="next" value="/"' in page
        typed = {"username": "alice", "password": PASSWORD, "next": target}
        assert client.post("/login/", typed)["Location"] == "/"
        assert client.get("/login/", {"next": target})["Location"] == "/"

    @pytest.mark.parametrize("target", OUTSIDE)
    def test_the_theme_leads_nowhere_else(self, client: Client, db: None, target: str) -> None:
        location = client.post("/theme/", {"theme": "dark", "next": target})["Location"]
        assert not leads_outside(location)

    @pytest.mark.parametrize("path", ["//evil.example.org/login", "/\\evil.example.org", "//x/"])
    def test_a_missing_slash_leads_nowhere_else(self, client: Client, db: None, path: str) -> None:
        answer = client.generic("GET", path)
        assert not answer.has_header("Location") or not leads_outside(answer["Location"])

    def test_without_the_check_it_would(
        self, client: Client, alice: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(
            "webui.pages.login.url_has_allowed_host_and_scheme", lambda *_, **__: True
        )
        client.force_login(alice)
        location = client.get("/login/", {"next": "//evil.example.org"})["Location"]
        assert leads_outside(location)


class TestFixation:
    def plant(self, client: Client) -> str:
        """A session that somebody else knows, in the victim's browser before signing in."""
        session = client.session
        session["planted"] = "1"
        session.save()
        return session.session_key

    def test_a_password_gives_a_new_session(self, client: Client, alice: User) -> None:
        set_password(user=alice, password=PASSWORD)
        planted = self.plant(client)
        client.post("/login/", {"username": "alice", "password": PASSWORD})
        assert self.worthless(planted)
        assert client.cookies["tuneboard_session"].value != planted

    def test_a_link_gives_a_new_session(self, client: Client, alice: User) -> None:
        planted = self.plant(client)
        client.get(f"/login/{make_sign_in_link(user=alice)}/")
        assert self.worthless(planted)
        assert client.get("/settings/").status_code == 200

    def test_the_set_up_gives_a_new_session(self, client: Client, db: None) -> None:
        planted = self.plant(client)
        client.post(f"/setup/{make_sign_in_link(user=None)}/", {"username": "amy"})
        assert self.worthless(planted)
        assert client.get("/settings/").status_code == 200

    def test_a_link_ends_the_session_before_it(self, alice_client: Client, alice: User) -> None:
        old = alice_client.cookies["tuneboard_session"].value
        alice_client.get(f"/login/{make_sign_in_link(user=alice)}/")
        assert self.worthless(old)

    def test_an_invented_session_is_not_taken_up(self, client: Client, alice: User) -> None:
        set_password(user=alice, password=PASSWORD)
        client.cookies["tuneboard_session"] = "a" * 32
        client.post("/login/", {"username": "alice", "password": PASSWORD})
        assert self.worthless("a" * 32)

    def test_without_the_rotation_it_would_work(
        self, client: Client, alice: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        set_password(user=alice, password=PASSWORD)
        monkeypatch.setattr(
            "django.contrib.sessions.backends.db.SessionStore.cycle_key", lambda _: None
        )
        planted = self.plant(client)
        client.post("/login/", {"username": "alice", "password": PASSWORD})
        assert not self.worthless(planted)

    def worthless(self, session_key: str) -> bool:
        thief = Client()
        thief.cookies["tuneboard_session"] = session_key
        return thief.get("/settings/").status_code == 302
