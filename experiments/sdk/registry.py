"""Every endpoint of the protocol: its name, schema, function and options.

Dispatch, documentation and the system check in `experiments.sdk.checks` all read this.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import msgspec

from experiments.errors import EndpointNotFound, ExperimentError
from experiments.sdk.schema import Request, arguments_from, arguments_of

Version = tuple[int, ...]
Reply = dict[str, Any]
# The newest version of the protocol: announced in tokens, meant when none is asked for.
NEWEST: Version = (2, 31)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`since` is the first version that has it, `writes` refuses read-only credentials.

    With `batch` the body is JSON lines, which arrive as `lines` and `unreadable`. With
    `many_of` it takes a list `ids` and runs its function once for each, as that field.
    """

    name: str
    schema: type[Request]
    run: Callable[..., Reply]
    since: Version
    writes: bool
    batch: bool
    many_of: str
    summary: str


_endpoints: dict[str, list[Endpoint]] = {}


def endpoint(
    name: str,
    schema: type[Request],
    *,
    since: str = "1.0",
    writes: bool = False,
    batch: bool = False,
    many_of: str = "",
) -> Callable[[Callable[..., Reply]], Callable[..., Reply]]:
    """Declares an endpoint.

    Its function takes the `Call` and the arguments of the schema as keyword-only ones.
    """

    def declare(run: Callable[..., Reply]) -> Callable[..., Reply]:
        summary = (inspect.getdoc(run) or "").split("\n")[0]
        declared = Endpoint(
            name, schema, run, parse_version(since), writes, batch, many_of, summary
        )
        forms = [form for form in _endpoints.get(name, ()) if form.since != declared.since]
        _endpoints[name] = sorted([*forms, declared], key=lambda form: form.since, reverse=True)
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


def run(declared: Endpoint, call: Any, arguments: dict[str, Any]) -> Reply:
    """The reply; of many, what fails is listed and does not stop the others."""
    if not declared.many_of:
        return declared.run(call, **arguments)
    request = arguments["request"]
    options = {name: getattr(request, name) for name in request.__struct_fields__ if name != "ids"}
    succeeded: list[Reply] = []
    failed: list[Reply] = []
    for uid in dict.fromkeys(request.ids):
        one = {**options, declared.many_of: uid}
        try:
            reply = declared.run(call, **arguments_from(declared.schema(**one)))
            succeeded.append({"id": uid, **reply})
        except ExperimentError as error:
            codes = [error.code, error.subcode]
            failed.append({"id": uid, "error": {"codes": codes, "msg": str(error), "data": {}}})
    return {"succeeded": succeeded, "failed": failed}


@cache
def schema_of(declared: Endpoint) -> type[Request]:
    """The schema of the request itself; of many, with `ids` in place of the one id."""
    if not declared.many_of:
        return declared.schema
    others = [
        (found.name, found.type, found.default)
        for found in msgspec.structs.fields(declared.schema)
        if found.name != declared.many_of
    ]
    made = msgspec.defstruct(
        f"{declared.schema.__name__}Many",
        [("ids", list[str]), *others],
        bases=(Request,),
        kw_only=True,
        frozen=True,
    )
    made.arrives_whole = True
    return made


def mismatch(declared: Endpoint) -> str | None:
    """What is wrong with a declaration: its function must take exactly the schema's fields."""
    verb = declared.name.partition(".")[2]
    names = {verb, f"{verb}_", verb.removesuffix("_many") if declared.many_of else verb}
    if declared.run.__name__ not in names:
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
