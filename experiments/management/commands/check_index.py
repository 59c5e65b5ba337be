"""Proves that the parameter index says what the documents, tags and summaries say."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from experiments.models import Task
from experiments.operations.indexing import replace_index, task_entries
from experiments.queries.indexed import entries_by_task, orphaned_tasks

BATCH = 500


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--repair", action="store_true", help="write what is missing or wrong")

    def handle(self, *args: Any, repair: bool, **options: Any) -> None:
        wrong = self._check_tasks(repair)
        orphans = orphaned_tasks()
        for project, task, entries in orphans:
            wrong += 1
            self.stderr.write(f"entries of a task that is gone or elsewhere: {task}")
            if repair:
                replace_index(project, task, entries, set())
        if wrong and not repair:
            raise CommandError(f"{wrong} differences; run again with --repair.")
        self.stdout.write(f"{'Repaired' if repair else 'Checked'}: {wrong} differences.")

    def _check_tasks(self, repair: bool) -> int:
        wrong, last = 0, 0
        while True:
            with transaction.atomic():
                tasks = list(Task.objects.filter(pk__gt=last).order_by("pk")[:BATCH])
                if not tasks:
                    return wrong
                stored = entries_by_task(tasks)
                for task in tasks:
                    found, wanted = stored.get(task.pk, set()), task_entries(task)
                    if found != wanted:
                        wrong += 1
                        self.stderr.write(
                            f"{task.uid}: {len(wanted - found)} missing,"
                            f" {len(found - wanted)} wrong"
                        )
                        if repair:
                            replace_index(task.project_id, task.pk, found, wanted)
            last = tasks[-1].pk
