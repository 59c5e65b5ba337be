"""Hydra with a configuration in the script itself: prints and reports what it works with."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import hydra
from clearml import Task
from hydra.core.config_store import ConfigStore
from omegaconf import DictConfig, OmegaConf


@dataclass
class Model:
    name: str = "small"
    width: int = 64


@dataclass
class Configuration:
    lr: float = 0.1
    model: Model = field(default_factory=Model)


ConfigStore.instance().store(name="main", node=Configuration)


@hydra.main(config_path=None, config_name="main", version_base=None)
def main(configuration: DictConfig) -> None:
    task = Task.init(project_name="tuning", task_name="tuned hydra")
    print("ANSWER", json.dumps(["configuration", OmegaConf.to_container(configuration)]))
    task.get_logger().report_scalar("loss", "train", configuration.lr, 1)


if __name__ == "__main__":
    main()
