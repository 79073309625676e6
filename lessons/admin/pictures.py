"""Pictures: what is uploaded is decoded and written anew; only that is kept."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from lessons import images
from lessons.admin.records import RecordAdmin, RecordForm
from lessons.models import Image


class ImageForm(RecordForm):
    upload = forms.FileField(
        label=_("picture"),
        required=False,
        widget=forms.FileInput({"accept": "image/png,image/jpeg,image/webp"}),
        help_text=_("PNG, JPEG or WebP, at most 10 MB. Where and with what it was taken is removed."),
    )
    picture: images.Picture | None = None

    def clean_upload(self) -> UploadedFile | None:
        upload: UploadedFile | None = self.cleaned_data["upload"]
        if upload is None:
            if not self.instance.file:
                raise ValidationError(_("Choose a picture."))
            return None
        try:
            if (upload.size or 0) > images.MAX_BYTES:  # before it is read into memory
                raise images.TooLarge(megabytes=-(-(upload.size or 0) // 1024 // 1024))
            self.picture = images.accept(upload.read())
        except images.Refused as wrong:
            raise ValidationError(str(wrong)) from None
        return upload

    def save(self, commit: bool = True) -> Any:
        """The widths lie beside each other, named after what they show: a new picture has a new address."""
        if self.picture:
            storage = Image._meta.get_field("file").storage
            stem = f"images/{self.instance.slug}-{self.picture.sha256[:12]}-"
            for width, data in self.picture.files.items():
                if not storage.exists(stem + width):
                    storage.save(stem + width, ContentFile(data))
            self.instance.file = f"{stem}{self.picture.width}.webp"
        return super().save(commit)


@admin.register(Image)
class ImageAdmin(RecordAdmin):
    base_form = ImageForm
    exclude = ("file",)
    shown = ("thumbnail", "how_to_cite")
    list_display = ("thumbnail", "slug", "alt", "credit")
    list_display_links = ("slug",)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        _neutral, (title, _words) = super().get_fieldsets(request, obj)
        picture = ("thumbnail", "slug", "how_to_cite", "upload") if obj else ("slug", "upload")
        return [(None, {"fields": picture}), (title, {"fields": ("alt", "caption", "credit")})]

    @admin.display(description=_("now"))
    def thumbnail(self, image: Image) -> SafeString | str:
        if not image.file:
            return "–"
        height = max(1, round(120 * image.height / image.width)) if image.width else 120
        return format_html(
            '<img class="thumbnail" src="{}" alt="{}" width="120" height="{}">', image.file.url, image.alt, height
        )

    @admin.display(description=_("in a lesson"))
    def how_to_cite(self, image: Image) -> SafeString:
        return format_html("<pre>::: image {}\n:::</pre>", image.slug)

    @admin.display(description=_("what it shows"))
    def alt(self, image: Image) -> str:
        return image.alt

    @admin.display(description=_("credit"))
    def credit(self, image: Image) -> str:
        return image.credit
