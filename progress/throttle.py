"""How often a certificate's code may be guessed from one address. The code itself is what keeps it safe."""

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

WINDOW = 10 * 60  # seconds
MOST = 200  # a whole school sits behind one address


def too_many_wrong(request: HttpRequest) -> bool:
    """Count a wrong code; whether that address has sent too many in the last ten minutes."""
    try:
        address = get_adapter().get_client_ip(request)
    except PermissionDenied:  # a server on a socket: nobody has an address
        address = "unknown"
    key = f"certificate:{address}"
    cache.add(key, 0, WINDOW)
    try:
        return bool(cache.incr(key) > MOST)
    except ValueError:  # it ran out between the two
        return False
