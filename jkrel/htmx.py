"""All the htmx plumbing: a page or its fragment, and redirects that htmx follows."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails


def wants_fragment(request: HttpRequest) -> bool:
    """True for an htmx request; a history restore and a boosted link want the whole page."""
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.history_restore_request and not htmx.boosted


def page(
    request: HttpRequest, template: str, fragment: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Render `fragment` for htmx, `template` (which includes it) for everybody else."""
    return render(request, fragment if wants_fragment(request) else template, context, status=status)


def go(request: HttpRequest, to: Any, **kwargs: Any) -> HttpResponse:
    """Redirect: 302 for a plain form, HX-Redirect for htmx. Takes what `redirect` takes."""
    response = redirect(to, **kwargs)
    return HttpResponseClientRedirect(response.url) if wants_fragment(request) else response
