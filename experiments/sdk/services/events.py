"""What scripts report, and reading it back as it came; see also `scalars` and `plots`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, ClassVar, Literal

import msgspec

from experiments.operations.events import add_events
from experiments.queries.access import task_for
from experiments.queries.event_tasks import visible_tasks, writable_tasks
from experiments.queries.events import log_count, log_lines, reported_events, reported_metrics
from experiments.rules.events import Kind
from experiments.sdk.auth import Call
from experiments.sdk.registry import Reply, endpoint
from experiments.sdk.schema import Count, Nothing, Request
from experiments.sdk.wire.events import event_to_wire, line_to_wire

Order = Literal["asc", "desc"]
Milliseconds = Annotated[float, msgspec.Meta(ge=-(2**53), le=2**53)]
MOST_EVENTS = 10_000


class Add(Request):
    keep_unknown: ClassVar[bool] = True


class GetTaskLog(Request):
    task: str
    batch_size: Count = 500
    navigate_earlier: bool = True
    from_timestamp: Milliseconds | None = None
    order: Order | None = None


class GetTaskEvents(Request):
    task: str
    order: Order = "asc"
    scroll_id: str | None = None
    batch_size: Count = 500
    event_type: Kind | None = None


class GetTaskMetrics(Request):
    tasks: list[str]
    event_type: Kind | None = None


class ClearScroll(Request):
    scroll_id: str


@endpoint("events.add", Add, writes=True)
def add(call: Call, *, extra: dict[str, Any]) -> Reply:
    """Adds one event."""
    tasks = writable_tasks(call.user, [extra.get("task")])
    return asdict(add_events(events=[extra], user_tasks=tasks, by=call.actor))


@endpoint("events.add_batch", Nothing, writes=True, batch=True)
def add_batch(call: Call, *, lines: list[dict[str, Any]], unreadable: list[str]) -> Reply:
    """Adds events, one a line; faulty ones are counted and do not stop the others."""
    tasks = writable_tasks(call.user, (line.get("task") for line in lines))
    added = add_events(events=lines, user_tasks=tasks, by=call.actor, unreadable=unreadable)
    return asdict(added)


@endpoint("events.get_task_log", GetTaskLog)
def get_task_log(
    call: Call,
    *,
    task: str,
    batch_size: int,
    navigate_earlier: bool,
    from_timestamp: float | None,
    order: Order | None,
) -> Reply:
    """Console lines before or after a moment: the last ones, newest first, if none is given."""
    found = task_for(call.user, task)
    lines = log_lines(
        found,
        limit=min(max(batch_size, 1), MOST_EVENTS),
        earlier=navigate_earlier,
        from_moment=None if from_timestamp is None else round(from_timestamp * 1000),
    )
    walked = "desc" if navigate_earlier else "asc"
    if order not in {None, walked}:
        lines.reverse()
    events = [line_to_wire(found, line) for line in lines]
    return {"events": events, "returned": len(events), "total": log_count(found)}


@endpoint("events.get_task_events", GetTaskEvents)
def get_task_events(
    call: Call,
    *,
    task: str,
    order: Order,
    scroll_id: str | None,
    batch_size: int,
    event_type: Kind | None,
) -> Reply:
    """Events of one type, or all, in order of time."""
    found = task_for(call.user, task)
    page = reported_events(
        found,
        kinds=[event_type] if event_type else list(Kind),
        limit=min(max(batch_size, 1), MOST_EVENTS),
        descending=order == "desc",
        cursor=scroll_id,
    )
    events = [event_to_wire(found, event) for event in page.events]
    return {
        "events": events,
        "returned": len(events),
        "total": page.total,
        "scroll_id": page.next or None,
    }


@endpoint("events.get_task_metrics", GetTaskMetrics)
def get_task_metrics(call: Call, *, tasks: list[str], event_type: Kind | None) -> Reply:
    """The metrics of which anything, or something of one type, was reported."""
    found = visible_tasks(call.user, tasks)
    metrics = reported_metrics(found, [event_type] if event_type else list(Kind))
    return {"metrics": [{"task": task.uid, "metrics": metrics[task.id]} for task in found]}


@endpoint("events.clear_scroll", ClearScroll)
def clear_scroll(call: Call, *, scroll_id: str) -> Reply:
    """Forgets a scroll; here one is only a position, so nothing is kept for it."""
    return {}
