"""Reporting a problem where it is met: beside a question of an attempt, and in the text of a lesson."""

from typing import Any

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jkrel.htmx import page, wants_fragment
from lessons import reading
from quizzes.asking import Asked, ask, ask_slot
from quizzes.attempt_views import mine, slot_of
from quizzes.checkpoints import standing
from quizzes.forms import ReportForm
from quizzes.models import Purpose, QuestionVersion, Quiz, Report, Response

PAGES = ("quizzes/report.html", "quizzes/_report.html")


@require_http_methods(["GET", "HEAD", "POST"])
def about_attempt(request: HttpRequest, pk: int, n: int) -> HttpResponse:
    """The form alone; POST reports a problem with question `n` of my attempt."""
    attempt = get_object_or_404(mine(request), pk=pk)
    slot, now = slot_of(attempt, n), timezone.now()
    asked = ask_slot(attempt, n, now=now, shelf=reading.shelf(attempt.language))
    back = slot.get_absolute_url() if attempt.is_open(now) else f"{attempt.get_absolute_url()}#q{n}"
    return report(request, asked, asked.response, back)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def about_place(request: HttpRequest, slug: str, n: int) -> HttpResponse:
    """The same for question `n` in the text of a lesson; a visitor may report too."""
    quiz = get_object_or_404(Quiz.objects.select_related("lesson"), slug=slug, purpose=Purpose.CHECKPOINT)
    place = get_object_or_404(quiz.places.select_related("question"), position=n, question__reserved=False)
    if quiz.lesson is None:
        raise Http404
    shelf, attempt = reading.shelf(), standing(request.user, quiz)
    slot = attempt.slot_of(place.question) if attempt else None
    response = dict(attempt.sheet)[slot] if attempt and slot else None
    asked = ask(
        slot.version if slot else get_object_or_404(place.question.published(shelf.language)),
        response,
        number=n,
        total=0,
        seed=quiz.pk,
        url=request.path.removesuffix("report/"),
        shelf=shelf,
        settled=True,
        shown=response is not None,
    )
    return report(request, asked, response, f"{quiz.lesson.get_absolute_url()}#{place.question.slug}")


def report(request: HttpRequest, asked: Asked, response: Response | None, back: str) -> HttpResponse:
    """Keep what was reported and go back; what cannot be kept is shown again with the reason, as it was typed."""
    form = ReportForm(request.POST if request.method == "POST" else None, n=asked.number)
    sent = False
    if form.is_valid():
        user = request.user if request.user.is_authenticated else None
        about: dict[str, Any] = {
            "response": response,
            "answer": said(asked.version, response),
            "passages": ", ".join(passage.label.replace(" ¶", "-") for passage in asked.passages)[:200],
        }
        if (user is None or user.is_guest) and not ratelimit.consume(request, action="report"):  # a guest is soon made
            form.add_error("text", _("Many reports came from your network just now. Please try again in an hour."))
        elif Report.send(user, asked.version, form.cleaned_data["text"], now=timezone.now(), **about) is None:
            form.add_error("text", _("You have reported much today, thank you. Please send the rest tomorrow."))
        elif wants_fragment(request):
            sent = True
        else:
            messages.success(request, _("Thank you. An editor will look at it."))
            return redirect(back)
    return page(request, *PAGES, {"asked": asked, "report": form, "sent": sent, "back": back})


def said(version: QuestionVersion, response: Response | None) -> str:
    """The answer in words, as it was given to this version."""
    if response is None:
        return ""
    rules, refs = version.question.rules, reading.shelf(version.language).refs
    return rules.describe(version.content, version.texts, response.answer, language=version.language, refs=refs)
