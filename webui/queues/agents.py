"""What to paste on a machine so that it takes experiments from a queue."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from webui.addresses import sdk_lines
from webui.pages.connecting import NO_KEY


@dataclass(frozen=True, slots=True)
class AgentLines:
    """`start` is the one line; `prepare` comes before it the first time on a machine."""

    start: str
    prepare: str


def agent_lines(address: str, queue: str) -> AgentLines:
    return AgentLines(
        start=f"clearml-agent daemon --queue {shlex.quote(queue)}",
        prepare=f"pip install clearml-agent\n{sdk_lines(address, *NO_KEY)}",
    )
