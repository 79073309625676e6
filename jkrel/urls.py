"""All addresses. English has no prefix; later editions stand under /ko/ and /ja/."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path, re_path
from django.views.static import serve

from jkrel.health import healthz, readyz

pictures = login_not_required(serve)  # written by lessons/images.py, never as they were uploaded

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    re_path(
        r"^media/(?P<path>images/.+)$", login_not_required(serve), {"document_root": settings.MEDIA_ROOT}, name="media"
    ),
    path("admin/", admin.site.urls),
]

urlpatterns += i18n_patterns(
    path("", include("progress.urls")),
    path("", include("lessons.urls")),
    path("", include("quizzes.urls")),
    path("", include("classrooms.urls")),
    path("account/", include("accounts.urls")),
    path("account/", include("allauth.urls")),
    prefix_default_language=False,
)
