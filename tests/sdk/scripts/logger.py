"""Logger: text, console, scalars, single values, tables, figures."""

from __future__ import annotations

import logging
import sys

from clearml import Task

task = Task.init(project_name="capture", task_name="logger")
logger = task.get_logger()

print("a printed line")
print("a line of the error stream: ünï <b>&amp;</b>", file=sys.stderr)
logging.getLogger("training").warning("a logged warning")
logger.report_text("a reported text", level=logging.ERROR, print_console=False)
for iteration in range(5):
    logger.report_scalar("loss", "train", value=1 / (iteration + 1), iteration=iteration)
    logger.report_scalar("loss", "val.1 $x/y", value=iteration * 0.1, iteration=iteration)
logger.report_scalar("loss", "train", value=0.125, iteration=4)
logger.report_single_value("accuracy", 0.875)
logger.report_single_value("f1 / macro", 1e-07)
logger.report_single_value("accuracy", 0.9)
logger.report_table("confusion", "table", iteration=1, table_plot=[["a", "b"], ["1", "2"]])
for iteration in (2, 3):
    figure = {"data": [{"type": "scatter", "x": [1, 2], "y": [3, iteration]}], "layout": {}}
    logger.report_plotly("figures", "ünï", figure, iteration=iteration)
