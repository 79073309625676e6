"""Certificates: getting one for a mastered unit, what mine show, and the page on which anybody can check one."""

import re
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.guesses import Guesses
from accounts.models import User
from lessons.reading import shelf
from lessons.typeface import face
from progress.forms import ChoicesForm, IssueForm
from progress.history import History
from progress.issuing import Proof, diploma, is_mastered
from progress.models import Certificate
from progress.models.certificate import read_code
from progress.summary import units

GUESSES = Guesses("certificate")  # the code itself is what keeps a certificate safe


@require_http_methods(["GET", "HEAD", "POST"])
def get(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for the name to be printed and what everybody may see; POST issues the certificate, once."""
    user, on, now = cast(User, request.user), shelf(), timezone.now()
    proof = Proof.of(user, slug, on, now)
    if proof is None:
        raise Http404
    standing = None if user.is_guest else Certificate.objects.valid().filter(holder=user, unit=proof.line.unit).first()
    if standing:
        return redirect("certificate-mine", standing.spaced_code)
    may = proof.is_mastered and not user.is_guest
    form = IssueForm(request.POST if request.method == "POST" and may else None, initial={"name": user.name})
    if form.is_valid():
        issued = Certificate.objects.issue(
            user, proof.line.unit, language=on.language, record=proof.record(on), **form.cleaned_data
        )
        messages.success(request, _("Your certificate is ready."))
        return redirect("certificate-mine", issued.spaced_code)
    refused = request.method == "POST" and not may
    context = {"proof": proof, "line": proof.line, "form": form, "may": may}
    return render(request, "progress/certificate_get.html", context, status=403 if refused else 200)


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """My certificates, and the units for which I can get one."""
    user, on = cast(User, request.user), shelf()
    found = [] if user.is_guest else list(Certificate.objects.filter(holder=user))
    held = {each.unit_id for each in found if each.is_valid}
    lines = units(user, on.language, now=timezone.now(), history=History.of(user), on=on)
    ready = [line for line in lines if is_mastered(line) and line.unit.pk not in held]
    return render(request, "progress/certificates.html", {"certificates": found, "ready": ready, "lines": lines})


@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: HttpRequest, code: str) -> HttpResponse:
    """One of mine: to look at, to fetch, and what its public page shows."""
    found = of(request, code)
    form = ChoicesForm(request.POST if request.method == "POST" else None, instance=found)
    if found.is_valid and form.is_valid():
        form.save()
        messages.success(request, _("Saved. The public page shows what you chose."))
        return redirect("certificate-mine", found.spaced_code)
    context = {
        "certificate": found,
        "form": form,
        "lacks": face().lacks(found.name),
        "checked_at": where(request, found),
    }
    return render(request, "progress/certificate_mine.html", context)


@require_POST
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Take it back, for good."""
    found = of(request, code)
    if found.withdraw(timezone.now()):
        messages.info(request, _("The certificate is withdrawn. Its page says so to everybody who checks it."))
    return redirect("certificate-mine", found.spaced_code)


@require_safe
def png(request: HttpRequest, code: str) -> HttpResponse:
    found = of(request, code)
    with translation.override(found.language):
        picture = diploma(found, where(request, found)).png()
    return download(picture, found, "png", "image/png")


@require_safe
def pdf(request: HttpRequest, code: str) -> HttpResponse:
    found = of(request, code)
    with translation.override(found.language):
        page = diploma(found, where(request, found)).pdf(found.issued_at)
    return download(page, found, "pdf", "application/pdf")


def of(request: HttpRequest, code: str) -> Certificate:
    """The certificate with this code, if it is mine."""
    return get_object_or_404(Certificate.objects.coded(code), holder=cast(User, request.user).pk)


def where(request: HttpRequest, certificate: Certificate) -> str:
    """The address of the public page as it is printed."""
    return f"{request.get_host()}{certificate.get_absolute_url()}"


def download(content: bytes, certificate: Certificate, ending: str, mime: str) -> HttpResponse:
    name = f"two-shores-{certificate.unit.slug}-{certificate.spaced_code}.{ending}"
    return HttpResponse(content, content_type=mime, headers={"Content-Disposition": f'inline; filename="{name}"'})


# --- open to everybody -------------------------------------------------------------------------------------


@login_not_required
@require_safe
def certificate(request: HttpRequest, code: str) -> HttpResponse:
    """Valid, withdrawn or unknown; and of a valid one what its holder chose to show."""
    found = Certificate.objects.coded(code).first()
    if found is None:
        return unknown(request)
    return render(
        request, "progress/certificate.html", {"certificate": found, "is_mine": found.holder_id == request.user.pk}
    )


@login_not_required
@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """Type a code, and go to the page of its certificate."""
    typed = read_code(request.GET.get("code", ""))
    if re.fullmatch(r"[0-9A-Z]{1,40}", typed):
        return redirect("certificate", "-".join(re.findall(".{1,4}", typed)))
    return unknown(request) if typed else render(request, "progress/certificate_check.html")


def unknown(request: HttpRequest) -> HttpResponse:
    """No certificate has this code; after very many tries from one address, a rest."""
    wait = GUESSES.is_refused(request)
    GUESSES.count(request)
    return render(
        request, "progress/certificate_check.html", {"unknown": True, "wait": wait}, status=429 if wait else 404
    )
