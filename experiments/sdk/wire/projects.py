"""A project as the protocol shows it."""

from __future__ import annotations

from typing import Any

from experiments.models import Project
from experiments.sdk.tokens import COMPANY_ID
from experiments.sdk.wire.times import to_wire


def project_to_wire(project: Project) -> dict[str, Any]:
    return {
        "id": project.uid,
        "name": project.name,
        "basename": project.basename,
        "description": project.description,
        "user": project.owner.uid if project.owner_id else None,
        "company": COMPANY_ID,
        "parent": project.parent.uid if project.parent_id else None,
        "tags": project.tags,
        "system_tags": project.system_tags,
        "default_output_destination": project.default_output_destination,
        "created": to_wire(project.created),
        "last_update": to_wire(project.last_update),
    }
