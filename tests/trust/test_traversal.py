"""No address leads to a file outside the static files, and no upload to one of the server's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings

from experiments.models import StoredFile
from tests.people import ProtocolClient
from tests.trust.walk import text_of
from tests.uploads import multipart, send, stored

CLIMBS = [
    "../manage.py", "..%2fmanage.py", "%2e%2e/manage.py", "%2e%2e%2fmanage.py",
    "..%252fmanage.py", "....//manage.py", "..\\manage.py", "..%5cmanage.py",
    "css/../../manage.py", "css/%2e%2e/%2e%2e/webui/settings.py", "/etc/passwd", "//etc/passwd",
    "%2fetc%2fpasswd", "css/..;/../manage.py", "css/%00/../../manage.py", "~root/.profile",
    "file:///etc/passwd", "css/base.css/../../../manage.py", "..%c0%af..%c0%afetc/passwd",
]  # fmt: skip
GIVEAWAYS = ("execute_from_command_line", "SECRET_KEY", "root:x:0:0")


@pytest.mark.parametrize("climb", CLIMBS)
@pytest.mark.parametrize(
    "start", ["/static/", "/", "/experiments/", "/projects/", "/v2.23/", "/files/"]
)
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
    for start in ("", "/static", "/files"):
        assert alice_client.get(start + name).status_code == 404
    assert alice_client.get("/files/.." + name).status_code == 400


@pytest.mark.parametrize("climb", [*CLIMBS, "secret_key", "../secret_key", "incoming/../x"])
def test_an_upload_stays_where_files_are(
    api: ProtocolClient, folder: Path, tmp_path: Path, climb: str
) -> None:
    """Whatever it is called, its bytes are under an id of ours; or it is refused."""
    (tmp_path / "secret_key").write_text("the key")
    answer = send(api, multipart({climb: b"overwritten"}))
    assert answer.status_code in {200, 400}
    assert (tmp_path / "secret_key").read_text() == "the key"
    assert {one.name for one in tmp_path.iterdir()} <= {"secret_key", "files"}
    ids = [f"{file.uid[:2]}/{file.uid}" for file in StoredFile.objects.all()]
    assert [str(one.relative_to(folder)) for one in stored(folder)] == ids
    assert len(ids) == (answer.status_code == 200)
