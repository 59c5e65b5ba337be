"""The status machine against its table, written out here once more by hand."""

from __future__ import annotations

import pytest

from experiments.rules.status import LABELS, Status, allowed, refusal, sources

TABLE = {
    "created": "queued in_progress",
    "queued": "created in_progress stopped",
    "in_progress": "stopped failed created completed",
    "stopped": "closed created failed queued in_progress published publishing completed",
    "closed": "created failed published publishing stopped",
    "failed": "created stopped published queued",
    "completed": "published in_progress created",
    "publishing": "published",
    "published": "",
    "unknown": "",
}


@pytest.mark.parametrize("found", TABLE)
@pytest.mark.parametrize("wanted", TABLE)
def test_every_pair(found, wanted):
    assert allowed(found, wanted) == (wanted in TABLE[found].split() or wanted == found)
    assert allowed(found, wanted, force=True)
    assert (Status(found) in sources(Status(wanted))) == allowed(found, wanted)


def test_a_refusal_names_the_status_found_and_what_is_possible():
    error = refusal("completed", "queued")
    assert (error.code, error.subcode, error.field) == (400, 110, "status")
    assert "is Completed and cannot become Pending" in str(error)
    assert "Draft, Published, Running" in str(error)
    assert "that is final" in str(refusal("published", "created"))


def test_every_status_has_a_label():
    assert set(LABELS) == set(Status)
