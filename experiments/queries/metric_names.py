"""Metrics by the digests under which the protocol names them (MD5 of metric and variant).

What a digest stands for never changes, so what was once learnt stays true in this process;
only a digest not seen before costs a query.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache

from experiments.models import Key, Source

# Transactions may commit keys in another order than they numbered them.
_OVERLAP = 5_000
_names: dict[tuple[str, str], tuple[str, str]] = {}
_read_up_to = 0


@lru_cache(maxsize=2048)
def name_digest(name: str) -> str:
    return hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()


def metric_by_digests(metric: str, variant: str) -> tuple[str, str] | None:
    """The names behind two digests; None where nobody has reported such a metric."""
    global _read_up_to  # noqa: PLW0603 - how far this process has read the dictionary
    wanted = (metric, variant)
    if wanted not in _names:
        rows = Key.objects.filter(source=Source.LAST, id__gt=_read_up_to - _OVERLAP)
        for key_id, section, name in rows.values_list("id", "section", "name"):
            _names[name_digest(section), name_digest(name)] = (section, name)
            _read_up_to = max(_read_up_to, key_id)
    return _names.get(wanted)


def metric_keys(names: Iterable[tuple[str, str]]) -> list[Key]:
    """The dictionary's entries of metrics, for `metric_summaries`."""
    wanted = set(names)
    metrics = {metric for metric, _ in wanted}
    rows = Key.objects.filter(source=Source.LAST, section__in=metrics)
    return [key for key in rows if (key.section, key.name) in wanted]
