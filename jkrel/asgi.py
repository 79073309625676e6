"""The ASGI entry: the server loads `application` from here."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jkrel.settings")
application = get_asgi_application()
