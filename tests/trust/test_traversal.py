"""No address leads to a file outside the static files."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client, override_settings

from tests.trust.walk import text_of

CLIMBS = [
    "../manage.py", "..%2fmanage.py", "%2e%2e/manage.py", "%2e%2e%2fmanage.py",
    "..%252fmanage.py", "....//manage.py", "..\\manage.py", "..%5cmanage.py",
    "css/../../manage.py", "css/%2e%2e/%2e%2e/webui/settings.py", "/etc/passwd", "//etc/passwd",
    "%2fetc%2fpasswd", "css/..;/../manage.py", "css/%00/../../manage.py", "~root/.profile",
    "file:///etc/passwd", "css/base.css/../../../manage.py", "..%c0%af..%c0%afetc/passwd",
]  # fmt: skip
GIVEAWAYS = ("execute_from_command_line", "SECRET_KEY", "root:x:0:0")


@pytest.mark.parametrize("climb", CLIMBS)
@pytest.mark.parametrize("start", ["/static/", "/", "/experiments/", "/projects/", "/v2.23/"])
@override_settings(WHITENOISE_USE_FINDERS=True)
def test_no_address_climbs_out(alice_client: Client, start: str, climb: str) -> None:
    answer = alice_client.generic("GET", start + climb)
    # A slash may be added at the end, or the address be none of ours.
    assert answer.status_code in {301, 302, 400, 404}
    assert answer.headers.get("Location", "/x")[1] not in "/\\"
    content = text_of(answer)
    assert not any(word in content for word in GIVEAWAYS)


def test_static_files_are_served(db: None) -> None:
    with override_settings(WHITENOISE_USE_FINDERS=True):
        answer: Any = Client().get("/static/css/base.css")
    assert answer.status_code == 200
    assert b"--paper" in b"".join(answer)


@pytest.mark.parametrize("name", ["/secret_key", "/address", "/data/secret_key", "/manage.py"])
def test_the_data_folder_is_not_served(alice_client: Client, name: str) -> None:
    for start in ("", "/static"):
        assert alice_client.get(start + name).status_code == 404
