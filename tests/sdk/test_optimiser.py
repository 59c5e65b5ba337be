"""The SDK's own HyperParameterOptimizer: trials as processes of its own, and through a queue."""

from __future__ import annotations

from typing import Any, NamedTuple
from urllib.parse import urlencode

import pytest
from lxml import html

from tests.sdk.environments import AGENT
from tests.sdk.fleet import Fleet
from tests.sdk.runs import Run, Runs, Script

TRIAL = Script("trial.py")
TYPES = {"Args/width": "int", "Args/lr": "float", "Net/bias": "bool"}


class Case(NamedTuple):
    strategy: str
    jobs: int
    queue: str = ""

    def script(self, trial: str) -> Script:
        arguments = f"{self.strategy} {trial} {self.jobs} {self.queue}"
        return Script("optimise.py", arguments, packages=AGENT)

    def __str__(self) -> str:
        return f"{self.strategy}, {self.queue or 'locally'}"


CASES = [
    Case("grid", 2),
    Case("random", 2),
    Case("optuna", 2),
    Case("grid", 1, "fleet"),
    Case("random", 1, "fleet"),
    Case("optuna", 1, "fleet"),
]


class Trial(NamedTuple):
    """An experiment that an optimiser made: as it is recorded, and the values it worked with."""

    recorded: dict[str, Any]
    values: dict[str, Any]

    @property
    def score(self) -> float:
        width, lr, bias = (self.values[name] for name in ("width", "lr", "bias"))
        return width + (0.25 if bias else 0) - lr / 10


@pytest.fixture(scope="module")
def started(runs: Runs, fleet: Fleet) -> dict[Case, Script]:
    """Every optimiser: they mostly wait for each other's trials."""
    scripts = {case: case.script(runs[TRIAL].task) for case in CASES}
    for script in scripts.values():
        runs.start(script)
    return scripts


@pytest.fixture(params=CASES, ids=str)
def case(request: pytest.FixtureRequest) -> Case:
    return request.param


@pytest.fixture
def optimised(case: Case, started: dict[Case, Script], runs: Runs) -> Run:
    return runs[started[case]]


@pytest.fixture
def trials(optimised: Run, fleet: Fleet) -> dict[str, Trial]:
    """The optimiser's trials, the best first: as `get_top_experiments` says."""
    return {
        uid: Trial(fleet.task(uid), fleet.finished(uid).answers["values"])
        for uid in optimised.answers["top"]
    }


@pytest.mark.script(TRIAL)
def test_the_best_come_first(case: Case, trials: dict[str, Trial], fleet: Fleet) -> None:
    assert len(trials) == case.jobs
    scores = [trial.score for trial in trials.values()]
    assert scores == sorted(scores, reverse=True)
    for trial in trials.values():
        [[last]] = [list(variants.values()) for variants in trial.recorded["last_metrics"].values()]
        assert last["value"] == pytest.approx(trial.score)


@pytest.mark.script(TRIAL)
def test_values_keep_their_types(case: Case, trials: dict[str, Trial]) -> None:
    for trial in trials.values():
        recorded = {
            f"{section}/{name}": (item["value"], item["type"])
            for section, items in trial.recorded["hyperparams"].items()
            for name, item in items.items()
        }
        assert {name: kind for name, (_, kind) in recorded.items()} == TYPES
        values = {name.partition("/")[2]: text for name, (text, _) in recorded.items()}
        assert values == {name: str(value) for name, value in trial.values.items()}
        assert {type(value) for value in trial.values.values()} == {int, float, bool}
    if case.strategy == "grid":
        grid = [{"width": 3, "lr": 0.25, "bias": bias} for bias in (True, False)]
        assert [trial.values for trial in trials.values()] == grid[: case.jobs]


@pytest.mark.script(TRIAL)
def test_trials_are_its_children(
    case: Case, optimised: Run, trials: dict[str, Trial], fleet: Fleet
) -> None:
    for trial in trials.values():
        assert trial.recorded["parent"] == optimised.task
        assert trial.recorded["status"] == "completed"
        agents = {agent.name for agent in fleet.agents}
        assert (trial.recorded["last_worker"] in agents) is bool(case.queue)
    query = urlencode({"filter": f'parent = "{optimised.task}"'})
    status, text = fleet.server.page(f"/experiments/?{query}")
    assert status == 200
    rows = html.document_fromstring(text).xpath("//tr/@data-task-id")
    assert set(rows) == trials.keys()


@pytest.mark.script(TRIAL)
def test_what_the_optimiser_shows(optimised: Run, trials: dict[str, Trial], fleet: Fleet) -> None:
    task = fleet.task(optimised.task)
    assert (task["type"], task["status"]) == ("optimizer", "completed")
    plots = fleet.server.data_of("events.get_task_plots", {"task": optimised.task})["plots"]
    assert {plot["metric"] for plot in plots} == {
        "summary",
        "Optimization Objective",
        "Parallel Coordinates",
    }
    [table] = [plot["plot_str"] for plot in plots if plot["metric"] == "summary"]
    assert [table.index(uid) for uid in trials] == sorted(table.index(uid) for uid in trials)
    for tab in ("configuration", "info", "console", "scalars", "artifacts"):
        optimised.tab(tab)
    [artifact] = task["execution"]["artifacts"]
    assert artifact["key"] == "summary"
    assert "summary" in optimised.tab("artifacts")
