"""How often a join code may be guessed: wrong tries are counted in the cache for ten minutes."""

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

WINDOW = 10 * 60  # seconds
PER_USER = 20
PER_ADDRESS = 200  # a whole class sits behind one


def is_refused(request: HttpRequest) -> bool:
    """Whether this user or this address has guessed wrong too often; then a right code is refused as well."""
    keys = _keys(request)
    wrong = cache.get_many(keys)
    return any(wrong.get(key, 0) >= most for key, most in keys.items())


def count(request: HttpRequest) -> None:
    """Count a wrong try."""
    for key in _keys(request):
        cache.add(key, 0, WINDOW)
        try:
            cache.incr(key)
        except ValueError:  # it ran out between the two
            cache.set(key, 1, WINDOW)


def _keys(request: HttpRequest) -> dict[str, int]:
    try:
        address = get_adapter().get_client_ip(request)
    except PermissionDenied:  # a server on a socket: nobody has an address
        address = "unknown"
    keys = {f"join:address:{address}": PER_ADDRESS}
    if request.user.is_authenticated:
        keys[f"join:user:{request.user.pk}"] = PER_USER
    return keys
