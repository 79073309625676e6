"""A lesson: its identity in a unit, and its versions."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lessons import markup
from lessons.book import Scan
from lessons.models.records import Check, Claim, Erratum, Image, Series, Term, Unit
from lessons.models.texts import Record
from lessons.models.versions import Version


class Lesson(Record):
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="lessons")
    slug = models.SlugField(unique=True)
    number = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["unit__number", "number"]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return reverse("lesson", args=[self.slug])


class LessonVersion(Version):
    OF = "lesson"
    WORDS = ("title", "summary", "minutes", "objectives", "terms", "body", "teaching")

    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="versions")
    title = models.CharField(_("title"), max_length=120)
    summary = models.TextField(_("summary"))
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), default=10, validators=[MinValueValidator(1), MaxValueValidator(90)]
    )
    objectives = models.JSONField(_("objectives"), default=list)  # list of str
    terms = models.JSONField(_("key terms"), default=list, blank=True)  # list of slugs
    body = models.TextField(_("text"))
    teaching = models.TextField(
        _("for teachers"), blank=True, help_text=_("A plan, questions to discuss, sensitive points.")
    )
    claims = models.ManyToManyField(Claim, related_name="lesson_versions", editable=False)

    class Meta:
        ordering = ["lesson", "language", "-number"]
        constraints = Version.rules("lesson")

    def __str__(self) -> str:
        return self.title

    @property
    def citing(self) -> tuple[str, ...]:
        """The texts in which citations may stand."""
        return (self.body, self.summary, self.teaching)

    def problems(self) -> list[str]:
        scans = [markup.scan(text) for text in self.citing]
        found = [str(problem) for scan in scans for problem in scan.problems]
        for scan in scans:
            found += unresolved(scan)
        return found

    def link(self) -> None:
        codes = {c.code for text in (self.body, self.summary) for c in markup.scan(text).claims}
        self.claims.set(Claim.objects.filter(code__in=codes))


def unresolved(scan: Scan) -> list[str]:
    """Say in words which references of a text lead nowhere, and which contested claims lack their holder."""
    wanted: list[tuple[set[str], type[models.Model], str, object]] = [
        ({c.code for c in scan.claims}, Claim, "code", _("no claim %s")),
        (set(scan.errata), Erratum, "code", _("no erratum %s")),
        (set(scan.terms), Term, "slug", _("no term %s")),
        (set(scan.series), Series, "slug", _("no figure %s")),
        (set(scan.images), Image, "slug", _("no image %s")),
    ]
    found = []
    for keys, model, key, message in wanted:
        known = (
            set(model._default_manager.filter(**{f"{key}__in": keys}).values_list(key, flat=True)) if keys else set()
        )
        found += [str(message) % missing for missing in sorted(keys - known)]
    named = {c.code for c in scan.claims if c.holder}
    contested = Claim.objects.filter(
        code__in={c.code for c in scan.claims} - named, check_result=Check.CONTESTED
    ).values_list("code", flat=True)
    found += [str(_("%s is contested: name who holds it, as in [%s: holder]")) % (code, code) for code in contested]
    return found
