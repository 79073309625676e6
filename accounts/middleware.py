"""To the pages of allauth a guest is a visitor, who signs up, signs in, and has no password to change."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse

ENTRANCE = ("account_", "mfa_", "socialaccount_", "openid_connect_")  # how allauth names its URLs
AS_GUEST = {"account_logout"}


class GuestsAreVisitors:
    """Show a guest to allauth's pages as nobody, and keep the guest as `request.guest`.

    Stands before LoginRequiredMiddleware, so that what needs an account asks the guest to sign in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        name = (request.resolver_match and request.resolver_match.url_name) or ""
        if name.startswith(ENTRANCE) and name not in AS_GUEST and getattr(request.user, "is_guest", False):
            request.guest = request.user  # type: ignore[attr-defined]
            request.user = AnonymousUser()
