"""Runs the real SDK against the real server: `pytest.mark.script(...)` and the fixture `run`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sdk.environments import LIGHTNING
from tests.sdk.person import Person
from tests.sdk.runs import Reader, Run, Runs
from tests.server import Server


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "script(Script): the script whose `run` a test looks at")


def pytest_itemcollected(item: pytest.Item) -> None:
    item.add_marker(pytest.mark.sdk)


@pytest.fixture(scope="session")
def reader(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    home = tmp_path_factory.mktemp("reader")
    (home / "clearml.conf").touch()
    reader = Reader(server.sdk_environment(home))
    yield reader
    reader.close()


@pytest.fixture(scope="session")
def runs(
    request: pytest.FixtureRequest,
    server: Server,
    reader: Reader,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Runs]:
    """Every script of the selected tests, started; first the one that takes longest."""
    runs = Runs(server, reader, tmp_path_factory.mktemp("homes"), LIGHTNING.python)
    markers = [item.get_closest_marker("script") for item in request.session.items]
    scripts = [marker.args[0] for marker in markers if marker]
    for script in sorted(scripts, key=lambda script: not script.lightning):
        runs.start(script)
    yield runs
    runs.close()


@pytest.fixture
def person(server: Server) -> Iterator[Person]:
    person = Person(server)
    yield person
    person.close()


@pytest.fixture
def run(request: pytest.FixtureRequest, runs: Runs) -> Run:
    """The finished run of the test's script."""
    marker = request.node.get_closest_marker("script")
    assert marker, "a test that takes `run` names its script with pytest.mark.script"
    return runs[marker.args[0]]
