"""Task.connect_configuration: a file without a name."""

from __future__ import annotations

from pathlib import Path

from clearml import Task

task = Task.init(project_name="capture", task_name="connect configuration file")
task.connect_configuration(Path(__file__).parent / "configuration_files" / "model.yaml")
