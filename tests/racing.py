"""Several people at once: threads with connections of their own, on a real database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from experiments.errors import ExperimentError
from experiments.queries.keys import forget_keys

THREADS = 6


@pytest.fixture(autouse=True)
def fresh_keys() -> Iterator[None]:
    """The database is emptied around each test, so what is cached of it must go too."""
    forget_keys()
    yield
    forget_keys()


def at_once(work: Callable[[int], Any], threads: int = THREADS) -> list[Any]:
    """What `work` returns or raises in each thread, all started at the same moment."""
    barrier = Barrier(threads)

    def run(number: int) -> Any:
        try:
            barrier.wait()
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, range(threads)))


def outcomes(work: Callable[[int], Any], threads: int = THREADS) -> list[Any]:
    """Like `at_once`, but a refusal is an outcome too."""

    def attempt(number: int) -> Any:
        try:
            return work(number)
        except ExperimentError as error:
            return error

    return at_once(attempt, threads)
