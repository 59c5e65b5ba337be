"""Artifacts of every kind that needs no further library, debug images and media."""

from __future__ import annotations

import io
import sys
from pathlib import Path

from clearml import Task
from PIL import Image

task = Task.init(
    project_name="capture/ünï 100% #1",
    task_name=f"artifacts & {sys.argv[1]}",
    auto_connect_frameworks=False,
)

folder = Path("folder")
folder.mkdir()
(folder / "one.txt").write_text("one")
(folder / "two.txt").write_text("two")
table = Path("table é.csv")
table.write_text("a,b\n1,2\n")
picture = Image.new("RGB", (40, 30), (200, 30, 30))
picture.save("picture.png")

task.upload_artifact("dict", {"lr": 0.1, "ü": [1, None]}, metadata={"rows": 3})
task.upload_artifact("replaced", {"version": 1}, wait_on_upload=True)
task.upload_artifact("replaced", {"version": 2}, wait_on_upload=True)
task.upload_artifact("text", f"text of {sys.argv[1]} <b>&amp;</b>")
task.upload_artifact('odd / name of 100% "é" #', table)
task.upload_artifact("folder", folder)
task.upload_artifact("list", [1, "two", 3.0], auto_pickle=True)
task.upload_artifact("picture", picture)

logger = task.get_logger()
logger.report_image("samples", "from a file / ü", iteration=1, local_path="picture.png")
logger.report_image("samples", "from memory", iteration=2, image=picture)
logger.report_media("media", "a page", iteration=1, stream=io.BytesIO(b"<script>alert(1)</script>"),
                    file_extension="html")  # fmt: skip
task.flush(wait_for_uploads=True)
