"""Making and editing tasks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from experiments.errors import InvalidField, TaskNotEditable
from experiments.models import ConfigurationObject, Project, Task
from experiments.operations import history
from experiments.operations.actor import Actor
from experiments.operations.documents import Object, locked, stored_configuration, write_documents
from experiments.operations.history import Change
from experiments.operations.indexing import (
    document_entries,
    move_index,
    replace_index,
    tag_entries,
    task_entries,
)
from experiments.operations.parameters import checked_item, checked_key
from experiments.operations.reads import known_base
from experiments.rules.digests import digest
from experiments.rules.document import PROPERTIES, Document, Item, flatten, loads
from experiments.rules.editing import edit_refusal
from experiments.rules.merging import merge, same_parameter
from experiments.rules.names import check_name, check_text
from experiments.rules.status import Status

TYPES = (
    "training",
    "testing",
    "inference",
    "data_processing",
    "application",
    "monitor",
    "controller",
    "optimizer",
    "service",
    "qc",
    "custom",
    "report",
    "dataset_import",
    "annotation",
    "annotation_manual",
)
MIN_NAME = 3
TEXTS = ("comment",)
LISTS = ("tags", "system_tags")
# Dictionaries of which only the given parts are replaced.
PARTS = ("execution", "script", "models", "output")
WHOLE = ("container",)
DOCUMENTS = ("hyperparams", "configuration", "runtime")


def create_task(
    *,
    project: Project,
    name: str,
    type: str = "training",
    by: Actor,
    now: datetime | None = None,
    **fields: Any,
) -> Task:
    """A new draft, with its document, objects and index, in one transaction.

    `fields` are those of `edit_task`. Raises InvalidField.
    """
    now = now or datetime.now(UTC)
    given = checked_fields(fields)
    hyperparams = given.pop("hyperparams", {})
    configuration = given.pop("configuration", {})
    task = Task(
        project=project,
        user=by.user,
        name=checked_task_name(name),
        type=checked_type(type),
        created=now,
        status_changed=now,
        last_update=now,
        last_change=now,
        hyperparams=hyperparams,
        document_version=1,
        document_client=by.client,
        **given,
    )
    task.archived = "archived" in task.system_tags
    with transaction.atomic():
        task.save(force_insert=True)
        entries = document_entries(hyperparams) | tag_entries(task.tags, task.system_tags)
        replace_index(task.project_id, task.id, set(), entries)
        ConfigurationObject.objects.bulk_create(
            ConfigurationObject(task=task, name=object_name, **value._asdict())
            for object_name, value in configuration.items()
        )
    return task


def edit_task(
    *,
    task: Task,
    changes: Mapping[str, Any],
    force: bool = False,
    by: Actor,
    now: datetime | None = None,
) -> dict[str, Any]:
    """Replaces each given field; returns what was changed, with the new values.

    `hyperparams`, `configuration` and `runtime` are merged with what others changed since
    `by` last read them; `execution`, `script`, `models` and `output` keep their other parts;
    user properties that are not sent stay. Raises InvalidField, TaskNotEditable.
    """
    given = checked_fields(changes)
    with locked(task) as found:
        now = now or datetime.now(UTC)
        if not force and found.status != Status.CREATED:
            _require_annotation_only(found, given)
        facts = {name: value for name, value in given.items() if name not in DOCUMENTS}
        changed = _write_facts(found, facts, by, now)
        documents = {name: given[name] for name in DOCUMENTS if name in given}
        if documents:
            write_documents(task=found, by=by, now=now, **_merged(found, documents, by))
            changed |= dict.fromkeys(documents)
        return changed


def ping_task(*, task: Task, now: datetime | None = None) -> None:
    Task.objects.filter(pk=task.pk).update(last_update=now or datetime.now(UTC))


def set_requirements(
    *, task: Task, requirements: dict[str, Any], by: Actor, now: datetime | None = None
) -> None:
    """Replaces the packages a task needs (`script.requirements`), whatever its status."""
    edit_task(
        task=task, changes={"script": {"requirements": requirements}}, force=True, by=by, now=now
    )


def checked_task_name(name: str) -> str:
    checked = check_name(name, "name")
    if len(checked) < MIN_NAME:
        raise InvalidField(f"name must have at least {MIN_NAME} characters", field="name")
    return checked


def checked_type(type_: str) -> str:
    if type_ not in TYPES:
        raise InvalidField(f"type {type_!r} is none of {', '.join(TYPES)}", field="type")
    return type_


def checked_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a task, their texts and names checked. Raises InvalidField.

    Names of fields that there are not are a programming error.
    """
    given = dict(fields)
    unknown = given.keys() - {
        "name",
        "type",
        "project",
        "parent",
        *TEXTS,
        *LISTS,
        *PARTS,
        *WHOLE,
        *DOCUMENTS,
    }
    if unknown:
        raise TypeError(f"no such task fields: {sorted(unknown)}")
    if "name" in given:
        given["name"] = checked_task_name(given["name"])
    if "type" in given:
        given["type"] = checked_type(given["type"])
    for field in TEXTS:
        if field in given:
            given[field] = check_text(given[field], field)
    for field in LISTS:
        if field in given:
            given[field] = list(dict.fromkeys(check_name(tag, field) for tag in given[field]))
    if "hyperparams" in given:
        given["hyperparams"] = _checked_document(given["hyperparams"])
    if "configuration" in given:
        given["configuration"] = {
            check_name(name, "configuration"): _checked_object(value)
            for name, value in given["configuration"].items()
        }
    return given


