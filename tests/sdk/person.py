"""A person at a browser without JavaScript, who edits parameters in the page's own forms."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urljoin

import requests
from lxml import html

from tests.server import SESSION_COOKIE, Server


class OpenForm:
    """A form as it was when it was opened."""

    def __init__(self, http: requests.Session, page: requests.Response) -> None:
        [form] = html.document_fromstring(page.text).xpath("//form[@data-editing]")
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

    def _open(self, task: str, query: dict[str, str], tab: str = "configuration") -> OpenForm:
        address = f"{self._server.url}/experiments/{task}/{tab}/edit/"
        page = self._http.get(address, params=query, timeout=60)
        assert page.status_code == 200, page.text
        return OpenForm(self._http, page)

    def _saved(self, answer: requests.Response) -> None:
        assert answer.status_code == 200, answer.text
        assert answer.history, "a saved form leads back to the page"
