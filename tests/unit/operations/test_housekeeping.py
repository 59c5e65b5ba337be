"""What a start clears away, and what it leaves."""

from __future__ import annotations

from datetime import timedelta

import pytest

from experiments.models import ClientRead, DocumentRevision, SignInLink, Via
from experiments.operations.accounts import make_sign_in_link
from experiments.operations.housekeeping import KEPT, clear_leftovers
from tests.factories import NOW, actor, make_task
from tests.one_value import set_value


@pytest.fixture
def task(project, alice):
    """A script wrote it, a person changed it, and the script has not been heard of since."""
    task = make_task(project, parameters={"Args/lr": "1"})
    task.document_client = "script"
    task.save(update_fields=["document_client"])
    by = actor(alice, via=Via.BROWSER)
    set_value(task=task, section="Args", name="lr", value="2", seen="1", by=by, now=NOW)
    return task


def test_what_a_script_read_is_kept_for_a_month(task):
    clear_leftovers(now=NOW + KEPT)
    assert ClientRead.objects.count() == DocumentRevision.objects.count() == 1
    clear_leftovers(now=NOW + KEPT + timedelta(seconds=1))
    assert ClientRead.objects.count() == DocumentRevision.objects.count() == 0


def test_old_links_go(alice):
    make_sign_in_link(user=alice, now=NOW)
    clear_leftovers(now=NOW + timedelta(days=1))
    assert SignInLink.objects.count() == 1
    clear_leftovers(now=NOW + timedelta(days=99))
    assert SignInLink.objects.count() == 0
