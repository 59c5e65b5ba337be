"""What can be done with an experiment, and the sentence when it cannot."""

from __future__ import annotations

import pytest

from experiments.rules.actions import (
    LEADS_TO,
    Action,
    action_refusal,
    has_code,
    possible_from,
)
from experiments.rules.status import TRANSITIONS, Status

S = Status
POSSIBLE = {
    Action.ENQUEUE: {S.CREATED, S.STOPPED},
    Action.RETRY: {S.FAILED},
    Action.DEQUEUE: {S.QUEUED},
    Action.ABORT: {S.QUEUED, S.IN_PROGRESS},
    Action.RESET: {S.IN_PROGRESS, S.STOPPED, S.CLOSED, S.FAILED, S.COMPLETED},
    Action.PUBLISH: {S.STOPPED, S.CLOSED, S.FAILED, S.COMPLETED, S.PUBLISHING},
    Action.CLONE: set(S),
    Action.MOVE: set(S),
    Action.DELETE: set(S) - {S.QUEUED, S.IN_PROGRESS, S.PUBLISHING, S.PUBLISHED},
}


@pytest.mark.parametrize("action", POSSIBLE)
@pytest.mark.parametrize("status", Status)
def test_the_table(action: Action, status: Status) -> None:
    refusal = action_refusal(action, status)
    assert (refusal is None) is (status in POSSIBLE[action]), refusal


@pytest.mark.parametrize("action", LEADS_TO)
def test_no_button_promises_what_the_transitions_refuse(action: Action) -> None:
    for status in possible_from(action):
        assert LEADS_TO[action] in TRANSITIONS[status]


@pytest.mark.parametrize(
    ("action", "status", "sentence"),
    [
        (
            Action.ENQUEUE,
            S.COMPLETED,
            "It is Completed; only what is Aborted or Draft can wait in a queue."
            " Clone it, or reset it first.",
        ),
        (
            Action.ENQUEUE,
            S.FAILED,
            "It is Failed; only what is Aborted or Draft can wait in a queue."
            " Retry it, or clone it.",
        ),
        (
            Action.ENQUEUE,
            S.PUBLISHED,
            "It is Published; only what is Aborted or Draft can wait in a queue. Clone it.",
        ),
        (
            Action.ENQUEUE,
            S.QUEUED,
            "It is Pending; only what is Aborted or Draft can wait in a queue.",
        ),
        (
            Action.RESET,
            S.CREATED,
            "It is Draft; only what is Aborted, Closed, Completed, Failed or Running can be reset.",
        ),
        (Action.DELETE, S.IN_PROGRESS, "It is Running; abort it first."),
        (Action.DELETE, S.PUBLISHED, "It is Published; what is published is kept."),
    ],
)
def test_a_refusal_says_what_is_possible(action: Action, status: Status, sentence: str) -> None:
    assert action_refusal(action, status) == sentence


def test_the_archive() -> None:
    assert action_refusal(Action.ARCHIVE, S.CREATED) is None
    assert action_refusal(Action.ARCHIVE, S.CREATED, archived=True) == "It is archived already."
    assert action_refusal(Action.RESTORE, S.CREATED) == "It is not archived."
    assert action_refusal(Action.RESTORE, S.CREATED, archived=True) is None


@pytest.mark.parametrize(
    ("script", "there"),
    [
        ({}, False),
        ({"repository": "", "diff": ""}, False),
        ({"entry_point": "a.py"}, False),
        ({"diff": "print(1)", "entry_point": "a.py"}, True),
        ({"repository": "https://example.org/a.git"}, True),
    ],
)
def test_without_code_nothing_can_wait(script: dict[str, str], there: bool) -> None:
    assert has_code(script) is there
    for action, status in ((Action.ENQUEUE, S.CREATED), (Action.RETRY, S.FAILED)):
        refusal = action_refusal(action, status, script=script)
        assert (refusal is None) is there
        assert there or "no code to run" in str(refusal)
