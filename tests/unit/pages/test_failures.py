"""What goes wrong is a page for people and an envelope for scripts, and never tells secrets."""

from __future__ import annotations

import logging
import time

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from experiments.errors import InvalidField, TaskNotFound, TooManyAttempts
from webui import policy, urls
from webui.logs import LineFormatter, request_id
from webui.pages import failures

ERRORS = {
    "crash": RuntimeError("canary-of-an-exception"),
    "away": OperationalError("connection to server at db.example.org failed"),
    "absent": TaskNotFound("f" * 32),
    "invalid": InvalidField("it is <b>bold</b>", field="x"),
    "often": TooManyAttempts(),
}


def raise_error(request: HttpRequest, kind: str) -> HttpResponse:
    raise ERRORS[kind]


def read_post(request: HttpRequest) -> HttpResponse:
    return HttpResponse(len(request.POST))


urlpatterns = [
    *urls.urlpatterns,
    path("raise/<str:kind>/", raise_error, name="raise"),
    path("read/", read_post, name="read"),
    path("unlisted/", read_post, name="unlisted"),
]
handler400 = failures.bad_request
handler403 = failures.denied
handler404 = failures.not_found
handler500 = failures.server_error


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(policy.POLICY, "raise", policy.ANYONE)
    monkeypatch.setitem(policy.POLICY, "read", policy.ANYONE)
    with override_settings(ROOT_URLCONF=__name__):
        yield Client(raise_request_exception=False)


def test_an_unknown_address(site: Client, db: None) -> None:
    response = site.get("/nowhere/")
    assert response.status_code == 404
    assert "There is no such page" in response.content.decode()


def test_an_address_without_a_policy_is_not_there(
    site: Client, alice_client: Client, admin_client: Client
) -> None:
    assert site.get("/unlisted/")["Location"].startswith("/login/")
    assert alice_client.get("/unlisted/").status_code == 404
    assert admin_client.get("/unlisted/").status_code == 404


def test_a_crash_tells_only_the_request_id(
    site: Client, db: None, caplog: pytest.LogCaptureFixture
) -> None:
    response = site.get("/raise/crash/")
    page = response.content.decode()
    assert response.status_code == 500
    assert "canary" not in page
    assert "Traceback" not in page
    assert response["X-Request-Id"] in page
    assert "canary-of-an-exception" in caplog.text


def test_the_log_of_a_crash_carries_the_same_id(
    site: Client, db: None, caplog: pytest.LogCaptureFixture
) -> None:
    lines: list[str] = []

    class Keeper(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(LineFormatter("[%(request_id)s] %(message)s").format(record))

    keeper = Keeper()
    logging.getLogger("django.request").addHandler(keeper)
    try:
        response = site.get("/raise/crash/")
    finally:
        logging.getLogger("django.request").removeHandler(keeper)
    assert lines
    assert f"[{response['X-Request-Id']}]" in lines[0]


def test_an_absent_database_is_a_503_for_people(site: Client, db: None) -> None:
    response = site.get("/raise/away/")
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert "db.example.org" not in response.content.decode()


def test_and_a_500_for_scripts_which_would_repeat_a_503_for_ever(site: Client, db: None) -> None:
    response = site.get("/raise/away/", headers={"X-ClearML-Client": "clearml-2.1.12"})
    assert response.status_code == 500
    assert response.json()["meta"]["result_code"] == 500


@pytest.mark.parametrize(("kind", "status"), [("absent", 404), ("invalid", 400), ("often", 429)])
def test_a_domain_error_is_a_page(site: Client, db: None, kind: str, status: int) -> None:
    response = site.get(f"/raise/{kind}/")
    assert response.status_code == status
    assert "<h1>" in response.content.decode()


def test_htmx_gets_a_notice_instead(site: Client, db: None) -> None:
    response = site.get("/raise/invalid/", headers={"HX-Request": "true"})
    assert response.status_code == 400
    assert "<html" not in response.content.decode()
    assert "&lt;b&gt;bold" in response.content.decode()


def test_a_missing_csrf_token(site: Client, db: None) -> None:
    response = Client(enforce_csrf_checks=True).post("/read/", {"a": "1"})
    assert response.status_code == 403
    assert "reload it" in response.content.decode()


def test_a_body_that_is_too_large(site: Client, db: None) -> None:
    with override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=100):
        response = site.post("/read/", "a=" + "x" * 200, "application/x-www-form-urlencoded")
    assert response.status_code == 413
    assert "larger than the server accepts" in response.content.decode()


def test_a_form_with_too_many_fields(site: Client, db: None) -> None:
    with override_settings(DATA_UPLOAD_MAX_NUMBER_FIELDS=10):
        body = "&".join(f"f{number}=" for number in range(11))
        response = site.post("/read/", body, "application/x-www-form-urlencoded")
    assert response.status_code == 413


@pytest.mark.parametrize("address", ["/nowhere/", "/login/", "/static/css/none.css"])
def test_a_host_that_is_not_ours_gets_nothing(site: Client, address: str) -> None:
    response = site.get(address, headers={"Host": "evil.example.org"})
    assert response.status_code in {400, 404}
    assert "evil" not in response.content.decode()


def test_scripts_always_get_an_envelope(site: Client, db: None) -> None:
    sdk = {"X-ClearML-Client": "clearml-2.1.12"}
    for response in (
        site.get("/nowhere", headers=sdk),
        Client(enforce_csrf_checks=True).post("/read/", headers=sdk),
        site.get("/raise/crash/", headers=sdk),
        site.get("/v2.23/tasks.none"),
        site.get("/v2.23/nonsense"),
        site.get("/v2.23/tasks.create", headers={"Host": "evil.example.org"}),
    ):
        meta = response.json()["meta"]
        assert meta["result_code"] == response.status_code
        assert response.status_code in {400, 401, 403, 404, 500}


class TestHealth:
    def test_it_answers_without_signing_in(self, client: Client, db: None) -> None:
        started = time.monotonic()
        response = client.get("/healthz")
        assert (response.status_code, response.content) == (200, b"ok\n")
        assert time.monotonic() - started < 1
        assert not response.cookies

    def test_it_says_when_the_database_is_away(
        self, client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path
    ) -> None:
        monkeypatch.setattr("webui.pages.healthz.database_answers", lambda: False)
        assert client.get("/healthz").status_code == 503


class TestLogs:
    def test_links_are_not_logged(self) -> None:
        record = logging.LogRecord(
            "x", logging.ERROR, "f", 1, "Gone: /login/%s/ and /setup/%s?a", ("tok1", "tok2"), None
        )
        text = LineFormatter("%(message)s").format(record)
        assert text == "Gone: /login/***/ and /setup/***?a"

    def test_links_are_not_logged_in_tracebacks_either(self) -> None:
        try:
            raise ValueError("at /login/canary/")
        except ValueError as error:
            info = (type(error), error, error.__traceback__)
        record = logging.LogRecord("x", logging.ERROR, "f", 1, "failed", (), info)
        assert "/login/***/" in LineFormatter("%(message)s").format(record)

    def test_outside_a_request_there_is_no_id(self) -> None:
        record = logging.LogRecord("x", logging.INFO, "f", 1, "started", (), None)
        assert LineFormatter("[%(request_id)s]").format(record) == "[-]"
        with request_id() as name:
            assert LineFormatter("[%(request_id)s]").format(record) == f"[{name}]"
