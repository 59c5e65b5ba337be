"""LightningCLI: a model, its data and the trainer, from the command line, with sub-commands."""

from __future__ import annotations

import torch
from clearml import Task
from pytorch_lightning import LightningDataModule, LightningModule
from pytorch_lightning.cli import LightningCLI
from torch.utils.data import DataLoader, TensorDataset


class Model(LightningModule):
    def __init__(self, hidden: int = 4, lr: float = 0.01, names: list[str] | None = None) -> None:
        """A line through points.

        Args:
            hidden: width of the layer
            lr: learning rate
            names: of the classes
        """
        super().__init__()
        self.lr = lr
        self.layers = torch.nn.Sequential(torch.nn.Linear(1, hidden), torch.nn.Linear(hidden, 1))

    def training_step(self, batch: list[torch.Tensor], _: int) -> torch.Tensor:
        x, y = batch
        return torch.nn.functional.mse_loss(self.layers(x), y)

    def configure_optimizers(self) -> torch.optim.Optimizer:
        return torch.optim.SGD(self.parameters(), lr=self.lr)


class Points(LightningDataModule):
    def __init__(self, count: int = 8) -> None:
        super().__init__()
        self.count = count

    def train_dataloader(self) -> DataLoader:
        x = torch.arange(self.count, dtype=torch.float32)[:, None]
        return DataLoader(TensorDataset(x, 2 * x), batch_size=4)


if __name__ == "__main__":
    Task.init(project_name="capture", task_name="lightning cli")
    LightningCLI(Model, Points)
