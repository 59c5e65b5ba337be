"""How a script's session ends, and what a second one of the same script does."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sdk.runs import Run, Runs, Script

RAISES = Script("raises.py", fails=True)
OBJECTS = Script("connect_later.py")


@pytest.mark.script(OBJECTS)
def test_a_script_that_ends_well_is_completed(run: Run) -> None:
    assert run.read("get_status") == "completed"
    stored = run.server.data_of("tasks.get_by_id", {"task": run.task})["task"]
    assert stored["status_reason"] == "completed"
    assert stored["runtime"]["progress"] == "100"
    assert stored["script"]["diff"].startswith('"""Task.connect: what the script changes')


@pytest.mark.script(RAISES)
def test_a_script_that_raises_has_failed(run: Run) -> None:
    assert run.read("get_status") == "failed"
    stored = run.server.data_of("tasks.get_by_id", {"task": run.task})["task"]
    assert stored["status_reason"] == "Exception boom"
    console = "\n".join(run.read("get_reported_console_output", number_of_reports=100))
    assert "before the end" in console
    assert "RuntimeError: boom" in console


def test_running_again_starts_the_same_experiment_afresh(runs: Runs, tmp_path: Path) -> None:
    """The SDK remembers in its home folder what it ran last, and reuses that experiment."""
    first = runs.run(
        Script("environment.py", environment=(("CLEARML_LOG_ENVIRONMENT", "HOME"),)), tmp_path
    )
    assert first.read("get_parameters") == {"Environment/HOME": str(tmp_path)}
    second = runs.run(Script("environment.py"), tmp_path)
    assert second.task == first.task
    assert "overwriting (reusing) task" in second.output
    assert second.read("get_parameters") == {}
    assert second.page.parameters == {}
    assert second.read("get_status") == "completed"
