"""The first start: whoever holds the printed link names the first admin."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from experiments.operations.setup import check_setup_link, complete_setup
from webui.forms import SetupForm, refusals_of, sent
from webui.pages.login import start_session


@never_cache
@sensitive_variables()
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def setup(request: HttpRequest, token: str) -> HttpResponse:
    check_setup_link(token=token)
    form = SetupForm(sent(request))
    if form.is_valid():
        with refusals_of(form):
            start_session(request, complete_setup(token=token, **form.cleaned_data))
            return redirect("project-list")
    return render(
        request, "accounts/setup.html", {"form": form}, status=422 if form.errors else 200
    )
