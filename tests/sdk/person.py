"""A person at a browser without JavaScript, who uses the pages' own forms."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urljoin

import requests
from lxml import html

from tests.server import SESSION_COOKIE, Server


class OpenForm:
    """A form as it was when it was opened."""

    def __init__(self, http: requests.Session, page: requests.Response, path: str) -> None:
        [form] = html.document_fromstring(page.text).xpath(path)
        self._http = http
        self._address = urljoin(page.url, form.action)
        self._fields = dict(form.fields)

    def save(self, value: str, **others: str) -> requests.Response:
        return self.send({"value": value, **others})

    def send(self, typed: Mapping[str, str]) -> requests.Response:
        return self._http.post(self._address, data={**self._fields, **typed}, timeout=60)


class Person:
    def __init__(self, server: Server, name: str = "alice") -> None:
        self._server = server
        self._http = requests.Session()
        self._http.trust_env = False
        self._http.cookies.set(SESSION_COOKIE, server.people[name].session)

    def close(self) -> None:
        self._http.close()

    def open(self, task: str, key: str) -> OpenForm:
        return self._open(task, {"key": key})

    def edit(self, task: str, key: str, value: str) -> None:
        self._saved(self.open(task, key).save(value))

    def add(self, task: str, section: str, name: str, value: str) -> None:
        self._saved(self._open(task, {"section": section}).save(value, name=name))

    def edit_execution(self, task: str, group: str, typed: Mapping[str, str]) -> None:
        self._saved(self._open(task, {"group": group}, "execution").send(typed))

    def act(self, task: str, action: str, **fields: str) -> None:
        """Presses a button of an experiment, and says yes where it is asked."""
        page = self._get(f"experiments/{task}/actions/{action}/")
        form = OpenForm(self._http, page, "//*[@aria-labelledby='action-title']//form")
        self._saved(form.send(fields))

    def _open(self, task: str, query: dict[str, str], tab: str = "configuration") -> OpenForm:
        page = self._get(f"experiments/{task}/{tab}/edit/", query)
        return OpenForm(self._http, page, "//form[@data-editing]")

    def _get(self, path: str, query: dict[str, str] | None = None) -> requests.Response:
        page = self._http.get(f"{self._server.url}/{path}", params=query, timeout=60)
        assert page.status_code == 200, page.text
        return page

    def _saved(self, answer: requests.Response) -> None:
        assert answer.status_code == 200, answer.text
        assert answer.history, "a saved form leads back to the page"
