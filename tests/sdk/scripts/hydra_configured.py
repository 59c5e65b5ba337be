"""Prints the Hydra configuration it works with."""

from __future__ import annotations

import json

import hydra
from clearml import Task
from omegaconf import DictConfig, OmegaConf

Task.init(project_name="capture", task_name="hydra configured")


@hydra.main(config_path="hydra_configuration", config_name="main", version_base=None)
def main(configuration: DictConfig) -> None:
    print("ANSWER", json.dumps(["configuration", OmegaConf.to_container(configuration)]))


if __name__ == "__main__":
    main()
