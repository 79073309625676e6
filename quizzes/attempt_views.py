"""The pages of one's own attempt. Each view: find what is the reader's own, act, render."""

import re
import uuid
from datetime import datetime, timedelta
from typing import Any, cast

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from jkrel.htmx import go, page, wants_fragment
from lessons import reading
from lessons.models import Status
from quizzes.asking import answer_form, ask_slot, assessment, onward, resume_url, seconds, states
from quizzes.certainty import CertaintyForm, sums
from quizzes.grading import band
from quizzes.models import (
    AGAIN,
    Attempt,
    AttemptQuerySet,
    Closed,
    Question,
    QuestionVersion,
    Quiz,
    Response,
    Slot,
    Terms,
)
from quizzes.questions import AnswerForm
from quizzes.reports import replies

QUESTION = ("quizzes/question.html", "quizzes/_question.html")
OLDEST = timedelta(days=30)  # of an answer that waited in a browser
WHOLE, SECONDS = r"[0-9]{1,9}", r"[0-9]{1,9}(\.[0-9]{1,3})?"


def mine(request: HttpRequest) -> AttemptQuerySet:
    """The attempts of whoever asks; a visitor has none. Somebody else's do not exist here."""
    return Attempt.objects.filter(user=request.user.pk)


def who(request: HttpRequest) -> str:
    """A name for the user that a page may hold: the script sends no one's answers as another's."""
    return salted_hmac("keep", str(request.user.pk)).hexdigest()[:16]


def posted_key(request: HttpRequest) -> str:
    """The idempotency key of the form; a damaged one is replaced, so that the answer is not lost."""
    key = request.POST.get("key", "")
    return key if re.fullmatch(r"[0-9a-f]{32}", key) else uuid.uuid4().hex


def slot_of(attempt: Attempt, n: int) -> Slot:
    slot = next((slot for slot in attempt.asks if slot.number == n), None)
    if slot is None:
        raise Http404
    return slot


def forms_of(
    request: HttpRequest, attempt: Attempt, slot: Slot, shelf: reading.Shelf
) -> tuple[AnswerForm, CertaintyForm | None, Response | None]:
    """What was posted to a question: the answer, how sure it is if the attempt asks that, and the response that
    the page showed. Whether something was changed is told by that one: another tab may have sent a newer one."""
    now = timezone.now()
    if attempt.at_once and not slot.version.question.by_person:  # neither what stood there nor a judgement matters
        form = answer_form(slot.version, seed=attempt.seed, number=slot.number, shelf=shelf, data=request.POST)
        return form, CertaintyForm(request.POST, required=True) if attempt.certainty else None, None
    response = dict(attempt.sheet)[slot]
    if re.fullmatch(WHOLE, base := request.POST.get("base", "")):
        response = next((r for r in attempt.given.get(slot.pk, []) if r.answered.sequence == int(base)), None)
    form = assessment(attempt, slot, response, now, request.POST) or answer_form(
        slot.version,
        seed=attempt.seed,
        number=slot.number,
        shelf=shelf,
        data=request.POST,
        answer=response.answer if response else None,
    )
    if not attempt.asks_certainty(slot):
        return form, None, response
    level = response.certainty if response else None
    return form, CertaintyForm(request.POST, required=attempt.at_once, level=level), response


