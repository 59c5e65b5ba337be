"""Uploaded files: who may do what, hostile names, hostile bodies."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from experiments.models import Credential, Project, StoredFile, Task, User
from experiments.operations.status import change_status
from experiments.rules.status import Status
from tests.factories import actor, make_task
from tests.people import ProtocolClient
from tests.uploads import (
    BOUNDARY,
    MULTIPART,
    artifact_path,
    ask,
    content_of,
    multipart,
    send,
    stored,
    upload,
    whole,
)

pytestmark = pytest.mark.usefixtures("folder")


@pytest.fixture
def task(project: Project) -> Task:
    return make_task(project)


@pytest.fixture
def path(api: ProtocolClient, task: Task) -> str:
    """A file of an experiment that alice owns, bob may see and charlie may not."""
    path = artifact_path(task)
    assert upload(api, path, b"weeks of work").status_code == 200
    return path


@pytest.fixture
def read_only(alice: User) -> ProtocolClient:
    return ProtocolClient(alice, scope=Credential.Scope.READ)


class TestWhoMay:
    @pytest.mark.parametrize(
        ("who", "reads", "writes", "deletes"),
        [
            ("api", 200, 200, 200),
            ("bob_api", 200, 403, 403),
            ("charlie_api", 404, 404, 404),
            ("read_only", 200, 403, 403),
        ],
    )
    def test_with_a_key(
        self,
        request: pytest.FixtureRequest,
        path: str,
        who: str,
        reads: int,
        writes: int,
        deletes: int,
    ) -> None:
        client: ProtocolClient = request.getfixturevalue(who)
        assert ask(client, path).status_code == reads
        assert ask(client, path, "HEAD").status_code == reads
        for method in ("POST", "PUT"):
            body = multipart({f"/{path}": b"other"})
            assert send(client, body, method=method).status_code == writes
        assert ask(client, path, "DELETE").status_code == deletes
        for method in ("PATCH", "OPTIONS", "TRACE"):
            answer = ask(client, path, method)
            assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, POST, PUT, DELETE")
        assert StoredFile.objects.exists() is (deletes != 200)

    @pytest.mark.parametrize(
        ("who", "reads"), [("alice_client", 200), ("bob_client", 200), ("charlie_client", 404)]
    )
    def test_with_a_session_reading_only(
        self, request: pytest.FixtureRequest, path: str, who: str, reads: int
    ) -> None:
        client: Client = request.getfixturevalue(who)
        for accept in ("image/*", "text/html"):
            answer = whole(client.get(f"/files/{path}", headers={"Accept": accept}))
            assert answer.status_code == reads
        body = multipart({f"/{path}": b"other"})
        for method in ("POST", "PUT"):
            assert client.generic(method, "/files", body, MULTIPART).status_code == 401
        assert client.delete(f"/files/{path}").status_code == 401
        assert StoredFile.objects.get().size == len(b"weeks of work")

    def test_a_visitor_is_a_script_or_a_person(self, path: str) -> None:
        """A script that followed a redirect would keep the sign-in page as its file."""
        visitor = Client()
        assert visitor.get(f"/files/{path}").status_code == 401
        answer = visitor.get(f"/files/{path}", headers={"Accept": "text/html,*/*"})
        assert (answer.status_code, answer["Location"][:13]) == (302, "/login/?next=")
        for method in ("POST", "PUT", "DELETE"):
            for accept in ("*/*", "text/html"):
                answer = visitor.generic(method, f"/files/{path}", headers={"Accept": accept})
                assert answer.status_code in {302, 401}
        assert StoredFile.objects.exists()

    def test_a_wrong_key_is_not_helped_by_a_session(self, alice_client: Client, path: str) -> None:
        for value in ("Bearer x", "Basic eDp4", "Digest x", ""):
            answer = alice_client.get(f"/files/{path}", headers={"Authorization": value})
            assert answer.status_code == 401

    def test_a_strangers_guess_tells_nothing(
        self, charlie_api: ProtocolClient, path: str, task: Task
    ) -> None:
        """What is there, what is not there, and what never was: one answer."""
        other = "f" * 32
        tried = [path, path + "x", path.replace(task.uid, other)]
        for method in ("GET", "DELETE"):
            answers = {
                (one.status_code, one.content.replace(other.encode(), task.uid.encode()))
                for one in (ask(charlie_api, guess, method) for guess in tried)
            }
            assert len(answers) == 1

    def test_a_key_that_is_revoked_reads_no_more(self, api: ProtocolClient, path: str) -> None:
        assert ask(api, path).status_code == 200
        Credential.objects.update(revoked=actor(api.user).user.created)
        assert ask(api, path).status_code == 401

    def test_files_of_no_experiment_are_private(
        self, api: ProtocolClient, charlie_api: ProtocolClient, admin: User
    ) -> None:
        upload(api, "notes/today.txt", b"mine")
        assert content_of(api, "notes/today.txt") == "mine"
        for other in (charlie_api, ProtocolClient(admin)):
            assert ask(other, "notes/today.txt").status_code == 404
            assert ask(other, "notes/today.txt", "DELETE").status_code == 404
        assert upload(charlie_api, "notes/today.txt", b"not yours").status_code == 200
        assert content_of(api, "notes/today.txt") == "mine"

    def test_what_is_published_stays(self, api: ProtocolClient, path: str, task: Task) -> None:
        change_status(task=task, to=Status.PUBLISHED, force=True, by=actor(api.user))
        assert upload(api, path, b"other").status_code == 400
        assert upload(api, artifact_path(task, "new"), b"other").status_code == 400
        assert ask(api, path, "DELETE").status_code == 400
        assert content_of(api, path) == "weeks of work"

    def test_without_the_check_a_stranger_would_read(
        self, charlie_api: ProtocolClient, path: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("experiments.queries.access._has_role", lambda *_: True)
        assert content_of(charlie_api, path) == "weeks of work"


HOSTILE_NAMES = [
    "../secret_key", "a/../../secret_key", "..", "/..", "..\\..\\x", "a/./b", "a\x00b",
    "a\x00/../b", "a\tb", "a\x7f", "", "/", "x" * 10_000, "\u8a66" * 3_000, "/".join("x" * 5_000),
]  # fmt: skip
ODD_NAMES = [
    "C:\\Windows\\system32\\x.dll", "CON", "aux.txt", "a:b", "/etc/passwd", "//etc//passwd",
    "~root/.profile", "%2e%2e%2fsecret_key", "..%2fsecret_key", "....//x", "\u202egnp.exe",
    "\u2028", "e\u0301", "a b", "a;b=c", "#x?y=z&a", "$(id)", "`id`", "<script>alert(1)</script>",
    "' OR 1=1 --", ".htaccess", "a.", "x" * 255, "x/" * 500 + "x", "\U0001f9ea", "-rf", "*",
]  # fmt: skip


class TestNames:
    @pytest.mark.parametrize("name", HOSTILE_NAMES, ids=range(len(HOSTILE_NAMES)))
    def test_a_hostile_name_is_refused(self, api: ProtocolClient, folder: Path, name: str) -> None:
        answer = send(api, multipart({name: b"x"}))
        assert answer.status_code == 400
        assert b"path" in answer.content or b"body" in answer.content
        assert len(answer.content) < 3000
        assert stored(folder) == []

    @pytest.mark.parametrize("name", ["\ud800", "\udcff"])
    def test_what_is_no_text_is_refused(self, api: ProtocolClient, folder: Path, name: str) -> None:
        assert send(api, multipart({name: b"x"})).status_code == 400
        assert stored(folder) == []

    @pytest.mark.parametrize("name", ODD_NAMES, ids=range(len(ODD_NAMES)))
    def test_an_odd_name_is_only_a_name(
        self, api: ProtocolClient, folder: Path, tmp_path: Path, name: str
    ) -> None:
        assert upload(api, name, name.encode()).status_code == 200
        assert content_of(api, name) == name
        [found] = stored(folder)
        row = StoredFile.objects.get()
        assert found == folder / row.uid[:2] / row.uid
        assert {one.name for one in tmp_path.iterdir()} == {"files"}
        answer = ask(api, name)
        shown = answer["Content-Disposition"]
        assert shown.startswith("attachment; filename")
        assert "/" not in shown and "\\" not in shown and "\u202e" not in shown
        assert ask(api, name, "DELETE").status_code == 200
        assert ask(api, name).status_code == 404

    def test_names_that_look_alike_are_one(self, api: ProtocolClient) -> None:
        upload(api, "e\u0301.txt", b"first")
        upload(api, "\u00e9.txt", b"second")
        assert content_of(api, "e\u0301.txt") == "second"
        assert StoredFile.objects.count() == 1

    def test_a_name_is_decoded_once(self, api: ProtocolClient) -> None:
        upload(api, "a%2541", b"x")
        assert content_of(api, "a%2541") == "x"
        assert ask(api, "a%41").status_code == 404
        assert ask(api, "aA").status_code == 404

    def test_the_address_is_a_folder_for_the_parts(self, api: ProtocolClient) -> None:
        """With `CLEARML_FILES_HOST=.../files/team` both are prefixed so."""
        for to in ("/files/team", "/files/team/", "/files//team"):
            assert send(api, multipart({"/p/x": to.encode()}), to=to).status_code == 200
            assert content_of(api, "team/p/x") == to
        assert send(api, multipart({"x": b""}), to="/files/a/..").status_code in {400, 404}

    def test_an_experiment_that_is_not_there_gets_no_files(
        self, api: ProtocolClient, folder: Path, task: Task
    ) -> None:
        path = artifact_path(task).replace(task.uid, "f" * 32)
        assert upload(api, path).status_code == 404
        assert stored(folder) == []


def arriving(body: bytes, *, announced: int) -> dict[str, Any]:
    """A request of which other bytes arrive than were announced."""
    return {
        "wsgi.input": io.BytesIO(body),
        "CONTENT_LENGTH": str(announced),
        "CONTENT_TYPE": MULTIPART,
    }


class TestBodies:
    @pytest.mark.parametrize("kept", [0, 1, 10, 60, 120, -1, -2, -4, -20])
    def test_a_torn_upload_leaves_nothing(
        self, api: ProtocolClient, path: str, folder: Path, kept: int
    ) -> None:
        body = multipart({f"/{path}": b"half of something", "/other": b"x" * 100})
        answer = send(api, b"", **arriving(body[:kept], announced=len(body)))
        assert (answer.status_code, b"ended early" in answer.content) == (400, True)
        assert content_of(api, path) == "weeks of work"
        assert len(stored(folder)) == 1

    def test_a_slow_upload_leaves_nothing(self, api: ProtocolClient, folder: Path) -> None:
        class Stalls(io.BytesIO):
            def read(self, *_: Any) -> bytes:
                if at := self.tell():
                    raise TimeoutError(f"after {at} bytes")
                return super().read(100)

        body = multipart({"/x": b"x" * 1000})
        request = arriving(body, announced=len(body)) | {"wsgi.input": Stalls(body)}
        answer = send(api, b"", **request)
        assert (answer.status_code, b"too slowly" in answer.content) == (400, True)
        assert stored(folder) == []

    def test_one_refused_part_refuses_all(
        self, api: ProtocolClient, charlie_api: ProtocolClient, path: str, folder: Path
    ) -> None:
        for other in (f"/{path}", "/../x", "/a"):
            parts = multipart({"/a": b"1", "/b": b"2"}).removesuffix(f"--{BOUNDARY}--\r\n".encode())
            answer = send(charlie_api, parts + multipart({other: b"3"}))
            assert answer.status_code in {400, 404}
            assert len(stored(folder)) == 1

    def test_more_than_is_taken(self, api: ProtocolClient, folder: Path, settings: Any) -> None:
        settings.MAX_UPLOAD = 1024
        answer = upload(api, "x", bytes(2000))
        assert answer.status_code == 413
        assert b"TUNEBOARD_MAX_UPLOAD_MB" in answer.content
        assert send(api, b"", **arriving(b"", announced=2**40)).status_code == 413
        assert stored(folder) == []

    def test_more_than_there_is_room_for(
        self, api: ProtocolClient, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("experiments.operations.stored_bytes.KEPT_FREE", 1 << 60)
        answer = upload(api, "x", b"x")
        assert answer.status_code == 507
        assert b"no room left" in answer.content
        assert stored(folder) == []

    @pytest.mark.parametrize(
        "content_type",
        ["", "application/json", "text/plain", "application/x-www-form-urlencoded",
         "multipart/mixed; boundary=x", "multipart/form-data", "multipart/form-data; boundary=",
         "multipart/form-data; boundary=" + "x" * 300, "multipart/form-data; boundary=\u00e9"],
    )  # fmt: skip
    def test_another_kind_of_body(
        self, api: ProtocolClient, folder: Path, content_type: str
    ) -> None:
        for method in ("POST", "PUT"):
            answer = send(api, multipart({"x": b"x"}), content_type=content_type, method=method)
            assert answer.status_code == 400
        assert stored(folder) == []

    def test_an_upload_to_the_wrong_address_is_told_the_right_one(
        self, api: ProtocolClient, folder: Path
    ) -> None:
        """With `CLEARML_FILES_HOST` set to the server's address alone, the SDK uploads to `/`."""
        api.http = Client(enforce_csrf_checks=True)
        answer = send(api, multipart({"/x": b"x"}), to="/")
        assert answer.status_code == 400
        assert b"end CLEARML_FILES_HOST with it" in answer.content
        assert stored(folder) == []

    def test_nothing_is_unpacked(self, api: ProtocolClient, folder: Path) -> None:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("../../climbs.txt", "x")
            archive.writestr("bomb", bytes(10_000_000))
        for name, content in {
            "a.zip": packed.getvalue(),
            "a.csv.gz": gzip.compress(bytes(10_000_000)),
        }.items():
            assert upload(api, name, content).status_code == 200
            answer = ask(api, name, **{"Accept-Encoding": "gzip"})
            assert answer.body == content
            assert "Content-Encoding" not in answer
        assert sum(one.stat().st_size for one in stored(folder)) < 30_000
        for header in ("Content-Encoding", "Transfer-Encoding"):
            answer = send(api, multipart({"x": b"x"}), headers={header: "gzip"})
            assert answer.status_code == 400
