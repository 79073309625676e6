"""The editors' desk: Django's admin site, with forms that are made for this curriculum."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from lessons.admin import lesson, library, pictures

__all__ = ["lesson", "library", "pictures"]

admin.site.site_header = _("Two Shores: editors’ desk")
admin.site.site_title = _("Editors’ desk – Two Shores")
admin.site.enable_nav_sidebar = False  # the tables need the width
admin.site.index_title = _("What stands on the desk")
