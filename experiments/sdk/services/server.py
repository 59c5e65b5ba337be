"""What the server says about itself."""

from __future__ import annotations

from experiments.sdk.auth import Call
from experiments.sdk.registry import NEWEST, Reply, all_endpoints, endpoint, format_version
from experiments.sdk.schema import Nothing
from experiments.sdk.tokens import COMPANY_ID, SERVER_VERSION


@endpoint("server.info", Nothing)
def info(call: Call) -> Reply:
    """Versions of the server and of the protocol."""
    return {
        "version": SERVER_VERSION,
        "build": "tuneboard",
        "commit": "",
        "uid": COMPANY_ID,
        "api_version": format_version(NEWEST),
    }


@endpoint("server.endpoints", Nothing)
def endpoints(call: Call) -> Reply:
    """Every endpoint there is, with its first version."""
    return {
        "endpoints": [
            {"name": declared.name, "min_version": format_version(declared.since)}
            for declared in all_endpoints()
        ]
    }
