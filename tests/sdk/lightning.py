"""The environment of LightningCLI, which needs PyTorch: apart from ours, kept between runs."""

from __future__ import annotations

import fcntl
import subprocess
import sys
from pathlib import Path

from tests.server import ROOT

REQUIREMENTS = ROOT / "requirements-lightning.txt"
FOLDER = ROOT / ".cache" / "lightning-venv"
LOCK = FOLDER.with_suffix(".lock")
DONE = FOLDER / "installed-requirements.txt"
TIMEOUT = 1800


def lightning_python() -> Path:
    """Its interpreter; made when it is missing or its requirements changed."""
    python = FOLDER / "bin" / "python"
    wanted = REQUIREMENTS.read_text(encoding="utf-8")
    FOLDER.parent.mkdir(exist_ok=True)
    with LOCK.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not DONE.exists() or DONE.read_text(encoding="utf-8") != wanted:
            _run([sys.executable, "-m", "venv", "--clear", str(FOLDER)])
            _run([str(python), "-m", "pip", "install", "--quiet", "-r", str(REQUIREMENTS)])
            DONE.write_text(wanted, encoding="utf-8")
    return python


def _run(command: list[str]) -> None:
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=TIMEOUT, check=False, cwd=ROOT
    )
    assert done.returncode == 0, (
        "LightningCLI cannot be tested: its environment could not be installed by "
        f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    )