def accept(attempt: Attempt, slot: Slot, answer: object, key: str, **about: Any) -> Response | None:
    """Record an answer and return the response; None for one to a settled question, which changes nothing.
    Practice is over with its last answer."""
    response = None
    try:
        response = attempt.record(slot, answer, key=key, now=timezone.now(), **about)
    except Closed:
        attempt.refresh_from_db()
        for known in ("received", "given"):
            attempt.__dict__.pop(known, None)
    if attempt.at_once and all(attempt.answered(each) for each in attempt.asks):
        attempt.finish(timezone.now())
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, pk: int, n: int) -> HttpResponse:
    """One question of my attempt: the form; after a POST the feedback, or the form with its errors (200).

    In a test the button pressed may say where to go (`to`, a number or "end") or set the flag ("1", or "0" to take
    it off); an answer that was not touched is then left as it was.
    """
    attempt = get_object_or_404(mine(request).told(), pk=pk)
    slot = slot_of(attempt, n)
    shelf, now = reading.shelf(attempt.language), timezone.now()
    attempt.quiz = shelf.keep(
        ("quiz", attempt.quiz_id), lambda: Quiz.objects.select_related("lesson").get(pk=attempt.quiz_id)
    )
    form, sure = None, None
    if request.method == "POST":
        form, sure, shown = forms_of(request, attempt, slot, shelf)
        if attempt.own and attempt.finished_at and form.is_valid() and "met" in form.answer:
            attempt.mark(slot, form.answer, comment="", by=cast(User, request.user), now=now)
            return go(request, slot)
        aside = not attempt.at_once and ({"to", "flag"} & request.POST.keys())
        untouched = untouched_by(form, sure, shown) and (aside or stands(attempt, slot, shown))
        if untouched or (form.is_valid() and (sure is None or sure.is_valid())):
            if not untouched:
                told(request, attempt, keep(request, attempt, slot, form, sure, now))
            if aside and "flag" in request.POST and attempt.is_open(now):
                Slot.objects.filter(pk=slot.pk).update(flagged=request.POST["flag"] == "1")
                return go(request, slot)
            if not attempt.at_once:
                return go(request, chosen_way(request, attempt, n))
            if not wants_fragment(request):
                return redirect(slot)
            form = sure = None
    asked = ask_slot(attempt, n, now=now, shelf=shelf, form=form, certainty=sure)
    context = {"attempt": attempt, "asked": asked, "states": states(attempt, n), "who": who(request)}
    if attempt.reported:
        context["replies"] = replies(request.user, [slot.version.question_id])
    return page(request, *QUESTION, context)


def untouched_by(form: AnswerForm, sure: CertaintyForm | None, shown: Response | None) -> bool:
    """Whether the form came back as the page showed it. How sure one is of no answer is nothing to keep."""
    return not form.has_changed() and (shown is None or sure is None or not sure.has_changed())


def stands(attempt: Attempt, slot: Slot, response: Response | None) -> bool:
    """Whether this is the answer that counts in a test: sent once more, it would only stand there twice."""
    return not attempt.at_once and response is not None and attempt.given[slot.pk][-1] == response


def keep(
    request: HttpRequest, attempt: Attempt, slot: Slot, form: AnswerForm, sure: CertaintyForm | None, now: datetime
) -> Response | None:
    """Record what valid forms hold, with what the page says of it. Numbers that cannot be read are left out."""
    base, age = request.POST.get("base", ""), request.POST.get("age", "")
    return accept(
        attempt,
        slot,
        form.answer,
        posted_key(request),
        certainty=sure.cleaned_data["certainty"] if sure else None,
        took=seconds(attempt, slot.number, request.POST.get("since", ""), now),
        base=int(base) if re.fullmatch(WHOLE, base) else None,
        made=now - min(timedelta(seconds=float(age)), OLDEST) if re.fullmatch(SECONDS, age) else None,
    )


def told(request: HttpRequest, attempt: Attempt, response: Response | None) -> None:
    """Say so when an answer came and does not count."""
    if response is None:
        if not attempt.at_once:
            messages.error(request, _("This attempt holds too many answers: the last one was not kept."))
    elif response.aside == Response.Aside.SUPERSEDED:
        messages.warning(request, _("A newer answer from another tab stands. This one is kept; it does not count."))
    elif response.aside:
        messages.warning(request, _("Your answer came after the end. It is kept and marked late; it does not count."))


def chosen_way(request: HttpRequest, attempt: Attempt, n: int) -> str:
    """Where a test goes on: where the pressed button says, else to the next question."""
    to = request.POST.get("to", "")
    for slot in attempt.asks:
        if to == str(slot.number):
            return slot.get_absolute_url()
    return onward(attempt, len(attempt.asks) if to == "end" else n)


@login_not_required  # a script asks: it is told in a word, not sent to a page
@require_POST
def save(request: HttpRequest, pk: int, n: int) -> JsonResponse:
    """Keep an answer of a test as it stands now.

    200 {saved, sequence, aside, told, newer}: it is in the database, set aside if `aside` says why; `newer` is when
    the answer came that stands instead of this one. 422 {error}: it cannot be read; 401: nobody, or somebody else, is
    signed in; 404; 409: the question takes no answer any more.
    """
    if not request.user.is_authenticated or request.POST.get("who") != who(request):
        return JsonResponse({}, status=401)
    attempt = get_object_or_404(mine(request), pk=pk)
    slot = slot_of(attempt, n)
    if attempt.at_once:
        return JsonResponse({}, status=409)
    form, sure, _shown = forms_of(request, attempt, slot, reading.shelf(attempt.language))
    if not form.is_valid() or (sure and not sure.is_valid()):
        error = form.error or next(iter(sure.errors["certainty"] if sure else []), "")
        return JsonResponse({"error": str(error)}, status=422)
    response = keep(request, attempt, slot, form, sure, timezone.now())
    if response is None:
        return JsonResponse({}, status=409)
    superseded = response.aside == Response.Aside.SUPERSEDED
    return JsonResponse(
        {
            "saved": response.received_at.isoformat(),
            "sequence": response.sequence,
            "aside": response.aside,
            "told": response.get_aside_display() if response.aside else "",
            "newer": attempt.given[slot.pk][-1].answered.received_at.isoformat() if superseded else "",
        }
    )


