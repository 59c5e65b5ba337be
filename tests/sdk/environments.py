"""Environments of packages that are too much for that of all other tests, kept between runs."""

from __future__ import annotations

import fcntl
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.server import ROOT

TIMEOUT = 1800


@dataclass(frozen=True)
class Environment:
    """What `requirements-NAME.txt` lists, installed in `.cache/NAME-venv`."""

    name: str
    subject: str

    def python(self) -> Path:
        """Its interpreter; made when it is missing or its requirements changed."""
        folder = ROOT / ".cache" / f"{self.name}-venv"
        python = folder / "bin" / "python"
        requirements = ROOT / f"requirements-{self.name}.txt"
        wanted = requirements.read_text(encoding="utf-8")
        done = folder / "installed-requirements.txt"
        folder.parent.mkdir(exist_ok=True)
        with folder.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not done.exists() or done.read_text(encoding="utf-8") != wanted:
                self._run([sys.executable, "-m", "venv", "--clear", str(folder)])
                self._run([str(python), "-m", "pip", "install", "--quiet", "-r", str(requirements)])
                done.write_text(wanted, encoding="utf-8")
        return python

    def _run(self, command: list[str]) -> None:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=TIMEOUT, check=False, cwd=ROOT
        )
        assert done.returncode == 0, (
            f"{self.subject} cannot be tested: its environment could not be installed by "
            f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
        )


LIGHTNING = Environment("lightning", "LightningCLI")
AGENT = Environment("agent", "The agent")
