"""Finding a quiz and beginning it, and the questions that stand in a lesson."""

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.guests import ensure_user
from jkrel.htmx import go, page, wants_fragment
from lessons import reading
from lessons.search import search
from quizzes.asking import answer_form, ask, resume_url
from quizzes.attempt_views import accept, mine, posted_key
from quizzes.checkpoints import standing
from quizzes.finding import entries
from quizzes.models import WAYS, Attempt, Purpose, Question, Quiz, Terms
from quizzes.offers import offers

CLOSED = (Purpose.ASSIGNMENT, Purpose.REVIEW)  # begun elsewhere


def open_quiz(slug: str) -> Quiz:
    """A quiz anybody may practise; those kept for assignments do not exist here."""
    return get_object_or_404(Quiz.objects.exclude(purpose__in=CLOSED).select_related("lesson__unit"), slug=slug)


@login_not_required
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Search lessons, terms, documents and questions; what is reserved is not found."""
    query = request.GET.get("q", "").strip()
    hits = search(entries(reading.shelf()), query) if query else []
    return render(request, "quizzes/find.html", {"query": query, "hits": hits})


@login_not_required
@require_safe
def quizzes(request: HttpRequest) -> HttpResponse:
    """Everything that may be practised."""
    return render(request, "quizzes/quiz_list.html", {"offers": offers(reading.shelf())})


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
            "count": found.length,
            "ways": WAYS,
            "running": next((a for a in attempts if a.finished_at is None), None),
            "earlier": [a for a in attempts if a.finished_at],
        },
    )


@login_not_required
@require_POST
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin in the way that was chosen, or resume; a visitor becomes a guest here, never by a GET.

    `anew` ends an open attempt first: what was answered in it counts.
    """
    found, now = open_quiz(slug), timezone.now()
    terms = WAYS.get(request.POST.get("way", ""), Terms())  # read first: a broken body must not make a guest
    if found.purpose == Purpose.CHECKPOINT:
        terms = Terms()  # the text of the lesson explains each answer at once
    user = ensure_user(request)
    if refused := ratelimit.consume_or_429(request, action="start"):
        return refused
    if "anew" in request.POST and (running := user.attempts.practice().open().filter(quiz=found).first()):
        running.finish(now)
    try:
        attempt, _new = Attempt.objects.start(user, found, terms, now=now)
    except Question.DoesNotExist:
        raise Http404 from None
    return go(request, resume_url(attempt))


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
