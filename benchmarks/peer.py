"""The same questions to MLflow beside us, in turn with ours, and how many times longer it takes.

It gets what suits it best: one worker, no job runner, a fresh connection for each request
(kept ones cost it 40 ms each), statistics gathered after loading.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import subprocess
import sys
import threading
import time
import venv
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.client import Client, Request, json_request
from benchmarks.peer_store import filled_database
from benchmarks.processes import ROOT, environment, free_port, memory_of, served
from benchmarks.reading import SDK_FIELDS, rows_in
from benchmarks.report import number, table
from benchmarks.site import Site, running_site
from benchmarks.stores import Store
from benchmarks.timing import rate_of, time_alternating
from benchmarks.writing import new_tasks, task_creator

VERSION = "3.17.2"
HOME = ROOT / ".cache/mlflow-venv"
COMMAND = HOME / "bin/mlflow"
API = "/api/2.0/mlflow/"
# What a run of theirs carries in every answer.
OUR_FIELDS = [*SDK_FIELDS, "hyperparams", "last_metrics", "tags", "status", "started", "completed"]
EACH = 50

Line = tuple[str, str, str, str, str, str]


def compare(store: Store, tasks: int, folder: Path, repeat: int) -> str:
    """A table of both, measured in the same minutes."""
    install()
    store.kept(tasks)
    file, seconds = filled_database(COMMAND, folder, tasks)
    size = file.stat().st_size / 1000 / tasks
    lines: list[Line] = []
    with running_site(store, tasks) as site, _running(file) as (pid, port):
        peer = Client(port)
        lines += _readings(site, peer, repeat)
        lines += _creations(site, peer)
        ours, theirs = memory_of(site.pid).total, memory_of(pid).total
        lines.append(_line("memory (PSS, 2 workers of ours, 1 of theirs)", ours, theirs, "MiB"))
    lines.append(
        _line("disk for one experiment", store.kept(tasks).bytes / 1000 / tasks, size, "kB")
    )
    if seconds is not None:
        print(f"Filling MLflow's tables took {seconds:.0f} s.", file=sys.stderr)
    headings = ("measure", "ours", "ours, p95", f"MLflow {VERSION}", "MLflow, p95", "ratio")
    return f"### {store.name} and MLflow, {tasks:,} experiments\n\n{table(headings, lines)}"


def install() -> None:
    if COMMAND.exists():
        return
    print(f"Installing MLflow {VERSION} in {HOME.relative_to(ROOT)} …", file=sys.stderr)
    shutil.rmtree(HOME, ignore_errors=True)
    venv.create(HOME, with_pip=True)
    subprocess.run([HOME / "bin/pip", "install", "--quiet", f"mlflow=={VERSION}"], check=True)


@contextlib.contextmanager
def _running(file: Path) -> Iterator[tuple[int, int]]:
    """A server on a copy of the database; its process id and port."""
    port = free_port()
    scratch = file.with_name("run")
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    shutil.copy(file, scratch)
    command = [
        str(COMMAND),
        "server",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--workers",
        "1",
        "--backend-store-uri",
        f"sqlite:///{scratch / file.name}",
        "--default-artifact-root",
        str(scratch / "artifacts"),
    ]
    env = environment(MLFLOW_SERVER_ENABLE_JOB_EXECUTION="false", MLFLOW_DISABLE_TELEMETRY="true")
    log = scratch / "server.log"
    with served(command, env, port=port, health="/health", log=log) as pid:
        yield pid, port
    shutil.rmtree(scratch)


def _readings(site: Site, peer: Client, repeat: int) -> Iterator[Line]:
    for measure, ours, theirs in _questions(site):
        asked = [(site.script, ours), (peer, theirs)]
        first, second = (client.ask(request).body for client, request in asked)
        shown = f"{rows_in(first)} and {len(json.loads(second).get('runs', ()))} rows"
        mine, other = time_alternating(asked, repeat)
        yield _line(f"{measure} ({shown})", mine.median, other.median, "ms", mine.p95, other.p95)


def _questions(site: Site) -> Iterator[tuple[str, Request, Request]]:
    """What is asked, of us and of them: pages of 100 with parameters, metrics and tags."""

    def ours(**fields: object) -> Request:
        return json_request(
            "/tasks.get_all",
            {
                "project": [site.project],
                "page": 0,
                "page_size": 100,
                "only_fields": OUR_FIELDS,
                **fields,
            },
        )

    def theirs(filter: str = "", order: str = "attributes.start_time DESC") -> Request:
        return json_request(
            f"{API}runs/search",
            {
                "experiment_ids": ["1"],
                "max_results": 100,
                "filter": filter,
                "order_by": [order],
            },
        )

    equal = {"hyperparams.Args.optimizer.value": ["adam"]}
    three = {
        **equal,
        "hyperparams.General.model.value": ["swin-s"],
        "hyperparams.properties.owner.value": ["amy"],
    }
    loss = f"{_digest('loss')}.{_digest('validation')}"
    yield "newest first", ours(), theirs()
    yield "one parameter equals", ours(**equal), theirs("params.`Args/optimizer` = 'adam'")
    yield (
        "three parameters equal",
        ours(**three),
        theirs(
            "params.`Args/optimizer` = 'adam' and params.`General/model` = 'swin-s'"
            " and params.`properties/owner` = 'amy'"
        ),
    )
    yield (
        "by a parameter (ours as number, theirs as text)",
        ours(order_by=["hyperparams.Args.lr.value"]),
        theirs(order="params.`Args/lr` ASC"),
    )
    yield (
        "by a metric",
        ours(order_by=[f"last_metrics.{loss}.value"]),
        theirs(order="metrics.`loss/validation` ASC"),
    )
    yield (
        "one equals, by a metric",
        ours(**equal, order_by=[f"last_metrics.{loss}.value"]),
        theirs("params.`Args/optimizer` = 'adam'", "metrics.`loss/validation` ASC"),
    )


def _digest(name: str) -> str:
    """By which the protocol names metrics."""
    return hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()


def _creations(site: Site, peer: Client) -> Iterator[Line]:
    """A task with its 20 parameters: one request to us, two to them."""
    for clients in (1, 8):
        each = EACH if clients == 1 else EACH // 4
        mine = rate_of(task_creator(site), site.pid, clients=clients, each=each)
        other = rate_of(_run_creator(peer), site.pid, clients=clients, each=each)
        label = f"created with 20 parameters, {clients} client{'s' if clients > 1 else ''}"
        yield _line(label, mine.per_second, other.per_second, "/s")


def _run_creator(peer: Client) -> Callable[[], float]:
    bodies, lock = new_tasks(), threading.Lock()

    def send() -> float:
        with lock:
            name, sections = next(bodies)
        started = time.perf_counter()
        created = peer.call(
            f"{API}runs/create",
            experiment_id="1",
            run_name=name,
            start_time=int(time.time() * 1000),
        )
        peer.call(
            f"{API}runs/log-batch",
            run_id=created["run"]["info"]["run_id"],
            params=[
                {"key": f"{section}/{key}", "value": value}
                for section, items in sections.items()
                for key, value in items.items()
            ],
        )
        return time.perf_counter() - started

    return send


def _line(measure: str, ours: float, theirs: float, unit: str, *p95: float) -> Line:
    """The ratio says how many times better we are: quicker, smaller, more a second."""
    ratio = ours / theirs if unit == "/s" else theirs / ours
    mine, other = (f"{number(value)} {unit}" for value in p95) if p95 else ("", "")
    return (
        measure,
        f"{number(ours)} {unit}",
        mine,
        f"{number(theirs)} {unit}",
        other,
        f"{ratio:.1f} ×",
    )
