"""The EXECUTION page taken apart: its facts, its lines, and what a browser sends of its forms."""

from __future__ import annotations

import html
import re
from typing import Any

from django.test import Client

from experiments.models import Project, Task
from tests.factories import make_task

DIFF = """\
diff --git a/train.py b/train.py
--- a/train.py
+++ b/train.py
@@ -1,2 +1,2 @@
 import <os>
-old
+new
diff --git a/b.py b/b.py
new file mode 100644
--- /dev/null
+++ b/b.py
@@ -0,0 +1 @@
+x = 1
"""
HTMX = {"HX-Request": "true"}


def address(task: Task, path: str = "") -> str:
    return f"/experiments/{task.uid}/execution/{path}"


def page(client: Client, task: Task, query: str = "") -> str:
    response = client.get(address(task, query))
    assert response.status_code == 200, response.content
    return response.content.decode()


def facts(text: str) -> dict[str, str]:
    found = re.findall(r"<dt><bdi>(.*?)</bdi></dt><dd>(.*?)</dd>", text)
    return {
        label: re.sub(r"<button.*?</button>|<[^>]*>", "", value).strip() for label, value in found
    }


def lines(text: str) -> list[tuple[str, str, str, str]]:
    """Class, both numbers and text of each line of the changes."""
    pattern = r'<span class="line ?(\w*)" data-old="(\d*)" data-new="(\d*)">(.*?)\n</span>'
    return re.findall(pattern, text)


def script_task(project: Project, **script: Any) -> Task:
    return make_task(project, script=script)


def form_of(text: str) -> dict[str, str]:
    """What a browser sends of the form: line ends of its own, no more than the field keeps."""
    inputs = re.findall(r'<input [^>]*name="(script[^"]*|cont[^"]*|output[^"]*|group|seen)" '
                        r'value="([^"]*)"', text)  # fmt: skip
    areas = re.findall(r'<textarea [^>]*name="([^"]*)"[^>]*>\n?(.*?)</textarea>', text, re.DOTALL)
    found = {name: html.unescape(value) for name, value in [*inputs, *areas]}
    return {
        name: re.sub(r"\r\n|\r|\n", "\r\n", value) if name not in {"seen"} else value
        for name, value in found.items()
    }
