"""Spaced review: what is due, beginning it, and how I want to do it."""

from typing import cast

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from jkrel.htmx import go
from lessons.models import ORIGINAL
from lessons.reading import shelf
from progress.forms import StudyPlanForm
from progress.history import History
from progress.models import StudyPlan
from progress.review import LISTED, Study
from progress.summary import next_step, units
from quizzes.asking import resume_url
from quizzes.models import REVIEW, Attempt, Purpose, Question, QuestionVersion, Quiz, Terms


@login_not_required
@require_safe
def review(request: HttpRequest) -> HttpResponse:
    """What is due today, about how long it takes, what I did last, and the rules; for a visitor what this is."""
    now, history, kept = timezone.now(), History.of(request.user), shelf()
    study = Study.of(request.user, kept, history, now)
    strengthened = study.strengthened()
    context = {
        "study": study,
        "minutes": study.minutes(study.today or study.plan.daily_goal),
        "strengthened": strengthened[:LISTED],
        "more": len(strengthened[LISTED:]),
        "step": next_step(units(request.user, kept.language, now=now, history=history, on=kept)),
    }
    return render(request, "progress/review.html", context)


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Begin a review of what is due, or go on with the one under way; with nothing due, back to the page."""
    if refused := ratelimit.consume_or_429(request, action="start"):
        return refused
    kept, now = shelf(), timezone.now()
    study = Study.of(request.user, kept, History.of(request.user), now)
    asks = [] if study.running else QuestionVersion.kept(study.asks())
    if not asks and not study.running:
        return go(request, "review")
    terms = Terms(certainty=study.plan.certainty, context=REVIEW)
    user = cast(User, request.user)
    try:
        attempt, _new = Attempt.objects.start(user, review_quiz(), terms, now=now, language=kept.language, asks=asks)
    except Question.DoesNotExist:  # the one under way was handed in by another tab a moment ago
        return go(request, "review")
    return go(request, resume_url(attempt))


def review_quiz() -> Quiz:
    """The one row under which all reviews stand; made by the first of them."""
    title = {"texts": {ORIGINAL: {"title": "Review"}}}
    return Quiz.objects.get_or_create(slug=REVIEW, defaults={"purpose": Purpose.REVIEW, **title})[0]


@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest) -> HttpResponse:
    """How much a day, for which exam, and whether I say how sure I am."""
    data = request.POST if request.method == "POST" else None
    form = StudyPlanForm(data, instance=StudyPlan.of(request.user), today=timezone.localdate())
    if form.is_valid():
        user = cast(User, request.user)
        StudyPlan.objects.update_or_create(user=user, defaults=form.cleaned_data)  # two tabs may save at once
        messages.success(request, _("Your review plan is saved."))
        return redirect("review")
    return render(request, "progress/review_plan.html", {"form": form})
