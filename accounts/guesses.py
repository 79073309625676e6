"""How often a code may be guessed. Wrong tries are counted in the cache for ten minutes, by address and by account;
the library that limits everything else here does not count GETs, and a code stands in an address."""

import ipaddress
from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

WINDOW = 10 * 60  # seconds


@dataclass(frozen=True)
class Guesses:
    """Tries at one sort of code: how many wrong ones an address has, and an account if that is counted."""

    name: str
    per_address: int = 200  # a whole class sits behind one
    per_user: int | None = None

    def is_refused(self, request: HttpRequest) -> bool:
        """Whether this user or this address has guessed wrong too often; then a right code may be refused as well."""
        keys = self._keys(request)
        wrong = cache.get_many(keys)
        return any(wrong.get(key, 0) >= most for key, most in keys.items())

    def count(self, request: HttpRequest) -> None:
        """Count a wrong try."""
        for key in self._keys(request):
            cache.add(key, 0, WINDOW)
            try:
                cache.incr(key)
            except ValueError:  # it ran out between the two
                cache.set(key, 1, WINDOW)

    def _keys(self, request: HttpRequest) -> dict[str, int]:
        keys = {f"{self.name}:address:{address(request)}": self.per_address}
        if self.per_user and request.user.is_authenticated:
            keys[f"{self.name}:user:{request.user.pk}"] = self.per_user
        return keys


def address(request: HttpRequest) -> str:
    """Where a request comes from; of IPv6 the network, since one house has as many addresses as it likes."""
    try:
        found = get_adapter().get_client_ip(request)
        ip = ipaddress.ip_address(found)
    except PermissionDenied:  # a server on a socket: nobody has an address
        return "unknown"
    except ValueError:
        return str(found)
    return str(ipaddress.ip_network((ip, 64), strict=False)) if ip.version == 6 else str(ip)
