"""absl: the script's flags and absl's own, in the section TF_DEFINE."""

from __future__ import annotations

import pytest

from tests.sdk.configuration_page import Table, values
from tests.sdk.runs import Run, Script

FLAGS = Script("absl_flags.py", "--steps=200 --gpus=2,3 --noaugment")
SHOWN: Table = {
    "TF_DEFINE/model": ("resnet", "string", "which network"),
    "TF_DEFINE/steps": ("200", "int", "how long to train"),
    "TF_DEFINE/rate": ("0.01", "float", "learning rate"),
    "TF_DEFINE/augment": ("False", "bool", "flip and crop"),
    "TF_DEFINE/gpus": ('["2", "3"]', "comma separated list of strings", "devices to use"),
    "TF_DEFINE/mode": ("train", "string enum", "<train|test>: what to do"),
    "TF_DEFINE/checkpoint": ("", "string", "where to resume"),
    # Some of absl's own, one with the oddest name.
    "TF_DEFINE/?": ("False", "bool", "show this help"),
    "TF_DEFINE/log_dir": ("", "string", "directory to write logfiles into"),
    "TF_DEFINE/stderrthreshold": (
        "fatal",
        "string",
        "log messages at this level, or more severe, to stderr in addition to the logfile.  "
        "Possible values are 'debug', 'info', 'warning', 'error', and 'fatal'.  Obsoletes "
        "--alsologtostderr. Using --alsologtostderr cancels the effect of this flag. Please also "
        "note that this flag is subject to --verbosity and requires logfile not be stderr.",
    ),
}


@pytest.mark.script(FLAGS)
def test_flags(run: Run) -> None:
    read, shown = run.read("get_parameters"), run.page.parameters
    assert read.items() >= values(SHOWN).items()
    assert shown.items() >= SHOWN.items()
    assert read == values(shown)
    assert run.page.sections == ["TF_DEFINE"]


@pytest.mark.script(FLAGS)
def test_types_survive(run: Run) -> None:
    cast = run.read("get_parameters", cast=True)
    assert cast["TF_DEFINE/steps"] == 200
    assert cast["TF_DEFINE/rate"] == 0.01
    assert cast["TF_DEFINE/augment"] is False
    assert cast["TF_DEFINE/checkpoint"] == ""
