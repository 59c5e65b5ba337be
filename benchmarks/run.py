"""`python -m benchmarks.run`: measures Tuneboard from outside and prints tables of Markdown."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.configuration import measure_configuration
from benchmarks.machine import machine_line
from benchmarks.processes import ROOT, memory_of
from benchmarks.reading import measure_reading
from benchmarks.report import Aim, Row, result_table
from benchmarks.site import Site, running_site
from benchmarks.stores import Loaded, PostgreSQL, SQLite, Store
from benchmarks.writing import measure_writing

MEMORY = Aim("median", ((10_000_000, 200),))
DISK = Aim("median", ((10_000_000, 2),))


def main() -> None:
    options = _options()
    stores: list[Store] = [SQLite(options.data)]
    if options.postgres:
        stores.append(PostgreSQL(options.data, options.postgres))
    _emit(options, machine_line(options.data))
    for tasks in options.tasks:
        for store in stores:
            rows = list(_measure(store, tasks, options))
            _emit(options, result_table(f"{store.name}, {tasks:,} experiments", rows, tasks))
        if options.mlflow:
            from benchmarks.peer import compare  # its environment is made only when asked for

            _emit(options, compare(stores[0], tasks, options.data, options.repeat))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.add_argument(
        "--tasks",
        type=_sizes,
        default="100000",
        metavar="N,…",
        help="sizes of the databases (%(default)s)",
    )
    parser.add_argument(
        "--data",
        type=Path,
        default=ROOT / ".cache/benchmarks",
        metavar="FOLDER",
        help="where databases are kept between runs (.cache/benchmarks)",
    )
    parser.add_argument(
        "--postgres",
        metavar="URL",
        help="measure PostgreSQL too; a server where databases may be created",
    )
    parser.add_argument(
        "--mlflow",
        action="store_true",
        help="compare with MLflow, installed in an environment of its own",
    )
    parser.add_argument(
        "--only",
        default="",
        metavar="NAME",
        help="only measures with this in their name, such as sort or filter-rare",
    )
    parser.add_argument(
        "--repeat",
        type=int,
        default=30,
        metavar="N",
        help="requests for each measure (%(default)s)",
    )
    parser.add_argument("--output", type=Path, metavar="FILE", help="write the tables here too")
    options = parser.parse_args()
    options.data = options.data.resolve()
    if options.output:
        options.output.write_text("")
    return options


def _sizes(text: str) -> list[int]:
    sizes = [int(size) for size in text.split(",")]
    if min(sizes) < 1000:
        raise argparse.ArgumentTypeError("use at least 1000 tasks: smaller ones have no page 2")
    return sizes


def _emit(options: argparse.Namespace, text: str) -> None:
    print(text, flush=True)
    if options.output:
        with options.output.open("a") as file:
            file.write(f"{text}\n")


def _measure(store: Store, tasks: int, options: argparse.Namespace) -> Iterator[Row]:
    loaded = store.kept(tasks)
    with running_site(store, tasks) as site:
        if not options.only:
            _warm_up(site)
            yield from _memory_rows(site, "idle")
        yield from measure_reading(site, options.only, options.repeat)
        yield from measure_writing(site, options.only)
        yield from measure_configuration(site, options.only, options.repeat)
        if not options.only:
            yield from _memory_rows(site, "afterwards")
            yield from _size_rows(loaded, tasks)


def _warm_up(site: Site) -> None:
    """Every worker has answered something, as in a server that has been up for a minute."""
    for _ in range(20):
        site.script.call("/tasks.get_all", project=[site.project], page_size=1)


def _memory_rows(site: Site, when: str) -> Iterator[Row]:
    memory = memory_of(site.pid)
    yield Row(f"memory {when} (PSS, 2 workers and master)", memory.total, unit="MiB", aim=MEMORY)
    yield Row(f"memory {when}, mapped files left out", memory.without_files, unit="MiB")


def _size_rows(loaded: Loaded, tasks: int) -> Iterator[Row]:
    kilobytes = loaded.bytes / 1000 / tasks
    aim = DISK if loaded.compact_bytes else None
    yield Row("disk for one experiment", kilobytes, unit="kB", aim=aim)
    if loaded.compact_bytes:
        compact = loaded.compact_bytes / 1000 / tasks
        yield Row("disk for one experiment, after VACUUM", compact, unit="kB", aim=DISK)
    yield Row("loading all of them", loaded.seconds, unit="s")


if __name__ == "__main__":
    sys.exit(main())
