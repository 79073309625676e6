"""My account: what it says about me, leaving it, and invitations to a role. The rest is allauth's."""

from typing import cast

from allauth.account.adapter import get_adapter
from allauth.account.views import SignupView
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.forms import DeleteForm, NameForm, SignupForm
from accounts.guests import waiting_guest
from accounts.models import Invitation, User


class Signup(SignupView):
    def form_valid(self, form: SignupForm) -> HttpResponse:
        try:
            return cast(HttpResponse, super().form_valid(form))
        except IntegrityError:  # two people took the name in the same moment, or a double click did
            form.add_error("username", get_adapter().validation_error("username_taken"))
            return cast(HttpResponse, self.form_invalid(form))


@require_http_methods(["GET", "HEAD", "POST"])
def overview(request: HttpRequest) -> HttpResponse:
    """What the site knows about me, and the form for my name. A guest is shown how to keep the work."""
    user = cast(User, request.user)
    if user.is_guest:
        return render(request, "account/overview.html")
    shown = User.objects.get(pk=user.pk)  # a refused name must not stand in the masthead
    form = NameForm(request.POST if request.method == "POST" else None, instance=shown)
    if form.is_valid():
        form.save()
        messages.success(request, _("Your name is saved."))
        return redirect("account")
    roles = [label for name, label in Invitation.Role.choices if name in user.roles]
    context = {"form": form, "roles": roles, "waiting": waiting_guest(request)}
    return render(request, "account/overview.html", context)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest) -> HttpResponse:
    """Erase my row, and with it every attempt. An account asks for the password first."""
    user = User.objects.get(pk=cast(User, request.user).pk)
    form = DeleteForm(user, request.POST if request.method == "POST" else None)
    if form.is_valid():
        user.delete()
        logout(request)
        messages.success(request, _("Everything we kept about you is deleted."))
        return redirect("home")
    return render(request, "account/delete.html", {"form": form})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """An invitation to a role: shown to whoever has the link, accepted by a named user, once."""
    found = get_object_or_404(Invitation.objects.select_related("made_by"), digest=Invitation.digest_of(token))
    named = request.user if request.user.is_authenticated and not request.user.is_guest else None
    if found.used_by_id and named and found.used_by_id == named.pk:
        messages.info(request, _("You have accepted this invitation."))
        return redirect("account")
    now = timezone.now()
    if request.method == "POST" and named and found.accept(named, now):
        messages.success(request, _("Welcome. Your account can do more now."))
        return redirect("account")
    found.refresh_from_db(fields=["used_at"])
    open_ = found.is_open(now)
    context = {"invitation": found, "open": open_, "named": named}
    return render(request, "account/invitation.html", context, status=200 if open_ else 410)
