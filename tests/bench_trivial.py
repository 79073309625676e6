"""The yardstick of tests/bench.py: a Django page with as little as a page can have.

One view, one template of ten rows, no middleware, no database. Served as `tests.bench_trivial:application`.
"""

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title></head>
<body><h1>{{ title }}</h1><table>
{% for row in rows %}<tr><th scope="row">{{ row.year }}</th><td>{{ row.what }}</td></tr>
{% endfor %}</table></body></html>
"""
ROWS = [{"year": 1910 + 11 * n, "what": f"Something happened & was written down, {n}"} for n in range(10)]


def trivial(request: HttpRequest) -> HttpResponse:
    return render(request, "trivial.html", {"title": "Ten rows", "rows": ROWS})


urlpatterns = [path("", trivial)]

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "loaders": [
                    (
                        "django.template.loaders.cached.Loader",
                        [("django.template.loaders.locmem.Loader", {"trivial.html": PAGE})],
                    )
                ]
            },
        }
    ],
)
django.setup(set_prefix=False)
application = get_wsgi_application()
