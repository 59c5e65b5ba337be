"""The one address of the protocol."""

from __future__ import annotations

from django.urls import re_path

from experiments.sdk.dispatch import dispatch

# Without a version an address must name a service of the protocol: /robots.txt does not.
SERVICES = (
    "auth",
    "debug",
    "events",
    "login",
    "models",
    "organization",
    "pipelines",
    "projects",
    "queues",
    "reports",
    "server",
    "serving",
    "tasks",
    "users",
    "workers",
)
_VERSION = r"v(?P<version>\d{1,9}(?:\.\d{1,9}){0,3})/"
_KNOWN_SERVICE = rf"(?=(?:{'|'.join(SERVICES)})\.)"
_METHOD = r"(?P<service>[A-Za-z_]{1,64})\.(?P<action>[A-Za-z0-9_]{1,64})/?"

urlpatterns = [
    re_path(rf"^(?:{_VERSION}|{_KNOWN_SERVICE}){_METHOD}$", dispatch, name="sdk"),
]
