"""The language of `get_all`, translated into the filter tree that the tables of the site use."""

from __future__ import annotations
