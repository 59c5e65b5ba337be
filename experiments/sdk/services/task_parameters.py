"""Hyperparameters and configuration objects of tasks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from experiments.errors import TaskNotFound
from experiments.models import Role, Task
from experiments.operations.documents import Object
from experiments.operations.parameters import delete_parameters, edit_parameters
from experiments.queries.access import task_for, tasks_for
from experiments.queries.configurations import configurations_of
from experiments.sdk.auth import Call
from experiments.sdk.registry import Reply, endpoint
from experiments.sdk.schema import Request
from experiments.sdk.wire.parameters import (
    ParameterItem,
    ParameterTarget,
    items_from_wire,
    items_to_wire,
    object_to_wire,
)


class SomeTasks(Request):
    tasks: list[str]


class EditHyperParams(Request):
    task: str
    hyperparams: list[ParameterItem]
    replace_hyperparams: Literal["none", "section", "all"] = "none"
    force: bool = False


class DeleteHyperParams(Request):
    task: str
    hyperparams: list[ParameterTarget]
    force: bool = False


class GetConfigurations(SomeTasks, kw_only=True):
    names: list[str] | None = None


class GetConfigurationNames(SomeTasks, kw_only=True):
    skip_empty: bool = True


@endpoint("tasks.get_hyper_params", SomeTasks, since="2.9")
def get_hyper_params(call: Call, *, tasks: list[str]) -> Reply:
    """The parameters of some tasks, by section and name."""
    return {
        "params": [
            {"task": task.uid, "hyperparams": items_to_wire(task.hyperparams)}
            for task in _tasks(call, tasks)
        ]
    }


@endpoint("tasks.edit_hyper_params", EditHyperParams, since="2.9", writes=True)
def edit_hyper_params(
    call: Call,
    *,
    task: str,
    hyperparams: list[ParameterItem],
    replace_hyperparams: Literal["none", "section", "all"],
    force: bool,
) -> Reply:
    """Sets parameters, or replaces the sections mentioned, or all of them."""
    edit_parameters(
        task=task_for(call.user, task, Role.EDITOR),
        items=items_from_wire(hyperparams),
        replace=replace_hyperparams,
        force=force,
        by=call.actor,
    )
    return {"updated": 1}


@endpoint("tasks.delete_hyper_params", DeleteHyperParams, since="2.9", writes=True)
def delete_hyper_params(
    call: Call, *, task: str, hyperparams: list[ParameterTarget], force: bool
) -> Reply:
    """Deletes parameters, or whole sections."""
    delete_parameters(
        task=task_for(call.user, task, Role.EDITOR),
        targets=[(target.section, target.name) for target in hyperparams],
        force=force,
        by=call.actor,
    )
    return {"deleted": 1}


@endpoint("tasks.get_configurations", GetConfigurations, since="2.9")
def get_configurations(call: Call, *, tasks: list[str], names: list[str] | None) -> Reply:
    """The configuration objects of some tasks, all or those named."""
    found = _tasks(call, tasks)
    objects = configurations_of(found)
    return {
        "configurations": [
            {
                "task": task.uid,
                "configuration": [
                    object_to_wire(row.name, Object(row.value, row.type, row.description))
                    for row in objects[task.id]
                    if not names or row.name in names
                ],
            }
            for task in found
        ]
    }


@endpoint("tasks.get_configuration_names", GetConfigurationNames, since="2.9")
def get_configuration_names(call: Call, *, tasks: list[str], skip_empty: bool) -> Reply:
    """The names of the configuration objects of some tasks."""
    found = _tasks(call, tasks)
    objects = configurations_of(found)
    return {
        "configurations": [
            {
                "task": task.uid,
                "names": [row.name for row in objects[task.id] if row.value or not skip_empty],
            }
            for task in found
        ]
    }


def _tasks(call: Call, uids: Iterable[str]) -> list[Task]:
    """All of the tasks; to see only some of them is an error, as for one."""
    wanted = list(dict.fromkeys(uids))
    found = tasks_for(call.user, wanted)
    absent = [uid for uid in wanted if uid not in found]
    if absent:
        raise TaskNotFound(f"id={absent[0][:64]}", field="tasks")
    return [found[uid] for uid in wanted]
