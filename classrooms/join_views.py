"""Joining a class with its code. A link shared in a chat joins nobody: only the button does."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.guesses import WINDOW, Guesses
from classrooms.forms import JoinForm
from classrooms.models import Classroom

GUESSES = Guesses("join", per_user=20)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def join_find(request: HttpRequest) -> HttpResponse:
    """Type a code, and go to the page of its class."""
    form = JoinForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return redirect("join", form.cleaned_data["code"])
    return render(request, "classrooms/join_find.html", {"form": form})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, code: str) -> HttpResponse:
    """Which class it is; POST joins. A wrong code and a closed class get one and the same answer."""
    if GUESSES.is_refused(request):
        response = render(request, "classrooms/join_refused.html", status=429)
        response.headers["Retry-After"] = str(WINDOW)
        return response
    room = Classroom.objects.joinable(code).first()
    if room is None:
        GUESSES.count(request)
        return render(request, "classrooms/join_find.html", {"form": JoinForm(), "unknown": code}, status=404)
    named = request.user.is_authenticated and not request.user.is_guest
    way_back = urlencode({"next": reverse("join", args=[room.join_code])})
    if request.method == "POST" and not named:
        return redirect(f"{reverse('account_signup')}?{way_back}")
    if request.method == "POST":
        room.admit(request.user)
        messages.success(request, _("You are in the class %(name)s.") % {"name": room})
        return redirect(room)
    if named and Classroom.objects.of(request.user).filter(pk=room.pk).exists():
        return redirect(room)
    return render(
        request,
        "classrooms/join.html",
        {"room": room, "named": named, "teachers": room.teachers, "way_back": way_back},
    )
