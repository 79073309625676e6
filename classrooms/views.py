"""Classes: who is in them, what needs their teacher, the gradebook. Each view: find what is the user's own,
act, render. Whoever has no business with a class gets the 404 of a class that does not exist."""

import csv

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from classrooms.export import table
from classrooms.forms import ClassroomForm, JoinForm
from classrooms.gradebook import Frame, frame, gather, lay_out, stamp
from classrooms.marking import MarkForm
from classrooms.misled import misled
from classrooms.models import Assignment, Classroom, Membership, Work
from classrooms.needs import needs, overview
from classrooms.tasks import tasks
from lessons import reading
from quizzes.asking import ask
from quizzes.models import Attempt, Response

KEEP = 60 * 60  # seconds for which a drawn gradebook is kept
RECENT = 6  # assignments in which a question that misled the class is looked for
MOST_ASIDE = 50  # answers that came too late and are listed: the last ones
BOM = "\ufeff"  # without it Excel takes UTF-8 for something older


def taught(request: HttpRequest, pk: int) -> Classroom:
    """A class that the user teaches, or 404."""
    return get_object_or_404(Classroom.objects.taught_by(request.user), pk=pk)


@require_safe
def class_list(request: HttpRequest) -> HttpResponse:
    """My classes: what is due for me, and what needs me."""
    now = timezone.now()
    mine = list(Membership.objects.of(request.user))
    teaching = [member.classroom for member in mine if member.role == Membership.Role.TEACHER]
    attending = [member.classroom for member in mine if member.role == Membership.Role.PUPIL]
    every = tasks(request.user, Assignment.objects.filter(classroom__in=attending), now) if attending else []
    return render(
        request,
        "classrooms/class_list.html",
        {
            "due": [task for task in every if task.is_open],
            "attending": attending,
            "teaching": overview(teaching, now),
            "join": JoinForm(),
            "now": now,
        },
    )


