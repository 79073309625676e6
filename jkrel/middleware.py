"""Two small promises that hold for every page: input that can be read, and private pages that stay private."""

from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

View = Callable[[HttpRequest], HttpResponse]


def readable_input(get_response: View) -> View:
    """Refuse a NUL byte in an address with 400: PostgreSQL cannot store it, SQLite would."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if "\0" in request.path or b"\0" in unquote_to_bytes(request.META.get("QUERY_STRING", "")):
            raise BadRequest("NUL byte in the address")
        return get_response(request)

    return middleware


def private_pages(get_response: View) -> View:
    """Keep pages out of every cache, unless the view said otherwise; a page and its fragment never mix."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        patch_vary_headers(response, ["Cookie", "HX-Request"])
        response.headers.setdefault("Cache-Control", "no-store, private")
        return response

    return middleware
