"""Who may share a project."""

from __future__ import annotations

import pytest

from experiments.errors import NotAllowed
from experiments.models import Role
from experiments.operations.projects import set_default_role, share_project
from experiments.queries.access import role_in
from tests.factories import actor


def test_owners_alone_give_roles(project, alice, bob, charlie):
    for person in (bob, charlie):
        with pytest.raises(NotAllowed):
            share_project(project=project, user=charlie, role=Role.OWNER, by=actor(person))
        with pytest.raises(NotAllowed):
            set_default_role(project=project, role=Role.EDITOR, by=actor(person))
    assert role_in(charlie, project) == Role.NONE
    share_project(project=project, user=charlie, role=Role.EDITOR, by=actor(alice))
    assert role_in(charlie, project) == Role.EDITOR