@login_not_required
@require_safe
def standing(request: HttpRequest, pk: int) -> JsonResponse:
    """How my attempt stands, for a script that was cut off: who is signed in, a fresh token, what is saved, and
    when the attempt ends (seconds since 1970, or null) by the server's clock (`now`)."""
    if not request.user.is_authenticated:
        return JsonResponse({}, status=401)
    attempt, now = get_object_or_404(mine(request), pk=pk), timezone.now()
    return JsonResponse(
        {
            "who": who(request),
            "token": get_token(request),
            "open": attempt.is_open(now),
            "ends": attempt.deadline.timestamp() if attempt.deadline else None,
            "now": now.timestamp(),
            "saved": {slot.number: response.answered.sequence for slot, response in attempt.sheet if response},
        }
    )


@require_safe
def back(request: HttpRequest) -> HttpResponse:
    """Where signing in leads to from a question that was left open: back to the other tab."""
    return render(request, "quizzes/back.html")


@require_http_methods(["GET", "HEAD", "POST"])
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Before handing in: what is still unanswered or flagged. POST hands in, once."""
    attempt = get_object_or_404(mine(request).select_related("quiz__lesson"), pk=pk)
    now = timezone.now()
    if request.method == "POST":
        attempt.finish(now)
    if attempt.finished_at or not attempt.is_open(now):
        return go(request, attempt)
    sheet = [(slot, attempt.answered(slot)) for slot in attempt.asks]
    context = {"attempt": attempt, "states": states(attempt), "sheet": sheet, "who": who(request)}
    return render(request, "quizzes/finish.html", context)


@require_safe
def result(request: HttpRequest, pk: int) -> HttpResponse:
    """My attempt: score, and each question with my answer, the right one and the passage, once released."""
    attempt = get_object_or_404(mine(request).told().select_related("quiz__lesson__unit"), pk=pk)
    now = timezone.now()
    if attempt.is_open(now):
        return redirect(resume_url(attempt))
    shelf = reading.shelf(attempt.language)
    released = attempt.is_released(now)
    asked = [r for slot, r in attempt.sheet if r and attempt.asks_certainty(slot)]
    given = [(r.credit, r.certainty) for r in asked if r.credit is not None]
    questions = [slot.version.question_id for slot in attempt.asks]
    return render(
        request,
        "quizzes/result.html",
        {
            "attempt": attempt,
            "who": who(request),
            "released": released,
            "band": band(attempt.quiz.bands, attempt.score.percent),
            "sums": sums(given) if attempt.certainty and released else (),
            "again": len(not_right(attempt)) if released else 0,
            "late": sum(bool(response.aside) for response in attempt.received),
            "items": [ask_slot(attempt, slot.number, now=now, shelf=shelf) for slot in attempt.asks],
            "replies": replies(request.user, questions) if attempt.reported else {},
        },
    )


def not_right(attempt: Attempt) -> list[int]:
    """The keys of the questions that were not fully right and may be practised, in order."""
    return [
        slot.version.question_id
        for slot, response in attempt.sheet
        if not slot.version.question.reserved and (response is None or (response.earned or 0) < 1)
    ]


@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask anew only what was not right, as it is asked now."""
    if refused := ratelimit.consume_or_429(request, action="start"):
        return refused
    attempt = get_object_or_404(mine(request).select_related("quiz"), pk=pk)
    now = timezone.now()
    if not attempt.is_released(now):
        raise Http404
    wrong = not_right(attempt)
    versions = QuestionVersion.objects.filter(
        question__in=wrong, question__reserved=False, language=attempt.language, status=Status.PUBLISHED
    )
    asks = sorted(versions, key=lambda version: wrong.index(version.question_id))
    try:
        terms = Terms(context=f"{AGAIN}{attempt.pk}")
        fresh, _new = Attempt.objects.start(
            attempt.user, attempt.quiz, terms, now=now, language=attempt.language, asks=asks
        )
    except Question.DoesNotExist:
        raise Http404 from None
    return go(request, resume_url(fresh))
