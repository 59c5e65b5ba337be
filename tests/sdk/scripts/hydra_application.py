"""Hydra: a composed configuration with overrides."""

from __future__ import annotations

import hydra
from clearml import Task
from omegaconf import DictConfig


@hydra.main(config_path="hydra_configuration", config_name="main", version_base=None)
def main(configuration: DictConfig) -> None:
    Task.init(project_name="capture", task_name="hydra application")
    print(f"trains {configuration.run_name}")


if __name__ == "__main__":
    main()
