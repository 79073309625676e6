"""The forms of an account. Django's fields refuse NUL bytes; everything else is said beside the field."""

from typing import Any, cast

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from django import forms
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class LoginForm(allauth_forms.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Username or e-mail address")


class SignupForm(allauth_forms.SignupForm):
    """Username, password once; name and e-mail if wanted."""

    name = forms.CharField(
        label=_("Name"),
        help_text=_("As your class knows you."),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ["username", "name", "email", "password1"]

    @transaction.atomic
    def save(self, request: HttpRequest) -> Any:
        return super().save(request)


class NameForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ("name",)
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}


class DeleteForm(forms.Form):
    """Asks for the password once more; who signs in through a school types the username instead."""

    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    username = forms.CharField(label=_("Your username"), widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        if user.is_guest:
            self.fields.clear()
        else:
            del self.fields["username" if user.has_usable_password() else "password"]

    def clean_password(self) -> str:
        password = cast(str, self.cleaned_data["password"])
        adapter = get_adapter()
        if not adapter.reauthenticate(self.user, password):  # throttled like a sign-in
            raise adapter.validation_error("incorrect_password")
        return password

    def clean_username(self) -> str:
        username = cast(str, self.cleaned_data["username"])
        if User.normalize_username(username).lower() != self.user.username.lower():
            raise forms.ValidationError(_("This is not your username."))
        return username
