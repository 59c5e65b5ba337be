"""Nothing of its own: which environment variables are logged is chosen from outside."""

from __future__ import annotations

from clearml import Task

Task.init(project_name="capture", task_name="environment")
