"""The groups of the page: which fields each has, what they are called, what would fill them."""

from __future__ import annotations

from dataclasses import dataclass

from experiments.rules.execution import DIFF, PACKAGES

LABELS = {
    "script.repository": "Repository",
    "script.branch": "Branch",
    "script.version_num": "Commit",
    "script.tag": "Tag",
    "script.entry_point": "Entry point",
    "script.working_dir": "Working directory",
    "script.binary": "Interpreter",
    DIFF: "Uncommitted changes",
    PACKAGES: "Packages for pip",
    "container.image": "Image",
    "container.arguments": "Arguments",
    "container.setup_shell_script": "Setup script",
    "output.destination": "Destination",
}
HINTS = {
    "script.repository": "https://… or git@…, as git clone takes it",
    "script.version_num": "Empty: the newest of the branch",
    "script.entry_point": "The script, from the working directory: train.py, or -m package",
    "script.working_dir": "Within the repository; . is its top",
    DIFF: "A patch that git apply takes; without a repository the whole script",
    PACKAGES: "One a line, as in requirements.txt; empty: what the repository asks for",
    "container.arguments": "As docker run takes them: --ipc=host -e NAME=value",
    "container.setup_shell_script": "Run in the container before the packages are installed",
    "output.destination": "Where models and artifacts are uploaded, such as s3://bucket/folder",
}


@dataclass(frozen=True, slots=True)
class Group:
    """`fields` are those that can be edited; `empty` says what would fill the group."""

    name: str
    title: str
    fields: tuple[str, ...]
    empty: str


GROUPS = {
    group.name: group
    for group in (
        Group(
            "code",
            "Code",
            tuple(field for field in LABELS if field.startswith("script."))[:7],
            "Repository, commit and entry point are recorded by Task.init.",
        ),
        Group(
            "container",
            "Container",
            ("container.image", "container.arguments", "container.setup_shell_script"),
            "No container: an agent runs the script in an environment of its own. "
            "A script asks for one with task.set_base_docker(…).",
        ),
        Group(
            "output",
            "Output",
            ("output.destination",),
            "No destination: models and artifacts stay where the script put them. "
            "A script names one with Task.init(output_uri=…).",
        ),
        Group(
            "packages",
            "Packages",
            (PACKAGES,),
            "Packages are recorded by Task.init from what the script imports, or named with "
            "Task.add_requirements(…).",
        ),
        Group(
            "changes",
            "Uncommitted changes",
            (DIFF,),
            "None. What differs from the commit is recorded by Task.init; of a script outside "
            "a repository, the whole text.",
        ),
    )
}
