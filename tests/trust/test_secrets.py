"""Default or weak credentials, secrets in plain text, and secrets in logs, pages and addresses."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client, override_settings

from experiments.models import User
from experiments.operations.accounts import issue_credentials, make_sign_in_link
from experiments.operations.sign_in import set_password
from experiments.queries.accounts import digest_of
from tests.people import ProtocolClient
from tests.trust.walk import addresses, samples_of, text_of
from webui import settings as real
from webui.logs import LineFormatter

PASSWORD = "canary pass phrase of alice"
WELL_KNOWN = [
    ("admin", "admin"), ("admin", "password"), ("admin", "password1234"), ("root", "root"),
    ("admin", ""), ("user", "user"), ("test", "test"), ("tuneboard", "tuneboard"),
    ("guest", "guest"), ("allegroai", "allegroai"), ("clearml", "clearml"),
]  # fmt: skip


def dump() -> str:
    """Everything stored in every table, as text."""
    rows: list[str] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows += [str(row) for row in cursor.fetchall()]
    return "\n".join(rows)


class TestDefaultCredentials:
    def test_a_new_server_knows_nobody(self, db: None) -> None:
        assert not User.objects.exists()

    @pytest.mark.parametrize(("username", "password"), WELL_KNOWN)
    def test_well_known_names_do_not_get_in(
        self, client: Client, db: None, username: str, password: str
    ) -> None:
        answer = client.post("/login/", {"username": username, "password": password})
        assert answer.status_code == 422

    @pytest.mark.parametrize("password", [known for _, known in WELL_KNOWN if known])
    def test_well_known_passwords_cannot_be_set(self, alice: User, password: str) -> None:
        with pytest.raises(Exception, match=r"common|short"):
            set_password(user=alice, password=password)

    def test_a_name_alone_does_not_get_in(self, client: Client, alice: User) -> None:
        answer = client.post("/login/", {"username": "alice", "password": "alice"})
        assert answer.status_code == 422

    def test_each_server_has_a_key_of_its_own(self) -> None:
        assert len(real.SECRET_KEY) >= 32
        assert "insecure" not in real.SECRET_KEY


class TestPlainText:
    @override_settings(PASSWORD_HASHERS=real.PASSWORD_HASHERS)
    def test_the_database_holds_no_secret(self, client: Client, alice: User) -> None:
        set_password(user=alice, password=PASSWORD)
        issued = issue_credentials(user=alice)
        link = make_sign_in_link(user=alice)
        client.post("/login/", {"username": "alice", "password": PASSWORD})
        client.post("/login/", {"username": "canary-typed", "password": PASSWORD})
        stored = dump()
        assert issued.access_key in stored
        for secret in (PASSWORD, issued.secret_key, link, "canary-typed"):
            assert secret not in stored

    def test_a_secret_kept_in_plain_text_would_be_seen(
        self, alice: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(
            "experiments.queries.accounts.digest_of", lambda purpose, secret: secret
        )
        assert issue_credentials(user=alice).secret_key in dump()

    def test_the_digest_needs_the_key_of_this_server(self) -> None:
        here = digest_of("credential", "x")
        with override_settings(SECRET_KEY="another-server" * 4):
            assert digest_of("credential", "x") != here
        assert digest_of("sign-in-link", "x") != here
        assert len(here) == 64


class TestLogsPagesAddresses:
    @pytest.fixture
    def logged(self) -> Any:
        """Everything logged at any level, written as the server writes it."""
        lines: list[str] = []

        class Keeper(logging.Handler):
            def emit(self, record: logging.LogRecord) -> None:
                lines.append(LineFormatter("%(message)s").format(record))

        keeper = Keeper(level=logging.DEBUG)
        # Not the database's own debug log: it repeats every value, and is off in a server.
        loud = [
            logging.getLogger(name) for name in ("tuneboard", "django.request", "django.security")
        ]
        levels = [(log, log.level) for log in loud]
        for log in loud:
            log.setLevel(logging.DEBUG)
            log.addHandler(keeper)
        yield lines
        for log, level in levels:
            log.setLevel(level)
            log.removeHandler(keeper)

    def test_no_log_line_holds_a_secret(
        self, client: Client, alice: User, api: ProtocolClient, logged: list[str]
    ) -> None:
        set_password(user=alice, password=PASSWORD)
        link = make_sign_in_link(user=alice)
        client.post("/login/", {"username": "alice", "password": PASSWORD + "x"})
        client.get(f"/login/{link}/")
        client.get(f"/login/{link}/")
        client.get(f"/login/{link}/nowhere")
        client.get(f"/setup/{link}/")
        made = client.post("/settings/credentials/", {"scope": "write"}).context["issued"]
        api.call("tasks.get_all")
        api.send("/v2.23/nonsense")
        text = "\n".join(logged)
        assert "failed sign-in" in text
        for secret in (PASSWORD, link, made.secret_key, api.token):
            assert secret not in text

    def test_a_logged_link_would_be_seen(
        self, client: Client, alice: User, logged: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("webui.logs.without_links", lambda text: text)
        link = make_sign_in_link(user=alice)
        client.get(f"/login/{link}/nowhere")
        assert link in "\n".join(logged)

    def test_no_page_shows_a_stored_digest_or_token(
        self, alice_client: Client, alice: User, project: Any
    ) -> None:
        samples = samples_of(alice, project)
        hidden = set(User.objects.values_list("password", flat=True))
        for model in (apps.get_model("experiments.Credential"), Session):
            field = "secret_digest" if model is not Session else "session_key"
            hidden |= set(model.objects.values_list(field, flat=True))
        for page in addresses(samples):
            text = text_of(page.ask(alice_client))
            assert [value for value in hidden if value in text] == [], page.name

    def test_no_redirect_carries_a_secret(self, client: Client, alice: User) -> None:
        set_password(user=alice, password=PASSWORD)
        link = make_sign_in_link(user=alice)
        places = [
            client.get(f"/login/{link}/")["Location"],
            client.post("/logout/")["Location"],
            client.post("/login/", {"username": "alice", "password": PASSWORD})["Location"],
        ]
        assert places == ["/", "/login/", "/"]

    def test_a_secret_is_never_taken_from_an_address(self, client: Client, alice: User) -> None:
        issued = issue_credentials(user=alice)
        keys = {"access_key": issued.access_key, "secret_key": issued.secret_key}
        assert client.get("/auth.login", keys).status_code == 401
        set_password(user=alice, password=PASSWORD)
        answer = client.get("/login/", {"username": "alice", "password": PASSWORD})
        assert "_auth_user_id" not in client.session
        assert PASSWORD not in answer.content.decode()

    def test_issued_credentials_do_not_print_their_secret(self, alice: User) -> None:
        issued = issue_credentials(user=alice)
        assert issued.secret_key not in f"{issued} {issued!r}"
