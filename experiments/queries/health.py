"""Whether the database can be read."""

from __future__ import annotations

from django.db import Error, connection


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return cursor.fetchone() == (1,)
    except Error:
        connection.close()  # a broken connection would be kept, and fail for ever
        return False
