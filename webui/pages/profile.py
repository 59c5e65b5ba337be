"""One's own name and password."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from experiments.operations.accounts import set_full_name
from experiments.operations.sign_in import set_password
from webui.forms import PasswordForm, ProfileForm, refusals_of


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Two forms; the button pressed says which one was sent."""
    user = request.user
    has_password = user.has_usable_password()
    sent = request.POST.get("form")
    name_form = ProfileForm(
        request.POST if sent == "name" else None, initial={"full_name": user.full_name}
    )
    password_form = PasswordForm(
        request.POST if sent == "password" else None, has_password=has_password
    )
    if name_form.is_valid():
        with refusals_of(name_form):
            set_full_name(user=user, **name_form.cleaned_data)
            messages.success(request, "Your name is saved.")
            return redirect("settings")
    if password_form.is_valid():
        with refusals_of(password_form):
            set_password(user=user, **password_form.cleaned_data)
            update_session_auth_hash(request, user)
            messages.success(request, "Your password is set; your other sessions are signed out.")
            return redirect("settings")
    context = {"name_form": name_form, "password_form": password_form, "has_password": has_password}
    failed = name_form.errors or password_form.errors
    return render(request, "accounts/profile.html", context, status=422 if failed else 200)
