"""Ids of sections and parameters in the page: safe for any name, and the same after any edit."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from urllib.parse import urlencode

from django.urls import reverse

from experiments.models import Task
from experiments.rules.document import PROPERTIES


def section_anchor(section: str) -> str:
    return "section-properties" if section == PROPERTIES else f"section-{_short(section)}"


def parameter_anchor(key: str) -> str:
    return f"param-{_short(key)}"


def section_query(section: str) -> str:
    """What leads to a section when it is put after the page's address."""
    return f"?{urlencode({'section': section})}#{section_anchor(section)}"


def parameter_query(key: str) -> str:
    return f"?{urlencode({'key': key})}#{parameter_anchor(key)}"


def section_address(task: Task, section: str) -> str:
    """The page opened at a section; as it opens by itself where none is named."""
    page = reverse("experiment-configuration", args=[task.uid])
    return page + section_query(section) if section else page


@lru_cache(maxsize=5_000)
def _short(name: str) -> str:
    return blake2b(name.encode(errors="surrogatepass"), digest_size=6).hexdigest()
