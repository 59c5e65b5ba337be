"""System checks of the site: a weakened setting or an address without a policy stops the start."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.urls import URLPattern, URLResolver, get_resolver

from webui.policy import POLICY

NEEDED_MIDDLEWARE = (
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "webui.middleware.Policy",
    "webui.middleware.DomainErrors",
)
FIXED = {
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "CSRF_COOKIE_SAMESITE": "Lax",
    "SECURE_CONTENT_TYPE_NOSNIFF": True,
    "X_FRAME_OPTIONS": "DENY",
    "SECURE_CROSS_ORIGIN_OPENER_POLICY": "same-origin",
}
_LOOPBACK = {"localhost", "127.0.0.1", "[::1]"}


@register(Tags.urls)
def check_policy(**_: Any) -> list[CheckMessage]:
    """Every address is named and has a line in `webui.policy`."""
    return [
        Error(f"{address} has no policy", hint="Name it in webui/policy.py.", id="webui.E001")
        for address, name in routes()
        if name not in POLICY
    ]


@register(Tags.security)
def check_settings(**_: Any) -> list[CheckMessage]:
    return [Error(fault, id="webui.E002") for fault in setting_faults()]


def routes(
    resolver: URLResolver | None = None, prefix: str = "", namespace: str = ""
) -> Iterator[tuple[str, str]]:
    """Every address with the name it has in the policy."""
    for entry in (resolver or get_resolver()).url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from routes(entry, address, inner)
        elif isinstance(entry, URLPattern):
            yield address, f"{namespace}{entry.name or ''}"


def setting_faults() -> Iterator[str]:
    """What a developer could weaken in `webui.settings`, each as a sentence."""
    for name, wanted in FIXED.items():
        if getattr(settings, name) != wanted:
            yield f"{name} must be {wanted!r}"
    for middleware in NEEDED_MIDDLEWARE:
        if middleware not in settings.MIDDLEWARE:
            yield f"MIDDLEWARE must contain {middleware}"
    if any("*" in host for host in settings.ALLOWED_HOSTS):
        yield "ALLOWED_HOSTS must name hosts; a * lets hostile pages reach this server"
    if settings.DEBUG and (settings.PUBLIC_URL or not _LOOPBACK.issuperset(settings.ALLOWED_HOSTS)):
        yield "TUNEBOARD_DEBUG shows code and data to visitors; it is for this machine alone"
    if settings.SECURE and not (settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE):
        yield "cookies must be secure when the public address is https"
    yield from _password_faults()
    yield from _content_policy_faults()
    yield from _secret_key_faults()


def _password_faults() -> Iterator[str]:
    if settings.PASSWORD_HASHERS[0].rpartition(".")[2] != "PBKDF2PasswordHasher":
        yield "passwords must be kept by PBKDF2"
    if not settings.AUTH_PASSWORD_VALIDATORS:
        yield "AUTH_PASSWORD_VALIDATORS must not be empty"


def _content_policy_faults() -> Iterator[str]:
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    for name, sources in directives.items():
        for source in sources:
            if re.search(r"unsafe|\*|^https?:$", str(source)):
                yield f"CONTENT_SECURITY_POLICY {name} must not contain {source}"
    for name in ("default-src", "base-uri", "frame-ancestors"):
        if directives.get(name) != ["'none'"]:
            yield f"CONTENT_SECURITY_POLICY {name} must be 'none'"
    for name in ("script-src", "style-src", "form-action"):
        if directives.get(name) != ["'self'"]:
            yield f"CONTENT_SECURITY_POLICY {name} must be 'self'"


def _secret_key_faults() -> Iterator[str]:
    if len(settings.SECRET_KEY) < 32:
        yield "the secret key has fewer than 32 characters"
    path = settings.DATA_DIR / "secret_key"
    if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
        yield f"{path} must be readable by its owner alone: chmod 600 {path}"
