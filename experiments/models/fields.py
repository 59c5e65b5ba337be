"""Column types that behave the same on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from django.db import models

from experiments.rules import document

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def stored_value(value: Any) -> Any:
    """A moment as the number the database holds; everything else as it is."""
    return (value - _EPOCH) // _MICROSECOND if isinstance(value, datetime) else value


class InstantField(models.BigIntegerField):
    """A moment, stored as microseconds since 1970 UTC: 8 bytes, sorts as a number."""

    def from_db_value(self, value: int | None, *_: object) -> datetime | None:
        return None if value is None else _EPOCH + value * _MICROSECOND

    def to_python(self, value: Any) -> Any:
        return _EPOCH + value * _MICROSECOND if isinstance(value, int) else value

    def get_prep_value(self, value: Any) -> Any:
        return super().get_prep_value(stored_value(value))


class _CodePointOrder:
    """Sorts and compares by code point on both databases (SQLite does so by itself)."""

    def db_parameters(self, connection: Any) -> dict[str, Any]:
        parameters = super().db_parameters(connection)  # type: ignore[misc]
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


class NameField(_CodePointOrder, models.CharField):
    pass


class PlainTextField(_CodePointOrder, models.TextField):
    pass


class StructureField(_CodePointOrder, models.TextField):
    """Lists and dictionaries as JSON text: order of keys kept, never queried inside."""

    def from_db_value(self, value: str | None, *_: object) -> Any:
        return None if value is None else msgspec.json.decode(value)

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else msgspec.json.encode(value).decode()


class DocumentField(models.TextField):
    """The hyperparameters of a task, see `experiments.rules.document`."""

    def from_db_value(self, value: str | None, *_: object) -> document.Document | None:
        return None if value is None else document.loads(value)

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else document.dumps(value)
