"""After signing in: what becomes of the quizzes taken as a guest in this browser."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db import IntegrityError, transaction
from django.db.models import Count, F, Max, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.guests import let_go, waiting_guest
from accounts.models import User
from lessons.models import ORIGINAL, LessonVersion, Status
from progress.models import StudyPlan
from quizzes.models import Attempt, Purpose, Report


@dataclass(frozen=True)
class Line:
    """One attempt of the guest, as the page lists it."""

    title: str
    in_text: bool  # the questions in a lesson's text, not a quiz of their own
    answered: int
    asked: int
    last_at: datetime


def work_of(guest: User) -> QuerySet[Any]:
    """The guest's attempts in which something was answered, with `done`, `asked` and `last_at`."""
    return (
        Attempt.objects.filter(user=guest)
        .annotate(
            done=Count("responses__slot", filter=Q(responses__aside=""), distinct=True),
            asked=Count("slots", distinct=True),
            last_at=Max("responses__received_at"),
        )
        .filter(done__gt=0)
        .order_by(F("last_at").desc())
    )


def lines(work: QuerySet[Any]) -> list[Line]:
    """What would move, the latest first; two queries."""
    attempts = list(work.select_related("quiz"))
    titles = dict(
        LessonVersion.objects.filter(
            lesson__in={a.quiz.lesson_id for a in attempts},
            status=Status.PUBLISHED,
            language__in={get_language() or ORIGINAL, ORIGINAL},
        ).values_list("lesson_id", "title")
    )
    return [
        Line(
            a.quiz.title or titles.get(a.quiz.lesson_id) or a.quiz.slug,
            a.quiz.purpose == Purpose.CHECKPOINT,
            a.done,
            a.asked,
            a.last_at,
        )
        for a in attempts
    ]


@transaction.atomic
def move_work(guest: User, user: User) -> int:
    """Give the guest's attempts to `user` and delete the guest; return how many moved.

    Where the account has the same quiz open, the guest's attempt is finished first, as of its last answer.
    Doing it twice moves nothing twice.
    """
    if not User.objects.select_for_update().filter(pk=guest.pk, is_guest=True).exists():
        return 0
    moved = list(work_of(guest))
    for attempt in moved:
        mine = Attempt.objects.filter(pk=attempt.pk)
        try:
            with transaction.atomic():
                mine.update(user=user)
        except IntegrityError:  # one_open_attempt: asking beforehand would leave a gap for another tab
            attempt.finish(attempt.last_at)
            mine.update(user=user)
    if not StudyPlan.objects.filter(user=user).exists():
        StudyPlan.objects.filter(user=guest).update(user=user)
    Report.objects.filter(user=guest).update(user=user)
    guest.delete()
    return len(moved)


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest) -> HttpResponse:
    """Show what would move to the account; POST moves it or leaves it. Nothing to move: go straight on."""
    user = User.objects.get(pk=cast(User, request.user).pk)
    guest = waiting_guest(request)
    if guest is None or user.is_guest:
        return redirect(onward(request))
    work = lines(work_of(guest))
    if not work:  # a visit deletes nothing: `forget_guests` sweeps the empty guest away
        return redirect(onward(request))
    if request.method == "POST":
        answer = request.POST.get("answer")
        if answer == "move":
            count = move_work(guest, user)
            told = ngettext("%d quiz is now in your account.", "%d quizzes are now in your account.", count)
            messages.success(request, told % count)
        elif answer == "leave":
            messages.info(request, _("They were left out of your account."))
        else:
            raise BadRequest("answer is neither move nor leave")
        return redirect(onward(request))
    return render(request, "progress/guest.html", {"work": work})


def onward(request: HttpRequest) -> str:
    """Where the sign-in was meant to lead; the question is not asked again."""
    return let_go(request) or str(get_adapter(request).get_login_redirect_url(request))
