"""Asks for packages and a container; may stand in a repository with changes of its own."""

from __future__ import annotations

import argparse

from clearml import Task

Task.add_requirements("rich", "13.7.1")
Task.add_requirements("einops", ">=0.8")
task = Task.init(project_name="capture", task_name="how it is run")
task.set_base_docker(
    docker_image="python:3.11-slim",
    docker_arguments=["--ipc=host", "-e", "MODE=fast"],
    docker_setup_bash_script=["apt-get update", "apt-get install -y git"],
)
parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=0.1)
parser.parse_args()
