"""Taking a quiz. Each view: find what is the reader's own, act, render."""

import re
import uuid

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.guests import ensure_user
from jkrel.htmx import go, page, wants_fragment
from lessons import reading
from lessons.search import search
from quizzes.asking import answer_form, ask, ask_slot, onward, resume_url, states
from quizzes.checkpoints import standing
from quizzes.finding import entries
from quizzes.models import Attempt, AttemptQuerySet, Behaviour, Closed, Purpose, Question, Quiz, Slot, Terms

QUESTION = ("quizzes/question.html", "quizzes/_question.html")


def open_quiz(slug: str) -> Quiz:
    """A quiz anybody may practise; those kept for assignments do not exist here."""
    return get_object_or_404(Quiz.objects.exclude(purpose=Purpose.ASSIGNMENT).select_related("lesson__unit"), slug=slug)


def mine(request: HttpRequest) -> AttemptQuerySet:
    """The attempts of whoever asks; a visitor has none. Somebody else's do not exist here."""
    return Attempt.objects.filter(user=request.user.pk)


def posted_key(request: HttpRequest) -> str:
    """The idempotency key of the form; a damaged one is replaced, so that the answer is not lost."""
    key = request.POST.get("key", "")
    return key if re.fullmatch(r"[0-9a-f]{32}", key) else uuid.uuid4().hex


@login_not_required
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Search lessons, terms, documents and questions; what is reserved is not found."""
    query = request.GET.get("q", "").strip()
    hits = search(entries(reading.shelf()), query) if query else []
    return render(request, "quizzes/find.html", {"query": query, "hits": hits})


@login_not_required
@require_safe
def quiz(request: HttpRequest, slug: str) -> HttpResponse:
    """What the quiz asks and its rules, with my open and earlier attempts."""
    found = open_quiz(slug)
    attempts = list(mine(request).practice().filter(quiz=found))
    return render(
        request,
        "quizzes/quiz.html",
        {
            "quiz": found,
            "count": found.places.filter(question__reserved=False).count(),
            "running": next((a for a in attempts if a.finished_at is None), None),
            "earlier": [a for a in attempts if a.finished_at],
        },
    )


@login_not_required
@require_POST
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin or resume practice; a visitor becomes a guest here, never by a GET."""
    found = open_quiz(slug)
    user = ensure_user(request)
    try:
        attempt, _new = Attempt.objects.start(user, found, Terms(), now=timezone.now())
    except Question.DoesNotExist:
        raise Http404 from None
    return go(request, resume_url(attempt))


@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, pk: int, n: int) -> HttpResponse:
    """One question of my attempt: the form; after a POST the feedback, or the form with its errors (200)."""
    attempt = get_object_or_404(mine(request), pk=pk)
    slot = next((slot for slot in attempt.asks if slot.number == n), None)
    if slot is None:
        raise Http404
    shelf, now = reading.shelf(attempt.language), timezone.now()
    attempt.quiz = shelf.keep(
        ("quiz", attempt.quiz_id), lambda: Quiz.objects.select_related("lesson").get(pk=attempt.quiz_id)
    )
    form = None
    if request.method == "POST":
        form = answer_form(slot.version, seed=attempt.seed, number=n, shelf=shelf, data=request.POST)
        if form.is_valid():
            accept(attempt, slot, form.answer, posted_key(request))
            form = None
            if attempt.behaviour == Behaviour.TEST:
                return go(request, onward(attempt, n))
            if not wants_fragment(request):
                return redirect(slot)
    asked = ask_slot(attempt, n, now=now, shelf=shelf, form=form)
    return page(request, *QUESTION, {"attempt": attempt, "asked": asked, "states": states(attempt, n)})


def accept(attempt: Attempt, slot: Slot, answer: object, key: str) -> None:
    """Record an answer; one that comes too late or a second time changes nothing and the page shows what
    stands. Practice is over with its last answer."""
    try:
        attempt.record(slot, answer, key=key, now=timezone.now())
    except Closed:
        attempt.refresh_from_db()
        attempt.__dict__.pop("sheet", None)
    if attempt.behaviour == Behaviour.PRACTICE and all(response for _slot, response in attempt.sheet):
        attempt.finish(timezone.now())


@login_not_required
@require_POST
def in_place(request: HttpRequest, slug: str, n: int) -> HttpResponse:
    """Answer question `n` of a lesson's checkpoint where it stands in the text."""
    found = open_quiz(slug)
    if found.purpose != Purpose.CHECKPOINT or found.lesson is None:
        raise Http404
    shelf, prefix, now = reading.shelf(), f"q{n}", timezone.now()
    place = get_object_or_404(found.places.select_related("question"), position=n, question__reserved=False)
    attempt = standing(request.user, found)
    slot = attempt.slot_of(place.question) if attempt else None
    version = slot.version if slot else get_object_or_404(place.question.published(shelf.language))
    form = answer_form(version, seed=found.pk, number=n, shelf=shelf, data=request.POST, prefix=prefix)
    response = None
    if form.is_valid():
        if attempt and slot is None:  # the question came to the lesson while the older attempt was open
            attempt.finish(now)
        given = [r for s, r in attempt.sheet if s == slot and r] if attempt else []
        if attempt is None or slot is None or (attempt.finished_at and not given):  # what was left open is asked anew
            attempt, _new = Attempt.objects.start(ensure_user(request), found, Terms(), now=now)
            slot = attempt.slot_of(place.question)
            if slot is None:
                raise Http404
        accept(attempt, slot, form.answer, posted_key(request))
        if not wants_fragment(request):
            return redirect(f"{found.lesson.get_absolute_url()}#{place.question.slug}")
        response = next(r for s, r in attempt.sheet if s.pk == slot.pk)
    asked = ask(
        version,
        response,
        number=n,
        total=0,
        seed=found.pk,
        url=request.path,
        shelf=shelf,
        settled=response is not None,
        shown=response is not None,
        prefix=prefix,
        form=form,
    )
    return page(request, "quizzes/in_place.html", "quizzes/_in_place.html", {"asked": asked, "lesson": found.lesson})


@require_http_methods(["GET", "HEAD", "POST"])
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Before handing in: what is still unanswered. POST hands in, once."""
    attempt = get_object_or_404(mine(request).select_related("quiz__lesson"), pk=pk)
    now = timezone.now()
    if request.method == "POST":
        attempt.finish(now)
    if attempt.finished_at or not attempt.is_open(now):
        return go(request, attempt)
    return render(request, "quizzes/finish.html", {"attempt": attempt, "states": states(attempt)})


@require_safe
def result(request: HttpRequest, pk: int) -> HttpResponse:
    """My attempt: score, and each question with my answer, the right one and the passage, once released."""
    attempt = get_object_or_404(mine(request).select_related("quiz__lesson__unit"), pk=pk)
    now = timezone.now()
    if attempt.is_open(now):
        return redirect(resume_url(attempt))
    shelf = reading.shelf(attempt.language)
    return render(
        request,
        "quizzes/result.html",
        {
            "attempt": attempt,
            "released": attempt.is_released(now),
            "items": [ask_slot(attempt, slot.number, now=now, shelf=shelf) for slot, _r in attempt.sheet],
        },
    )
