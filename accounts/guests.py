"""Guests: people who took a quiz before they had an account; User rows that only their session can reach."""

from allauth.core import ratelimit
from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib.auth import login
from django.http import HttpRequest

from accounts.models import User

BACKEND = "django.contrib.auth.backends.ModelBackend"
WAITING = "guest_before_sign_in"  # session: the guest's pk and where to go after the question


def ensure_user(request: HttpRequest) -> User:
    """Return who is signed in; make a guest of a visitor and sign the guest in.

    Only ever by POST, so that no crawler makes guests. Throttled per address, generously: a whole class may
    start at once from behind one. A throttled request is answered with 429.
    """
    if request.user.is_authenticated:
        return request.user
    if request.method != "POST":
        raise RuntimeError("A guest is made by POST only.")
    if not ratelimit.consume(request, action="guest"):
        raise ImmediateHttpResponse(ratelimit.respond_429(request))
    secret = request.META.get("CSRF_COOKIE")
    guest = User.objects.make_guest()
    login(request, guest, backend=BACKEND)
    if secret:
        # The page that this came from may hold more questions, each with a token of this secret. A guest's
        # session is worth nothing to anybody who planted the secret; signing in for real does change it.
        request.META["CSRF_COOKIE"] = secret
    return guest


def keep_waiting(request: HttpRequest, guest: User) -> None:
    """Remember, in the session of the account just signed in to, which guest this browser was before."""
    request.session[WAITING] = {"pk": guest.pk, "next": ""}


def waiting_guest(request: HttpRequest) -> User | None:
    """The guest that this very session was before its user signed in. Nobody else's can be named here."""
    waiting = request.session.get(WAITING)
    return User.objects.filter(pk=waiting["pk"], is_guest=True).first() if waiting else None


def let_go(request: HttpRequest) -> str:
    """Forget the waiting guest; return the address the sign-in was meant to lead to, or nothing."""
    return str(request.session.pop(WAITING, {}).get("next", ""))
