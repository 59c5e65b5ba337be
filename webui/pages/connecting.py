"""The lines that point the SDK at this server: for a shell, and for a configuration file."""

from __future__ import annotations

from dataclasses import dataclass

from experiments.operations.accounts import IssuedCredentials
from webui.addresses import sdk_lines

NO_KEY = ("YOUR_ACCESS_KEY", "YOUR_SECRET_KEY")


@dataclass(frozen=True, slots=True)
class Snippets:
    environment: str
    file: str
    script: str


def snippets(address: str, issued: IssuedCredentials | None) -> Snippets:
    access, secret = (issued.access_key, issued.secret_key) if issued else NO_KEY
    return Snippets(
        environment=sdk_lines(address, access, secret),
        file=_configuration_file(address, access, secret),
        script=_SCRIPT,
    )


def _configuration_file(address: str, access: str, secret: str) -> str:
    """`~/clearml.conf`; the keys inside are those the SDK's own set-up writes."""
    return f"""api {{
  web_server: {address}
  api_server: {address}
  files_server: {address}/files
  credentials {{
    "access_key" = "{access}"
    "secret_key" = "{secret}"
  }}
}}"""


_SCRIPT = """from clearml import Task

task = Task.init(project_name="first steps", task_name="hello")
settings = task.connect({"lr": 0.001, "batch_size": 64, "optimizer": "adam"})

for step in range(100):
    loss = 1 / (1 + step * settings["lr"] * 50)
    task.get_logger().report_scalar("loss", "train", loss, step)"""
