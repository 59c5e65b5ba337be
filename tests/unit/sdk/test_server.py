"""server.info and server.endpoints."""

from __future__ import annotations

import pytest

from tests.people import ProtocolClient

pytestmark = pytest.mark.django_db


def test_info_names_the_newest_version(api: ProtocolClient) -> None:
    assert api.data("server.info")["api_version"] == "2.31"


def test_endpoints_lists_itself(api: ProtocolClient) -> None:
    listed = api.data("server.endpoints")["endpoints"]
    assert {"name": "server.endpoints", "min_version": "1.0"} in listed