def _checked_document(document: Document) -> Document:
    checked: Document = {}
    for section, name, item in flatten(document):
        normal, normal_name = checked_key(section, name)
        checked.setdefault(normal, {})[normal_name] = checked_item(item)
    return checked


def _checked_object(value: Object) -> Object:
    for text, field in zip(value, Object._fields, strict=True):
        if text is not None:
            check_text(text, f"configuration {field}")
    return value


def _require_annotation_only(task: Task, given: Mapping[str, Any]) -> None:
    kind = "facts" if given.keys() <= {"name", "comment", "tags"} else "parameters"
    if refusal := edit_refusal(task.status, kind):
        raise TaskNotEditable(refusal, field="task")


def _write_facts(task: Task, facts: dict[str, Any], by: Actor, now: datetime) -> dict[str, Any]:
    for part in PARTS:
        if part in facts:
            facts[part] = {**getattr(task, part), **facts[part]}
    changed = {name: value for name, value in facts.items() if getattr(task, name) != value}
    if not changed:
        return {}
    history.record(task=task, changes=_fact_changes(task, changed), by=by, now=now)
    old_project, old_tags = task.project_id, tag_entries(task.tags, task.system_tags)
    for name, value in changed.items():
        setattr(task, name, value)
    task.archived = "archived" in task.system_tags
    task.last_change = task.last_update = now
    task.save(update_fields=[*changed, "archived", "last_change", "last_update"])
    replace_index(old_project, task.id, old_tags, tag_entries(task.tags, task.system_tags))
    if task.project_id != old_project:
        move_index(old_project, task, task_entries(task))
    return changed


def _fact_changes(task: Task, changed: Mapping[str, Any]) -> list[Change]:
    """What people see and may look for later; the rest is the script's own record."""
    return [
        Change("facts", name, _shown(getattr(task, name)), _shown(changed[name]))
        for name in ("name", "comment", "tags", "project")
        if name in changed
    ]


def _shown(value: object) -> str:
    if isinstance(value, Project):
        return value.name
    return ", ".join(value) if isinstance(value, list) else str(value)


def _merged(task: Task, sent: dict[str, Any], by: Actor) -> dict[str, Any]:
    """The sent dictionaries as the changes they mean, applied to what is stored now."""
    base = known_base(task=task, by=by)
    result = dict(sent)
    if "hyperparams" in sent:
        document = sent["hyperparams"]
        if base is not None:
            document = _merged_document(loads(base["hyperparams"]), document, task.hyperparams)
        result["hyperparams"] = _with_properties(document, task.hyperparams)
    if "configuration" in sent and base is not None:
        result["configuration"] = merge(
            base["configuration"],
            sent["configuration"],
            stored_configuration(task),
            fingerprint={name: digest(*value) for name, value in sent["configuration"].items()},
        )
    if "runtime" in sent and base is not None:
        result["runtime"] = merge(base["runtime"], sent["runtime"], task.runtime)
    return result


def _merged_document(base: Document, sent: Document, current: Document) -> Document:
    read, wanted, stored = (
        {(section, name): item for section, name, item in flatten(document)}
        for document in (base, sent, current)
    )
    meant = {
        key: read[key] if key in read and same_parameter(read[key], item) else item
        for key, item in wanted.items()
    }
    merged: dict[tuple[str, str], Item] = merge(read, wanted, stored, fingerprint=meant)
    result: Document = {}
    for (section, name), item in merged.items():
        result.setdefault(section, {})[name] = item
    return result


def _with_properties(document: Document, current: Document) -> Document:
    """User properties never vanish because a script did not send them."""
    kept = current.get(PROPERTIES, {})
    if not kept:
        return document
    return {**document, PROPERTIES: {**kept, **document.get(PROPERTIES, {})}}
