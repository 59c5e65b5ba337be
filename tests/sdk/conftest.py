"""Runs the real SDK against the real server: `pytest.mark.script(...)` and the fixture `run`."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.sdk.agents import Agents
from tests.sdk.environments import AGENT
from tests.sdk.fleet import Fleet
from tests.sdk.person import Person
from tests.sdk.runs import Reader, Run, Runs
from tests.server import Server


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "script(Script): the script whose `run` a test looks at")
    config.addinivalue_line(
        "markers", "one_database: long, and no business of the database; runs with SQLite only"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselected, so that pytest says how many: nothing is skipped in silence."""
    if not os.environ.get("TUNEBOARD_DATABASE_URL"):
        return
    left_out = [item for item in items if item.get_closest_marker("one_database")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


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
    runs = Runs(server, reader, tmp_path_factory.mktemp("homes"))
    markers = [item.get_closest_marker("script") for item in request.session.items]
    scripts = [marker.args[0] for marker in markers if marker]
    for script in sorted(scripts, key=lambda script: script.packages is None):
        runs.start(script)
    yield runs
    runs.close()


@pytest.fixture(scope="session")
def agents(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Agents:
    return Agents(server, AGENT.python(), tmp_path_factory.mktemp("agents"))


@pytest.fixture(scope="session")
def fleet(server: Server, reader: Reader, agents: Agents) -> Iterator[Fleet]:
    """Two agents that reuse the environment they have."""
    queue = server.data_of("queues.create", {"name": "fleet"})["id"]
    with agents.listening("fleet", "first") as first, agents.listening("fleet", "second") as second:
        yield Fleet(server, reader, queue, [first, second])


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
