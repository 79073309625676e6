"""What allauth asks the site: how people sign up and in, and what becomes of the guest they were."""

from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import get_login_redirect_url
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib.auth import HASH_SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.forms import SignupForm
from accounts.guests import WAITING, keep_waiting
from accounts.models import User

LONGEST_LOGIN = 320  # characters of the longest e-mail address


def guest_of(request: HttpRequest) -> User | None:
    """The guest whose session this is, on a page of allauth (see accounts/middleware.py)."""
    return getattr(request, "guest", None)


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_is_email": _("Choose a username without @: your class and your teacher will see it."),
    }

    def clean_username(self, username: str, shallow: bool = False) -> str:
        if "@" in username:
            raise self.validation_error("username_is_email")
        return cast(str, super().clean_username(User.normalize_username(username), shallow))

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        said = {name: credentials.get(name) or "" for name in ("username", "email")}
        if max(map(len, said.values())) > LONGEST_LOGIN:  # nobody's; SQLite would not even search for it
            return None
        if said["username"]:  # full-width letters from a Japanese keyboard are letters
            credentials["username"] = User.normalize_username(said["username"])
        return super().authenticate(request, **credentials)

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        """Signing up names the guest: the row stays, and with it every attempt."""
        if isinstance(form, SignupForm):
            words = {"username": form.cleaned_data["username"], "name": form.cleaned_data["name"]}
            if guest := guest_of(request):
                user = User.objects.select_for_update().get(pk=guest.pk, is_guest=True)
            user.name_guest(**words)
        return super().save_user(request, user, form, commit)

    def login(self, request: HttpRequest, user: Any) -> None:
        """Sign in. Django empties a session that was somebody else's; the guest's pk is carried over it."""
        guest = guest_of(request)
        if guest and guest.pk == user.pk:  # just named: the same person, now with a password
            request.session.cycle_key()
            request.session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        super().login(request, user)
        if guest and guest.pk != user.pk:
            keep_waiting(request, guest)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Ask what becomes of the guest's work before going on."""
        if waiting := request.session.get(WAITING):
            onward = get_login_redirect_url(request, kwargs["redirect_url"], signup=kwargs["signup"])
            request.session[WAITING] = waiting | {"next": onward}
            kwargs["redirect_url"] = reverse("guest-merge")
        return super().post_login(request, user, **kwargs)


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Any:
        user = super().populate_user(request, sociallogin, data)
        parts = [data.get("name") or f"{data.get('first_name') or ''} {data.get('last_name') or ''}"]
        user.name = parts[0].strip()[: User._meta.get_field("name").max_length]
        return user
