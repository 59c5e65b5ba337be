"""The table of endpoints in docs/protocol.md, made from the registry."""

from __future__ import annotations

from experiments.sdk.registry import all_endpoints, format_version, schema_of
from experiments.sdk.schema import fields_of

BEGIN = "<!-- endpoints: manage.py protocol_table --write -->\n"
END = "<!-- end of endpoints -->\n"
HEADER = "| endpoint | since | kind | request | what it does |\n|---|---|---|---|---|\n"


def endpoint_table() -> str:
    rows = []
    for declared in all_endpoints():
        fields = [
            f"**{name}**" if field.required else name
            for name, field in fields_of(schema_of(declared)).items()
        ]
        if declared.batch:
            fields = ["JSON lines"]
        kind = "writes" if declared.writes else "reads"
        summary = declared.summary.rstrip(".")
        if declared.many_of:
            summary += ", for each of `ids`"
        rows.append(
            f"| `{declared.name}` | {format_version(declared.since)} | {kind}"
            f" | {', '.join(fields)} | {summary} |\n"
        )
    return HEADER + "".join(rows)


def with_table(document: str) -> str:
    """The document with its table made anew."""
    before, _, rest = document.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{endpoint_table()}{END}{after}"
