"""Request schemas: typed, strict about what would corrupt, lenient about what is harmless.

A schema is a msgspec Struct. `null` means absent, unknown fields are ignored and counted
(every request of the SDK carries a stray `method`), numbers and booleans may come as text.
"""

from __future__ import annotations

import logging
import typing
from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, ClassVar

import msgspec

from experiments.errors import InvalidField, MissingField

log = logging.getLogger("tuneboard.sdk")

Integer = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
Count = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]

EXPECTED_STRAYS = frozenset({"method"})
_MOST_COUNTED = 1000
unknown_fields: Counter[tuple[str, str]] = Counter()


class Request(msgspec.Struct, kw_only=True, frozen=True):
    """Base of all requests; its fields become the arguments of the endpoint.

    With `arrives_whole` the one argument is `request`; with `keep_unknown` the open keys
    arrive as `extra`.
    """

    arrives_whole: ClassVar[bool] = False
    keep_unknown: ClassVar[bool] = False


class Nothing(Request):
    """A request without fields."""


class _Field(typing.NamedTuple):
    name: str
    required: bool
    is_list: bool


@cache
def fields_of(schema: type[Request]) -> dict[str, _Field]:
    """Name in the protocol -> the argument it becomes."""
    return {
        field.encode_name: _Field(field.name, field.required, _is_list(field.type))
        for field in msgspec.structs.fields(schema)
    }


def arguments_of(schema: type[Request]) -> set[str]:
    """The keyword arguments an endpoint with this schema takes."""
    names = {field.name for field in fields_of(schema).values()}
    if schema.arrives_whole:
        names = {"request"}
    return names | {"extra"} if schema.keep_unknown else names


def arguments_from(request: Request) -> dict[str, Any]:
    if request.arrives_whole:
        return {"request": request}
    return {name: getattr(request, name) for name in request.__struct_fields__}


def read_request(schema: type[Request], body: Mapping[str, Any], endpoint: str) -> dict[str, Any]:
    """The validated arguments of an endpoint. Raises MissingField or InvalidField."""
    fields = fields_of(schema)
    known: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    for name, value in body.items():
        if name in fields:
            if value is not None:
                known[name] = _as_list(value) if fields[name].is_list else value
        elif name not in EXPECTED_STRAYS:
            extra[name] = value
    missing = [name for name, field in fields.items() if field.required and name not in known]
    if missing:
        raise MissingField(", ".join(missing), field=missing[0])
    arguments = arguments_from(convert(known, schema))
    if schema.keep_unknown:
        arguments["extra"] = extra
    elif extra:
        count_unknown(endpoint, extra)
    return arguments


def convert(value: Any, schema: Any, at: str = "") -> Any:
    """`value` as the type `schema`; a refusal names the field, never its value."""
    try:
        return msgspec.convert(value, schema, strict=False)
    except msgspec.ValidationError as error:
        expectation, _, place = str(error).partition(" - at `$")
        field = (at + place.rstrip("`")).lstrip(".") or "body"
        expectation = expectation[:1].lower() + expectation[1:]
        raise InvalidField(f"{field}: {expectation}", field=field) from None


def count_unknown(endpoint: str, names: typing.Iterable[str]) -> None:
    """Logs an unknown field when it is seen for the 1st, 10th, 100th ... time."""
    for name in names:
        seen = (endpoint, name[:60])
        if seen not in unknown_fields and len(unknown_fields) >= _MOST_COUNTED:
            continue
        unknown_fields[seen] += 1
        if str(unknown_fields[seen]).strip("0") == "1":
            log.info("%s: ignored field %a, seen %d times", *seen, unknown_fields[seen])


def _is_list(annotation: Any) -> bool:
    options = typing.get_args(annotation) or (annotation,)
    return typing.get_origin(annotation) is list or any(
        typing.get_origin(option) is list for option in options
    )


def _as_list(value: Any) -> Any:
    """One value where a list belongs stands for a list of one, as in a query string."""
    return [value] if isinstance(value, str | int | float) else value
