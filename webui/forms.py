"""Forms that show the domain's own errors beside the field at fault."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django import forms
from django.http import HttpRequest, QueryDict

from experiments.errors import ExperimentError
from experiments.models import Credential


@contextmanager
def refusals_of(form: forms.Form) -> Iterator[None]:
    """A refusal inside becomes an error of the form, so that what was typed stays."""
    try:
        yield
    except ExperimentError as error:
        field = error.field if error.field in form.fields else None
        form.add_error(field, error.detail or error.message)


def sent(request: HttpRequest) -> QueryDict | None:
    """What to fill a form with; an empty POST is a mistake to show, not a first visit."""
    return request.POST if request.method == "POST" else None


def _password(label: str, *, present: bool, required: bool = True) -> forms.CharField:
    autocomplete = "current-password" if present else "new-password"
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(
        label=label, widget=widget, strip=False, max_length=4096, required=required
    )


def _username() -> forms.CharField:
    attributes = {
        "autocomplete": "username",
        "autocapitalize": "none",
        "spellcheck": "false",
        "autofocus": True,
    }
    return forms.CharField(
        label="User name", max_length=150, widget=forms.TextInput(attrs=attributes)
    )


def _full_name() -> forms.CharField:
    return forms.CharField(
        label="Your name",
        help_text="Shown beside your experiments. Left empty, it is your user name.",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class SignInForm(forms.Form):
    username = _username()
    password = _password("Password", present=True)


class SetupForm(forms.Form):
    username = _username()
    full_name = _full_name()
    password = _password("Password", present=False, required=False)
    password.help_text = "At least 10 characters. Without one you sign in by links."


class ProfileForm(forms.Form):
    full_name = _full_name()


class PasswordForm(forms.Form):
    """`current` is asked only of those who have a password."""

    current = _password("Current password", present=True)
    password = _password("New password", present=False)
    password.help_text = "At least 10 characters."

    def __init__(self, *arguments: object, has_password: bool, **named: object) -> None:
        super().__init__(*arguments, **named)
        if not has_password:
            del self.fields["current"]


class CredentialForm(forms.Form):
    label = forms.CharField(
        label="Label",
        help_text="What it is for, such as the machine or the script.",
        max_length=100,
        required=False,
    )
    scope = forms.ChoiceField(label="Permission", choices=Credential.Scope.choices, initial="write")
