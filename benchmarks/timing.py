"""Asks again and again, and says how long it took: median, p95, slowest, and processor time."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from benchmarks.client import Client, Request
from benchmarks.processes import processor_seconds

WARM_UPS = 3
BURSTS = 3

Asked = tuple[Client, Request]


@dataclass(frozen=True)
class Timing:
    """Milliseconds. `processor` is what the server's processes worked, on average.

    Where others use the machine too, that tells more than the clock.
    """

    median: float
    p95: float
    slowest: float
    processor: float | None = None


def timing_of(seconds: Sequence[float], processor: float | None = None) -> Timing:
    ordered = sorted(seconds)
    p95 = ordered[math.ceil(0.95 * len(ordered)) - 1]
    figures = [1000 * value for value in (statistics.median(ordered), p95, ordered[-1])]
    worked = None if processor is None else 1000 * processor / len(ordered)
    return Timing(*figures, processor=worked)


def time_alternating(asked: Sequence[Asked], repeat: int) -> list[Timing]:
    """One timing for each of several requests, asked in turn so that noise meets them alike."""
    for client, request in asked * WARM_UPS:
        client.ask(request)
    seconds: list[list[float]] = [[] for _ in asked]
    for _ in range(repeat):
        for found, (client, request) in zip(seconds, asked, strict=True):
            found.append(client.ask(request).seconds)
    return [timing_of(found) for found in seconds]


def time_request(client: Client, request: Request, repeat: int, pid: int) -> Timing:
    for _ in range(WARM_UPS):
        client.ask(request)
    before = processor_seconds(pid)
    seconds = [client.ask(request).seconds for _ in range(repeat)]
    return timing_of(seconds, processor_seconds(pid) - before)


@dataclass(frozen=True)
class Rate:
    """Things a second: the median of a few bursts, and each request's own timing."""

    per_second: float
    requests: Timing


def rate_of(
    send: Callable[[], float], pid: int, *, clients: int, each: int, things: int = 1
) -> Rate:
    """`clients` threads call `send` `each` times at once; it returns the seconds it took."""
    rates, seconds, before = [], [], 0.0

    def client(_: int) -> list[float]:
        return [send() for _ in range(each)]

    with ThreadPoolExecutor(clients) as pool:
        for burst in range(BURSTS + 1):
            if burst == 1:  # the one before warmed up
                before = processor_seconds(pid)
            started = time.perf_counter()
            found = [one for many in pool.map(client, range(clients)) for one in many]
            elapsed = time.perf_counter() - started
            if burst:
                rates.append(len(found) * things / elapsed)
                seconds += found
    return Rate(statistics.median(rates), timing_of(seconds, processor_seconds(pid) - before))
