"""What learners fill in beside their answers."""

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _


class ReportForm(forms.Form):
    """What is wrong with a question. `n` keeps several on one page apart."""

    default_renderer = TemplatesSetting
    use_required_attribute = False
    text = forms.CharField(
        max_length=2000,
        error_messages={
            "required": _("Say in a few words what is wrong."),
            "max_length": _("At most %(limit_value)d characters; yours has %(show_value)d."),
        },
    )

    def __init__(self, data: Any = None, *, n: int) -> None:
        super().__init__(data, prefix=f"report-{n}")
