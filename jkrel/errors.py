"""Error pages that say what to do next. Django finds 400, 404 and 500 by template name; this is the rest."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: most often a page left open over a sign-in; nothing was saved, and the page says so."""
    return render(request, "403_csrf.html", status=403)
