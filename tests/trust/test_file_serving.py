"""Uploaded files given out: whole, in part, and never so that a browser would run them."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from django.test import Client

from experiments.models import Project
from tests.factories import make_task
from tests.people import ProtocolClient
from tests.uploads import artifact_path, ask, content_of, multipart, send, stored, upload, whole

pytestmark = pytest.mark.usefixtures("folder")


@pytest.fixture
def path(api: ProtocolClient, project: Project) -> str:
    path = artifact_path(make_task(project))
    assert upload(api, path, b"weeks of work").status_code == 200
    return path


SCRIPTS = {
    "a.html": b"<script>alert(document.domain)</script>",
    "a.svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "a.xhtml": b"<html xmlns='http://www.w3.org/1999/xhtml'><script>alert(1)</script></html>",
    "a.js": b"alert(1)",
    "a.mjs": b"alert(1)",
    "a.css": b"*{background:url(//evil)}",
    "a.pdf": b"%PDF-1.4 /JS (app.alert(1))",
    "a.swf": b"FWS",
    "a.xml": b"<?xml-stylesheet href='a.xsl' type='text/xsl'?><a/>",
    "a.wasm": b"\0asm",
    "a.png": b"<script>alert(1)</script>",
    "a.gif": b"GIF89a/*<script>alert(1)</script>",
    "a": b"<!doctype html><script>alert(1)</script>",
}


class TestNothingRuns:
    @pytest.mark.parametrize("name", SCRIPTS)
    def test_a_browser_is_told_to_keep_it(
        self, api: ProtocolClient, alice_client: Client, name: str
    ) -> None:
        upload(api, name, SCRIPTS[name])
        for method in ("GET", "HEAD"):
            headers = {"Accept": "text/html"}
            answer = whole(alice_client.generic(method, f"/files/{name}", headers=headers))
            assert answer.status_code == 200
            harmless = {"application/octet-stream", "image/gif"}
            assert answer["Content-Type"] in harmless
            assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
            assert answer["X-Content-Type-Options"] == "nosniff"
            assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
            assert answer["X-Frame-Options"] == "DENY"
            assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
            assert "public" not in answer["Cache-Control"]
            assert "Set-Cookie" not in answer
            assert "Access-Control-Allow-Origin" not in answer
        answer = whole(alice_client.get(f"/files/{name}", headers={"Range": "bytes=0-3"}))
        assert answer.status_code == 206
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"

    def test_a_refusal_repeats_no_markup(self, api: ProtocolClient) -> None:
        name = "<script>alert(1)</script>"
        answers = [ask(api, name), ask(api, f"x.{'f' * 32}/artifacts/{name}")]
        answers.append(send(api, multipart({f"{name}/..": b""})))
        for answer in answers:
            assert answer["Content-Type"] == "text/plain; charset=utf-8"
            assert answer["X-Content-Type-Options"] == "nosniff"
            assert b"<script>" not in answer.content


class TestReading:
    def test_parts(self, api: ProtocolClient, path: str) -> None:
        whole = ask(api, path)
        assert (whole.status_code, whole["Content-Length"]) == (200, "13")
        assert whole["Accept-Ranges"] == "bytes"
        part = ask(api, path, Range="bytes=6-7")
        assert (part.status_code, part.body) == (206, b"of")
        assert (part["Content-Range"], part["Content-Length"]) == ("bytes 6-7/13", "2")
        assert ask(api, path, Range="bytes=-4").body == b"work"
        beyond = ask(api, path, Range="bytes=13-")
        assert (beyond.status_code, beyond["Content-Range"]) == (416, "bytes */13")

    def test_conditions(self, api: ProtocolClient, path: str) -> None:
        tag = ask(api, path)["ETag"]
        for given in (tag, f'"x", {tag}', f"W/{tag}"):
            unchanged = ask(api, path, **{"If-None-Match": given})
            assert (unchanged.status_code, unchanged.content) == (304, b"")
        assert ask(api, path, **{"If-None-Match": '"x"'}).status_code == 200
        part = {"Range": "bytes=0-1"}
        assert ask(api, path, **part, **{"If-Range": tag}).status_code == 206
        assert ask(api, path, **part, **{"If-Range": '"x"'}).status_code == 200
        upload(api, path, b"new work")
        assert ask(api, path, **{"If-None-Match": tag}).status_code == 200

    def test_the_head_alone(self, api: ProtocolClient, path: str) -> None:
        answer = ask(api, path, "HEAD")
        assert (answer["Content-Length"], answer.content) == ("13", b"")

    def test_an_empty_file(self, api: ProtocolClient) -> None:
        upload(api, "empty", b"")
        assert content_of(api, "empty") == ""
        assert ask(api, "empty", Range="bytes=0-").status_code == 416

    def test_bytes_that_somebody_removed(
        self, api: ProtocolClient, path: str, folder: Path
    ) -> None:
        stored(folder)[0].unlink()
        assert ask(api, path).status_code == 404

    def test_a_reader_of_the_old_content_gets_all_of_it(
        self, api: ProtocolClient, path: str
    ) -> None:
        reading = api.http.get(
            f"/files/{quote(path)}", headers={"Authorization": f"Bearer {api.token}"}
        )
        upload(api, path, b"new work")
        assert b"".join(reading) == b"weeks of work"

    def test_pages_for_people(self, alice_client: Client) -> None:
        answer = alice_client.get("/files/none", headers={"Accept": "text/html"})
        assert answer.status_code == 404
        assert "There is no such file" in answer.content.decode()
        assert alice_client.get("/files").status_code == 400
