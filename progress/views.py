"""The map, a unit, and my progress: lessons with what I made of them."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lessons.models import Source
from lessons.pictures import of_unit
from lessons.reading import shelf
from progress.history import History
from progress.issuing import is_mastered
from progress.mastery import MASTERED, State
from progress.models import Certificate
from progress.review import Study
from progress.skills import matrix
from progress.summary import marked, next_of, next_step, reviewing, units
from quizzes.calibration import picture


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The map of units: with my next step, or for a visitor what this is."""
    now, history, kept = timezone.now(), History.of(request.user), shelf()
    lines = units(request.user, kept.language, now=now, history=history, on=kept)
    step = next_step(lines)
    context = {"lines": marked(lines, step), "step": step, "coming": sum(len(line.waiting) for line in lines)}
    if request.user.is_authenticated:
        study = Study.of(request.user, kept, history, now)
        context |= {"begun": [line for line in lines if line.begun], "review": reviewing(study)}
        return render(request, "progress/home.html", context)
    return render(request, "progress/welcome.html", context | {"sources": Source.objects.all()})


@login_not_required
@require_safe
def unit(request: HttpRequest, slug: str) -> HttpResponse:
    """One unit: its lessons, and those still to come."""
    kept = shelf()
    lines = units(request.user, kept.language, now=timezone.now(), slug=slug, on=kept)
    if not lines:
        raise Http404
    [line] = lines
    drawn = of_unit(line.unit, kept)
    context = {"line": line, "step": next_step(lines), "drawn": drawn, "card": drawn.cover}
    if request.user.is_authenticated and is_mastered(line):
        context |= {
            "mastered": True,
            "certificate": Certificate.objects.valid().filter(holder=request.user, unit=line.unit).first(),
        }
    return render(request, "progress/unit.html", context)


@require_safe
def progress(request: HttpRequest) -> HttpResponse:
    """By unit and skill what I know; per lesson read, best score, state; the rules; and one next step."""
    now, history, kept = timezone.now(), History.of(request.user), shelf()
    lines = units(request.user, kept.language, now=now, history=history, on=kept)
    study = Study.of(request.user, kept, history, now)
    known = matrix(study, [line.unit.pk for line in lines])
    sure = [(answer.certainty, answer.credit) for answer in study.answers if answer.certainty]
    context = {
        "lines": lines,
        "step": next_of(next_step(lines), study),
        "fresh": [line for line in lines if line.lessons and not line.begun],
        "known": known,
        "rows": list(zip(lines, known.lines, strict=True)),
        "study": study,
        "picture": picture(sure) if sure else None,
        "can": [line for unit in lines for line in unit.lessons if line.state == State.MASTERED and line.aim],
        "threshold": MASTERED,
    }
    return render(request, "progress/progress.html", context)
