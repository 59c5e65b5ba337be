"""The SDK's own optimiser: `optimise.py STRATEGY TRIAL JOBS [QUEUE]`; no queue: it runs them."""

from __future__ import annotations

import json
import sys

from clearml import Task
from clearml.automation import (
    DiscreteParameterRange,
    GridSearch,
    HyperParameterOptimizer,
    LogUniformParameterRange,
    RandomSearch,
    UniformIntegerParameterRange,
)
from clearml.automation.optuna import OptimizerOptuna

STRATEGIES = {"grid": GridSearch, "random": RandomSearch, "optuna": OptimizerOptuna}
SECOND = 1 / 60

strategy, trial, jobs, *queue = sys.argv[1:]
Task.init(
    project_name="tuning",
    task_name=f"optimised by {strategy}",
    task_type=Task.TaskTypes.optimizer,
    auto_connect_frameworks=False,
    auto_resource_monitoring=False,
)
width = UniformIntegerParameterRange("Args/width", 2, 9)
learning_rate = LogUniformParameterRange("Args/lr", -3, -1)
if strategy == "grid":
    width = DiscreteParameterRange("Args/width", [3])
    learning_rate = DiscreteParameterRange("Args/lr", [0.25])
optimizer = HyperParameterOptimizer(
    base_task_id=trial,
    hyper_parameters=[width, learning_rate, DiscreteParameterRange("Net/bias", [True, False])],
    objective_metric_title="score",
    objective_metric_series="total",
    objective_metric_sign="max",
    optimizer_class=STRATEGIES[strategy],
    execution_queue=queue[0] if queue else "not used",
    max_number_of_concurrent_tasks=min(2, int(jobs)),
    total_max_jobs=int(jobs),
    max_iteration_per_job=None,
    pool_period_min=SECOND,
)
optimizer.set_report_period(SECOND)
start = optimizer.start if queue else optimizer.start_locally
start()
optimizer.wait()
top = optimizer.get_top_experiments(top_k=10)
optimizer.stop()
print("ANSWER", json.dumps(["top", [task.id for task in top]]))
