"""Where covers and cards are fetched: open to everybody, and to be kept by everybody for ever."""

import re
from io import BytesIO

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from lessons import reading
from lessons.models import LessonVersion, Unit
from lessons.pictures import LIGHTS, WIDTHS, Picture, of_lesson, of_unit

FOREVER = "public, max-age=31536000, immutable"


@login_not_required
@require_safe
def unit_cover(request: HttpRequest, slug: str, name: str) -> HttpResponseBase:
    return serve(request, of_unit(get_object_or_404(Unit, slug=slug), reading.shelf()).cover, name)


@login_not_required
@require_safe
def unit_band(request: HttpRequest, slug: str, light: str, width: int, name: str) -> HttpResponseBase:
    if width not in WIDTHS or light not in LIGHTS:
        raise Http404
    found = of_unit(get_object_or_404(Unit, slug=slug), reading.shelf())
    return serve(request, (found.day if light == "day" else found.night)[WIDTHS.index(width)], name)


@login_not_required
@require_safe
def lesson_card(request: HttpRequest, slug: str, name: str) -> HttpResponseBase:
    on = reading.shelf()
    try:
        found = reading.lesson_page(slug, on)
    except LessonVersion.DoesNotExist:
        raise Http404 from None
    return serve(request, of_lesson(found, on), name)


def serve(request: HttpRequest, picture: Picture, name: str) -> HttpResponseBase:
    """The picture, to be kept for ever; by an old name, the way to it."""
    if not re.fullmatch("[0-9a-f]{16}", name):
        raise Http404
    if name != picture.digest:
        return redirect(picture.address)
    etag = f'"{name}"'
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None and request.method == "HEAD":
        response = HttpResponse(content_type=picture.mime, headers={"Content-Length": str(len(picture.data))})
    elif response is None:  # a stream, so that nobody tries to compress it once more
        response = FileResponse(BytesIO(picture.data), content_type=picture.mime)
    response.headers["Cache-Control"] = FOREVER
    response.headers["ETag"] = etag
    return response
