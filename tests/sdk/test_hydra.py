"""Hydra: the overrides as parameters, the composed configuration as an object."""

from __future__ import annotations

import pytest

from tests.sdk.configuration_page import Table, values
from tests.sdk.runs import Run, Script

APPLICATION = Script("hydra_application.py", "lr=0.1 model=large +data.seed=3")
OVERRIDES: Table = {
    "Hydra/lr": ("0.1", "str", ""),
    "Hydra/model": ("large", "str", ""),
    "Hydra/data.seed": ("3", "str", ""),
    "Hydra/_allow_omegaconf_edit_": (
        "False",
        "bool",
        "If True, the `Hydra` parameter section will be completely ignored. The OmegaConf will "
        "instead be pulled from the `OmegaConf` section",
    ),
}
COMPOSED = """\
lr: 0.1
data:
  root: /data
  workers: 4
  seed: 3
run_name: ${model.name}-${lr}
model:
  name: large
  layers:
  - 512
  - 512
  - 256
"""


@pytest.mark.script(APPLICATION)
def test_overrides(run: Run) -> None:
    read = {name: text for name, text in run.read("get_parameters").items() if "Hydra/" in name}
    assert read == values(OVERRIDES)
    assert run.read("get_parameter", "Hydra/_allow_omegaconf_edit_", cast=True) is False
    shown = {name: row for name, row in run.page.parameters.items() if "Hydra/" in name}
    assert shown == OVERRIDES


@pytest.mark.script(APPLICATION)
def test_the_composed_configuration(run: Run) -> None:
    assert run.read("get_configuration_objects") == {"OmegaConf": COMPOSED}
    assert run.page.objects == {"OmegaConf": COMPOSED.removesuffix("\n")}
    assert run.download("OmegaConf") == COMPOSED


@pytest.mark.script(APPLICATION)
def test_flags_of_hydra_itself(run: Run) -> None:
    row = ("", "str", "Show config instead of running [job|hydra|all]")
    assert run.read("get_parameter", "Args/cfg") == row[0]
    assert run.page.parameters["Args/cfg"] == row
