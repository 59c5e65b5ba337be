"""Every endpoint of the protocol: its name, schema, function and options.

Dispatch, documentation and the system check in `experiments.sdk.checks` all read this.
"""
from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec

from experiments.errors import EndpointNotFound, ExperimentError
from experiments.sdk.schema import Request, arguments_of, fields_of

Version = tuple[int, ...]
Reply = dict[str, Any]
# The newest version of the protocol: announced in tokens, meant when none is asked for.
NEWEST: Version = (2, 31)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`since` is the first version that has it, `writes` refuses read-only credentials.

    With `batch` the body is JSON lines, which arrive as `lines` and `unreadable`.
    """

    name: str
    schema: type[Request]
    run: Callable[..., Reply]
    since: Version
    writes: bool
    batch: bool
    many_of: str
    summary: str = field(default="")


_endpoints: dict[str, list[Endpoint]] = {}


def endpoint(
    name: str,
    schema: type[Request],
    *,
    since: str = "1.0",
    writes: bool = False,
    batch: bool = False,
    many: bool = False,
) -> Callable[[Callable[..., Reply]], Callable[..., Reply]]:
    """Declares an endpoint; `many` also declares `<name>_many` over a list `ids`.

    The function takes the `Call` and every field of the schema as keyword-only arguments.
    """

    def declare(run: Callable[..., Reply]) -> Callable[..., Reply]:
        summary = (inspect.getdoc(run) or "").split("\n")[0]
        made = Endpoint(name, schema, run, parse_version(since), writes, batch, "", summary)
        _add(made)
        if many:
            _add(_many(made))
        return run

    return declare


def find(name: str, version: Version | None) -> Endpoint:
    """The newest form of an endpoint that is not newer than `version`."""
    for candidate in _endpoints.get(name, ()):
        if version is None or candidate.since <= version:
            return candidate
    raise EndpointNotFound(f"for name {name} and version {format_version(version or NEWEST)}")


def all_endpoints() -> Iterator[Endpoint]:
    for name in sorted(_endpoints):
        yield from _endpoints[name]


def parse_version(text: str) -> Version:
    return tuple(int(part) for part in text.split("."))


def format_version(version: Version) -> str:
    return ".".join(map(str, version))


def _add(made: Endpoint) -> None:
    forms = [form for form in _endpoints.get(made.name, ()) if form.since != made.since]
    _endpoints[made.name] = sorted([*forms, made], key=lambda form: form.since, reverse=True)


def _many(single: Endpoint) -> Endpoint:
    """The same for a list `ids`: what fails is listed and does not stop the others."""
    subject = next(name for name, f in fields_of(single.schema).items() if f.required)
    shared = [
        (f.name, f.type, f.default if f.default is not msgspec.NODEFAULT else None)
        for f in msgspec.structs.fields(single.schema)
        if f.encode_name != subject
    ]
    schema = msgspec.defstruct(
        f"{single.schema.__name__}Many", [("ids", list[str]), *shared],
        bases=(Request,), kw_only=True, frozen=True,
    )

    def run_many(call: Any, *, ids: list[str], **options: Any) -> Reply:
        succeeded, failed = [], []
        for uid in dict.fromkeys(ids):
            try:
                succeeded.append({"id": uid, **single.run(call, **{subject: uid}, **options)})
            except ExperimentError as error:
                failed.append({"id": uid, "error": {
                    "codes": [error.code, error.subcode], "msg": str(error), "data": {},
                }})
        return {"succeeded": succeeded, "failed": failed}

    return Endpoint(
        f"{single.name}_many", schema, run_many, single.since, single.writes, False, single.name,
        f"{single.name} for each of `ids`.",
    )


def mismatch(declared: Endpoint) -> str | None:
    """What is wrong with a declaration: its function must take exactly the schema's fields."""
    verb = declared.name.partition(".")[2]
    if declared.many_of:
        return None
    if declared.run.__name__ not in {verb, f"{verb}_"}:
        return f"its function is called {declared.run.__name__}, not {verb}"
    parameters = list(inspect.signature(declared.run).parameters.values())
    taken = {p.name for p in parameters if p.kind is p.KEYWORD_ONLY}
    others = [p.name for p in parameters if p.kind is not p.KEYWORD_ONLY]
    wanted = arguments_of(declared.schema) | ({"lines", "unreadable"} if declared.batch else set())
    if others != ["call"]:
        return "its function must take `call` and otherwise keyword-only arguments"
    if taken != wanted:
        return f"its schema and function differ in {', '.join(sorted(taken ^ wanted))}"
    return None
