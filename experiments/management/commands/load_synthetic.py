"""Fills the database with seeded tasks, in bulk: for benchmarks and for looking around."""

from __future__ import annotations

import random
import uuid
from argparse import ArgumentParser
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from experiments.models import MetricSummary, Project, Source, Task, User
from experiments.operations.accounts import ensure_user
from experiments.operations.actor import Actor
from experiments.operations.bulk import IndexBatch, insert_many
from experiments.operations.indexing import key_ids
from experiments.operations.projects import create_project
from experiments.rules.status import Status
from experiments.synthetic import METRICS, PROJECTS, SyntheticTask, synthetic_tasks

BATCH = 10_000
FIRST_BATCH = 100  # commits the keys, which are cached from then on
SEED = 20_251
_SUMMARY_COLUMNS = (
    "task_id",
    "key_id",
    "value",
    "value_iteration",
    "min_value",
    "min_value_iteration",
    "max_value",
    "max_value_iteration",
    "first_value",
    "first_value_iteration",
    "mean_value",
    "count",
)


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("count", type=int, help="how many tasks")
        parser.add_argument("--user", default="synthetic", help="whose they are")

    def handle(self, *args: Any, count: int, user: str, **options: Any) -> None:
        if count < 1:
            raise CommandError("count must be at least 1.")
        owner = ensure_user(username=user)
        projects = {name: _project(name, owner) for name in PROJECTS}
        tasks = synthetic_tasks(count)
        ids = random.Random(SEED + Task.objects.count())
        loaded = 0
        while batch := list(islice(tasks, BATCH if loaded else FIRST_BATCH)):
            with transaction.atomic():
                _load(batch, projects, owner, ids)
            loaded += len(batch)
            if options["verbosity"] > 0 and count > BATCH:
                self.stdout.write(f"{loaded:,} of {count:,}")
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        self.stdout.write(f"Loaded {count:,} experiments in {len(PROJECTS)} projects.")


def _project(name: str, owner: User) -> Project:
    found = Project.objects.filter(name=name).first()
    return found or create_project(name=name, by=Actor(owner, via="system"))


def _load(
    batch: list[SyntheticTask], projects: dict[str, Project], owner: User, ids: random.Random
) -> None:
    rows = [_row(one, projects[one.project], owner, ids) for one in batch]
    # In one statement a batch and inside one transaction, ids come in order.
    Task.objects.bulk_create(rows, batch_size=500)
    index = IndexBatch()
    metric_keys = {
        source: key_ids(source, METRICS) for source in (Source.LAST, Source.MIN, Source.MAX)
    }
    summaries = []
    for task, one in zip(rows, batch, strict=True):
        index.add_document(task)
        for name, found in one.metrics.items():
            key = metric_keys[Source.LAST][name]
            summaries.append(
                (
                    task.pk,
                    key,
                    found.last,
                    one.iterations - 1,
                    found.least,
                    found.least_at,
                    found.greatest,
                    found.greatest_at,
                    found.first,
                    0,
                    found.mean,
                    found.count,
                )
            )
            index.add(task, key, found.last)
            index.add(task, metric_keys[Source.MIN][name], found.least)
            index.add(task, metric_keys[Source.MAX][name], found.greatest)
    insert_many(MetricSummary, _SUMMARY_COLUMNS, summaries)
    index.write()


def _row(one: SyntheticTask, project: Project, owner: User, ids: random.Random) -> Task:
    ran = one.status is not Status.CREATED
    over = ran and one.status is not Status.IN_PROGRESS
    end = one.created + timedelta(seconds=one.seconds)
    return Task(
        uid=uuid.UUID(int=ids.getrandbits(128), version=4).hex,
        project=project,
        user=owner,
        name=one.name,
        status=one.status,
        created=one.created,
        started=one.created if ran else None,
        completed=end if over else None,
        status_changed=end if over else one.created,
        last_update=min(end, datetime.now(UTC)),
        last_change=end,
        last_iteration=one.iterations,
        tags=one.tags,
        comment=one.comment,
        hyperparams=one.hyperparams,
        document_version=1,
    )
