"""The map, a unit, and my progress: lessons with what I made of them."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from lessons.models import ORIGINAL, Source
from progress.mastery import MASTERED
from progress.summary import marked, next_step, units


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The map of units: with my next step, or for a visitor what this is."""
    lines = units(request.user, get_language() or ORIGINAL, now=timezone.now())
    step = next_step(lines)
    context = {"lines": marked(lines, step), "step": step, "written": sum(len(line.lessons) for line in lines)}
    if request.user.is_authenticated:
        return render(request, "progress/home.html", context | {"begun": [line for line in lines if line.begun]})
    return render(request, "progress/welcome.html", context | {"sources": Source.objects.all()})


@login_not_required
@require_safe
def unit(request: HttpRequest, slug: str) -> HttpResponse:
    """One unit: its lessons, and those still to come."""
    lines = units(request.user, get_language() or ORIGINAL, now=timezone.now(), slug=slug)
    if not lines:
        raise Http404
    return render(request, "progress/unit.html", {"line": lines[0], "step": next_step(lines)})


@require_safe
def progress(request: HttpRequest) -> HttpResponse:
    """Per lesson: read, best score, state; the rule; and one next step."""
    lines = units(request.user, get_language() or ORIGINAL, now=timezone.now())
    return render(request, "progress/progress.html", {"lines": lines, "step": next_step(lines), "threshold": MASTERED})
