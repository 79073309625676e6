"""Assignments: set by a teacher, begun by a pupil."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from classrooms.forms import AssignmentForm, ExtensionForm
from classrooms.gradebook import frame, gather
from classrooms.models import Assignment, Classroom, Membership
from classrooms.tasks import tasks
from jkrel.htmx import go
from quizzes.asking import resume_url
from quizzes.models import Question


def taught(request: HttpRequest, pk: int) -> Assignment:
    """An assignment of a class that the user teaches, or 404."""
    mine = Assignment.objects.taught_by(request.user).select_related("classroom", "quiz")
    return get_object_or_404(mine, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Set a quiz for the class."""
    room = get_object_or_404(Classroom.objects.taught_by(request.user), pk=pk)
    form = AssignmentForm(request.POST if request.method == "POST" else None, classroom=room)
    if request.method == "POST" and form.is_valid():
        form.instance.created_by = request.user
        messages.success(request, _("The class has a new assignment."))
        return redirect(form.save())
    return render(request, "classrooms/assignment_form.html", {"form": form, "room": room})


@require_http_methods(["GET", "HEAD", "POST"])
def assignment_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change dates and rules, also for attempts that are under way."""
    found = taught(request, pk)
    form = AssignmentForm(request.POST if request.method == "POST" else None, instance=found, classroom=found.classroom)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save().spread()
        messages.success(request, _("Saved."))
        return redirect(found)
    return render(
        request,
        "classrooms/assignment_form.html",
        {"form": form, "room": found.classroom, "assignment": found},
    )


@require_POST
def assignment_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an assignment back while nobody has begun it."""
    found = taught(request, pk)
    try:
        with transaction.atomic():
            found.delete()
    except (ProtectedError, IntegrityError):
        messages.error(request, _("Pupils have begun this assignment, so it stays. You can close it by its date."))
        return redirect("assignment", pk)
    messages.success(request, _("The assignment is gone."))
    return redirect(found.classroom)


@require_http_methods(["GET", "HEAD", "POST"])
def assignment_extend(request: HttpRequest, pk: int, user: int) -> HttpResponse:
    """More time for one pupil."""
    found = taught(request, pk)
    pupil = get_object_or_404(found.classroom.pupils, user__pk=user).user
    standing = found.extensions.filter(user=pupil).first()
    form = ExtensionForm(request.POST if request.method == "POST" else None, instance=standing, assignment=found)
    if request.method == "POST" and form.is_valid():
        found.extend(pupil, closes=form.cleaned_data["until"], extra_time=form.extra_time, by=request.user)
        messages.success(request, _("%(name)s has more time.") % {"name": pupil})
        return redirect(f"{found.get_absolute_url()}#p{pupil.pk}")
    return render(
        request,
        "classrooms/extension_form.html",
        {"form": form, "assignment": found, "room": found.classroom, "pupil": pupil},
    )


@require_safe
def assignment(request: HttpRequest, pk: int) -> HttpResponse:
    """What it asks and its rules; for a pupil the way in, for a teacher how far everybody is."""
    now = timezone.now()
    if mine := tasks(request.user, Assignment.objects.set_for(request.user).filter(pk=pk), now):
        [task] = mine
        room = task.assignment.classroom
        return render(
            request,
            "classrooms/assignment_pupil.html",
            {"task": task, "assignment": task.assignment, "room": room},
        )
    found = taught(request, pk)
    facts = gather(frame([found.classroom_id]), now)
    extras = {extra.user_id: extra for extra in found.extensions.all()}
    pupils = [
        (pupil, standing, standing.counts or standing.going, extras.get(pupil.pk))
        for pupil, standing in facts.of(found)
    ]
    return render(
        request,
        "classrooms/assignment_teacher.html",
        {
            "assignment": next(a for a in facts.frame.assignments[found.classroom_id] if a.pk == found.pk),
            "room": found.classroom,
            "pupils": pupils,
            "handed_in": sum(standing.handed_in for _pupil, standing, _try, _extra in pupils),
            "begun": any(shown for _pupil, _standing, shown, _extra in pupils) or found.works.exists(),
            "now": now,
        },
    )


@require_POST
def assignment_start(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin, or go on where I stopped."""
    found = get_object_or_404(Assignment.objects.set_for(request.user).select_related("quiz"), pk=pk)
    try:
        attempt = found.begin(request.user, now=timezone.now())
    except Membership.DoesNotExist:  # taken out of the class a moment ago
        raise Http404 from None
    except Question.DoesNotExist:
        messages.error(request, _("This quiz has no questions at the moment. Tell your teacher."))
        return go(request, found)
    except ValidationError as why:
        messages.error(request, why.messages[0])
        return go(request, found)
    return go(request, resume_url(attempt))
