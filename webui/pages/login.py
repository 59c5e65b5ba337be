"""Signing in, by password or by a one-time link, and out."""

from __future__ import annotations

from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from experiments.models import User
from experiments.operations.accounts import redeem_sign_in_link
from experiments.operations.sign_in import sign_in
from experiments.queries.accounts import anybody_registered
from webui.forms import SignInForm, refusals_of, sent


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    target = _inside(request, request.POST.get("next") or request.GET.get("next", ""))
    if request.user.is_authenticated:
        return redirect(target)
    form = SignInForm(sent(request))
    if form.is_valid():
        with refusals_of(form):
            user = sign_in(**form.cleaned_data, address=request.META.get("REMOTE_ADDR", ""))
            start_session(request, user)
            return redirect(target)
    context = {"form": form, "next": target, "nobody_yet": not anybody_registered()}
    return render(request, "accounts/login.html", context, status=422 if form.errors else 200)


@never_cache
@sensitive_variables()
@require_safe
def sign_in_link(request: HttpRequest, token: str) -> HttpResponse:
    """Opening the link signs in. HEAD does not: chat programs look at links before people do."""
    if request.method == "HEAD":
        return HttpResponse()
    start_session(request, redeem_sign_in_link(token=token))
    return redirect("project-list")


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    auth.logout(request)
    return redirect("login")


def start_session(request: HttpRequest, user: User) -> None:
    """A new session key, so that one known to somebody else before is worth nothing."""
    if request.user.is_authenticated:
        auth.logout(request)
    request.session.clear_expired()
    auth.login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])


def _inside(request: HttpRequest, target: str) -> str:
    """The address to go on to, never one outside this site."""
    secure = request.is_secure()
    if url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=secure):
        return target
    return resolve_url("project-list")