@permission_required("classrooms.add_classroom", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def class_new(request: HttpRequest) -> HttpResponse:
    """Open a class; whoever opens it teaches it."""
    form = ClassroomForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        room = Classroom.open_for(request.user, **form.cleaned_data)
        messages.success(request, _("The class is open. Give its join code to your pupils."))
        return redirect(room)
    return render(request, "classrooms/class_form.html", {"form": form})


@require_safe
def classroom(request: HttpRequest, pk: int) -> HttpResponse:
    """A class: what needs its teacher, or what a pupil has to do."""
    member = get_object_or_404(Membership.objects.of(request.user), classroom__pk=pk)
    room, now = member.classroom, timezone.now()
    if member.role == Membership.Role.PUPIL:
        every = tasks(request.user, room.assignments.all(), now)
        return render(
            request,
            "classrooms/class_pupil.html",
            {
                "room": room,
                "open": [task for task in every if task.is_open],
                "over": [task for task in reversed(every) if not task.is_open],
                "teachers": room.teachers,
                "now": now,
            },
        )
    facts = gather(frame([room.pk]), now)
    book = lay_out(room, facts)
    recent = [column.assignment for column in book.columns if column.n][-RECENT:]
    pupils = [pupil.pk for pupil in facts.frame.pupils[room.pk]]
    return render(
        request,
        "classrooms/class_teacher.html",
        {
            "room": room,
            "book": book,
            "needs": needs(room, facts, book, now),
            "misled": misled(recent, pupils, reading.shelf().refs) if recent else None,
            "now": now,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def class_settings(request: HttpRequest, pk: int) -> HttpResponse:
    """Name and time zone. Dates already set keep their moment and are shown in the new zone."""
    room = taught(request, pk)
    form = ClassroomForm(request.POST if request.method == "POST" else None, instance=room)
    if request.method == "POST" and form.is_valid():
        messages.success(request, _("Saved."))
        return redirect(form.save())
    shown = Classroom.objects.get(pk=pk) if form.errors else room  # not the name that was refused
    return render(request, "classrooms/class_form.html", {"form": form, "room": shown})


@require_POST
def class_code(request: HttpRequest, pk: int) -> HttpResponse:
    """A new join code, or joining opened or closed."""
    room = taught(request, pk)
    match request.POST.get("do"):
        case "rotate":
            room.rotate_code()
            messages.success(request, _("There is a new code. The old one no longer works."))
        case "open":
            room.set_open(True)
            messages.success(request, _("Pupils can join with the code again."))
        case "close":
            room.set_open(False)
            messages.success(request, _("Nobody can join for now. Those in the class stay in it."))
        case _other:
            return HttpResponse(status=400)
    return redirect(f"{room.get_absolute_url()}#joining")


@require_POST
def class_remove(request: HttpRequest, pk: int, member: int) -> HttpResponse:
    """Take a pupil out of the class."""
    room = taught(request, pk)
    gone = get_object_or_404(room.pupils, pk=member)
    gone.leave(timezone.now())
    text = _("%(name)s is out of the class. The work is kept.") % {"name": gone.user}
    if room.join_open:
        text += " " + _("The join code would let this pupil in again: change it if that is not wanted.")
    messages.success(request, text)
    return redirect(f"{room.get_absolute_url()}#pupils")


@require_safe
def gradebook(request: HttpRequest, pk: int) -> HttpResponse:
    """Pupils by assignments."""
    room = get_object_or_404(Classroom.objects.taught_by(request.user).with_work(), pk=pk)
    base = frame([room.pk])
    pupils, assignments = base.pupils[room.pk], base.assignments[room.pk]
    marks = table_of(room, base) if pupils and assignments else ""
    return render(
        request,
        "classrooms/gradebook.html",
        {"room": room, "pupils": pupils, "assignments": assignments, "marks": marks},
    )


def table_of(room: Classroom, base: Frame) -> str:
    """The table of marks, drawn again only when something in it has changed."""
    now = timezone.now()
    key, current = f"gradebook:{room.pk}", stamp(room, base, now)
    kept, html = cache.get(key, ("", ""))
    if kept != current:
        book = lay_out(room, gather(base, now))
        html = render_to_string("classrooms/_marks.html", {"room": room, "book": book})
        cache.set(key, (current, html), KEEP)
    return html


@require_safe
def gradebook_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """The gradebook for a spreadsheet."""
    room, now = taught(request, pk), timezone.now()
    name = f"{slugify(room.name, allow_unicode=True) or 'class'}-{now.astimezone(room.zone):%Y-%m-%d}.csv"
    response = HttpResponse(
        BOM,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": content_disposition_header(True, name) or "attachment"},
    )
    csv.writer(response).writerows(table(lay_out(room, gather(frame([room.pk]), now)), room.zone))
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def class_attempt(request: HttpRequest, pk: int, attempt: int) -> HttpResponse:
    """One pupil's attempt as it stands: each question with the answer given and the right one. POST marks a
    written answer (`number`) by its rubric, with a comment."""
    room, now = taught(request, pk), timezone.now()
    works = Work.objects.filter(assignment__classroom=room, user__in=room.pupils.values("user"))
    work = get_object_or_404(works.select_related("attempt", "user", "assignment__quiz"), attempt__pk=attempt)
    marking = None
    if request.method == "POST":
        marking = MarkForm(work.attempt, request.POST.get("number", ""), now, request.POST)
        if marking.slot is None:
            raise Http404
        if marking.is_valid():
            marking.save(request.user)
            messages.success(request, _("Marked."))
            return redirect(f"{request.path}#q{marking.slot.number}")
    shelf, sheet = reading.shelf(work.attempt.language), work.attempt.sheet
    items = [
        ask(
            slot.version,
            response,
            number=slot.number,
            total=len(sheet),
            seed=work.attempt.seed,
            url="",
            shelf=shelf,
            settled=True,
            shown=True,
        )
        for slot, response in sheet
    ]
    forms = {
        slot.number: marking if marking and marking.slot == slot else MarkForm(work.attempt, str(slot.number), now)
        for slot, response in sheet
        if response and slot.version.question.by_person
    }
    siblings = work.assignment.works.filter(user=work.user).order_by("attempt__started_at")
    extra = work.assignment.extensions.filter(user=work.user).first()
    return render(
        request,
        "classrooms/attempt.html",
        {
            "room": room,
            "work": work,
            "attempt": work.attempt,
            "pupil": work.user,
            "items": [(asked, forms.get(asked.number)) for asked in items],
            "aside": aside(work.attempt, shelf),
            "going": work.attempt.is_open(now),
            "ended": work.attempt.finished_at or work.attempt.deadline,
            "due": work.assignment.due_for(extra),
            "siblings": list(siblings.values_list("attempt", flat=True)),
        },
    )


def aside(attempt: Attempt, shelf: reading.Shelf) -> list[tuple[Response, str]]:
    """What came in last and does not count, each with its words."""
    slots = {slot.pk: slot for slot in attempt.asks}
    found = []
    for response in [each for each in attempt.received if each.aside][-MOST_ASIDE:]:
        slot = slots[response.slot_id]
        version = slot.version
        response.slot = slot
        found.append(
            (
                response,
                version.question.rules.describe(
                    version.content, version.texts, response.answer, language=version.language, refs=shelf.refs
                ),
            )
        )
    return found
