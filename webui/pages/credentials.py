"""One's own API keys: list, make, revoke."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from experiments.operations.accounts import issue_credentials, revoke_credentials
from experiments.queries.accounts import credentials_of
from webui.addresses import address_seen, sdk_lines
from webui.forms import CredentialForm, refusals_of, sent


@never_cache
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
def credentials(request: HttpRequest) -> HttpResponse:
    """The reply to making a key is the only page that ever shows its secret."""
    form = CredentialForm(sent(request))
    issued, lines = None, ""
    if form.is_valid():
        with refusals_of(form):
            issued = issue_credentials(user=request.user, **form.cleaned_data)
            lines = sdk_lines(address_seen(request), issued.access_key, issued.secret_key)
    context = {
        "form": CredentialForm() if issued else form,
        "issued": issued,
        "lines": lines,
        "credentials": credentials_of(request.user),
    }
    return render(request, "accounts/credentials.html", context, status=422 if form.errors else 200)


@require_POST
def revoke(request: HttpRequest, access_key: str) -> HttpResponse:
    revoke_credentials(user=request.user, access_key=access_key)
    messages.success(request, f"The key {access_key} is revoked.")
    return redirect("settings-credentials")
