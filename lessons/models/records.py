"""What the lessons rest on: documents with numbered paragraphs, their claims and errors, dates, names, figures."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lessons.dates import in_words
from lessons.images import WIDTHS
from lessons.models.texts import Lines, Record, Text


class Check(models.TextChoices):
    """What became of a claim when it was checked against other sources."""

    OK = "ok", _("holds")
    CONTESTED = "contested", _("contested")
    DATED = "dated", _("true when written")
    GARBLED = "garbled", _("garbled")
    WRONG = "wrong", _("wrong")
    UNVERIFIABLE = "unverifiable", _("cannot be verified")

    @classmethod
    def unkeyable(cls) -> tuple[str, ...]:
        """Checks that no question may be keyed to, except as a question about the error."""
        return (cls.GARBLED, cls.WRONG, cls.UNVERIFIABLE)


class Confidence(models.TextChoices):
    HIGH = "high", _("high")
    MEDIUM = "medium", _("medium")
    LOW = "low", _("low")


class Basis(models.TextChoices):
    """Where a check or a correction comes from."""

    GENERAL = "general", _("well-known history")
    LOOKED_UP = "looked-up", _("looked up in a public reference")
    INTERNAL = "internal", _("follows from the documents")
    UNVERIFIED = "unverified", _("not verified")


class Shore(models.TextChoices):
    KOREA = "korea", _("Korea")
    JAPAN = "japan", _("Japan")
    BOTH = "both", _("both shores")


class Unit(Record):
    slug = models.SlugField(unique=True)
    number = models.PositiveSmallIntegerField()
    core = models.BooleanField(default=True)
    title = Text(_("title"), required=True)
    why = Text(_("why it matters"), long=True)
    planned = Lines(_("lessons planned"))

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("unit", args=[self.slug])


class Source(Record):
    """One of the documents: its record, never its text."""

    slug = models.SlugField(unique=True)
    prefix = models.CharField(max_length=4, unique=True, help_text=_("Citations begin with it, as in WP-16a."))
    dated = models.CharField(max_length=10, help_text=_("Year, year-month or year-month-day."))
    title = Text(_("title as printed"), required=True)
    short = Text(_("short name"), required=True)
    byline = Text(_("who and when, in one line"), required=True)
    author_stated = Text(_("author, as stated"))
    author_inferred = Text(_("author, inferred"))
    publisher_stated = Text(_("publisher, as stated"))
    publisher_inferred = Text(_("publisher, inferred"))
    publisher_confidence = Text(_("how sure of the publisher"))
    date_stated = Text(_("date, as stated"))
    date_inferred = Text(_("date, inferred"))
    date_confidence = Text(_("how sure of the date"))
    date_from = Lines(_("words that date it"))
    genre = Text(_("kind of text"))
    perspective = Text(_("whose view"), long=True)
    leaves_out = Lines(_("what it leaves out"))
    language = Text(_("language"))
    garbled = Lines(_("what is garbled"))
    reliability = Text(_("how reliable"), long=True)

    class Meta:
        ordering = ["dated"]

    def __str__(self) -> str:
        return f"{self.prefix} {self.short}"

    def get_absolute_url(self) -> str:
        return reverse("source", args=[self.slug])


class Passage(Record):
    """One numbered paragraph of a document, as a gist in our words."""

    KEY = "code"
    code = models.CharField(max_length=12, unique=True)  # WP-16
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="passages")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, default="body")
    substantive = models.BooleanField(default=True)
    gist = Text(_("gist"), required=True, long=True)

    class Meta:
        ordering = ["source", "number"]
        constraints = [models.UniqueConstraint(fields=["source", "number"], name="one_paragraph_a_number")]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return f"{self.source.get_absolute_url()}#p{self.number}"

    @property
    def label(self) -> str:
        return f"{self.source.prefix} ¶{self.number}"


class Claim(Record):
    """One thing that a paragraph says, and what checking it showed."""

    KEY = "code"
    code = models.CharField(max_length=12, unique=True)  # WP-16a
    passage = models.ForeignKey(Passage, on_delete=models.CASCADE, related_name="claims")
    kind = models.CharField(max_length=20)
    topic = models.CharField(max_length=40, blank=True)
    check_result = models.CharField(_("check"), max_length=12, choices=Check, default=Check.OK)
    basis = models.CharField(max_length=12, choices=Basis, blank=True)
    confidence = models.CharField(max_length=8, choices=Confidence, blank=True)
    says = Text(_("the claim, in our words"), required=True, long=True)
    note = Text(_("our remark"), long=True)
    holder = Text(_("who holds it"))

    class Meta:
        ordering = ["passage", "code"]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return self.passage.get_absolute_url()


def passages_of(claims: Iterable[Claim]) -> list[Passage]:
    """The paragraphs of these claims, each once; fetch claims with `passage__source`."""
    return list({claim.passage_id: claim.passage for claim in claims}.values())


class Erratum(Record):
    """A place where a document is garbled, mistranslated, dated or wrong, and what is right."""

    KEY = "code"
    code = models.CharField(max_length=8, unique=True)  # E05
    claims = models.ManyToManyField(Claim, related_name="errata", blank=True)
    kind = models.CharField(max_length=30)
    basis = models.CharField(max_length=12, choices=Basis, blank=True)
    confidence = models.CharField(max_length=8, choices=Confidence, blank=True)
    status = models.CharField(max_length=30, blank=True)
    reference_title = models.CharField(_("reference: title"), max_length=250, blank=True)
    reference_publisher = models.CharField(_("reference: publisher"), max_length=120, blank=True)
    reference_date = models.CharField(_("reference: date"), max_length=10, blank=True)
    printed = Text(_("what is printed"), required=True)
    correction = Text(_("what is right"), required=True, long=True)
    lesson = Text(_("what to learn from it"), long=True)
    shown_by = Text(_("how the document itself shows it"), long=True)

    class Meta:
        ordering = ["code"]
        verbose_name_plural = "errata"

    def __str__(self) -> str:
        return self.code

    @property
    def referenced(self) -> bool:
        """Whether the correction rests on something that can be looked up, or on the document itself."""
        return bool(self.reference_title or self.shown_by)

    @property
    def reference_when(self) -> str:
        return in_words(self.reference_date) if self.reference_date else ""

    @property
    def passages(self) -> list[Passage]:
        return passages_of(self.claims.all())


class Event(Record):
    class Precision(models.TextChoices):
        DAY = "day", _("day")
        MONTH = "month", _("month")
        YEAR = "year", _("year")
        PERIOD = "period", _("period")

    slug = models.SlugField(unique=True, max_length=80)
    date = models.CharField(max_length=21, help_text=_("1965, 1965-06, 1965-06-22, or start/end for a period."))
    precision = models.CharField(max_length=6, choices=Precision)
    shore = models.CharField(max_length=5, choices=Shore, default=Shore.BOTH)
    background = models.BooleanField(
        default=False, help_text=_("The date or the event itself stands in none of the five documents.")
    )
    claims = models.ManyToManyField(Claim, related_name="events", blank=True)
    units = models.ManyToManyField(Unit, related_name="events", blank=True)
    event = Text(_("what happened"), required=True)
    note = Text(_("note"), long=True)

    class Meta:
        ordering = ["date"]  # ISO dates sort as text; years have four digits

    def __str__(self) -> str:
        return f"{self.date} {self.event}"

    @property
    def when(self) -> str:
        return in_words(self.date)

    @property
    def passages(self) -> list[Passage]:
        return passages_of(self.claims.all())


class Term(Record):
    """A word, person or organisation; `name-pair` where each shore has a name of its own."""

    class Kind(models.TextChoices):
        TERM = "term", _("term")
        PERSON = "person", _("person")
        ORGANISATION = "organisation", _("organisation")
        PAIR = "name-pair", _("two names")

    slug = models.SlugField(unique=True)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.TERM)
    claims = models.ManyToManyField(Claim, related_name="terms", blank=True)
    units = models.ManyToManyField(Unit, related_name="terms", blank=True)
    korean_native = models.CharField(_("Hangul"), max_length=120, blank=True)
    korean_hanja = models.CharField(_("Hanja"), max_length=120, blank=True)
    korean_roman = models.CharField(_("romanised"), max_length=120, blank=True)
    japanese_native = models.CharField(_("Japanese"), max_length=120, blank=True)
    japanese_reading = models.CharField(_("reading in kana"), max_length=120, blank=True)
    japanese_roman = models.CharField(_("romanised"), max_length=120, blank=True)
    name = Text(_("name"), required=True)
    meaning = Text(_("meaning"), required=True, long=True)
    korean = Text(_("what the Korean name says"))
    japanese = Text(_("what the Japanese name says"))
    usage = Text(_("how we use it"), long=True)

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse('terms')}#{self.slug}"

    @property
    def passages(self) -> list[Passage]:
        return passages_of(self.claims.all())


class Series(Record):
    """Figures that can be drawn; each point names its claim, or is marked as background."""

    slug = models.SlugField(unique=True)  # S12
    chart = models.CharField(max_length=8, choices=[(c, c) for c in ("line", "slope", "bars", "dots")])
    invert = models.BooleanField(default=False, help_text=_("1 at the top, as for ranks."))
    unit_sign = models.CharField(max_length=8, blank=True)
    title = Text(_("title"), required=True)
    unit = Text(_("unit"))
    groups = Lines(_("names of the groups, as key: name"))
    caution = Text(_("caution"), long=True)
    description = Text(_("read out instead of the picture"), long=True)

    class Meta:
        ordering = ["slug"]
        verbose_name_plural = "series"

    def __str__(self) -> str:
        return f"{self.slug} {self.title}"

    def rows(self) -> list[dict[str, Any]]:
        return [
            {
                "group": point.group,
                "at": point.at,
                "value": float(point.value),
                "claim": point.claim.code if point.claim else None,
                "background": point.background,
            }
            for point in self.points.select_related("claim")
        ]

    def set_rows(self, rows: list[dict[str, Any]]) -> None:
        self.points.all().delete()
        claims = {c.code: c for c in Claim.objects.filter(code__in=[row["claim"] for row in rows])}
        Point.objects.bulk_create(
            Point(series=self, position=n, **(row | {"claim": claims.get(row["claim"])}))
            for n, row in enumerate(rows, 1)
        )


class Point(models.Model):
    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="points")
    position = models.PositiveSmallIntegerField()
    group = models.SlugField(blank=True)
    at = models.CharField(max_length=40)
    value = models.DecimalField(max_digits=16, decimal_places=4)
    claim = models.ForeignKey(Claim, on_delete=models.SET_NULL, null=True, blank=True)
    background = models.BooleanField(default=False)

    class Meta:
        ordering = ["series", "position"]

    def __str__(self) -> str:
        return f"{self.group} {self.at}: {self.value}"


class Image(Record):
    """A picture an editor uploaded; the file was decoded and written anew (see lessons/images.py)."""

    slug = models.SlugField(unique=True)
    file = models.ImageField(upload_to="images/", width_field="width", height_field="height")
    width = models.PositiveIntegerField(editable=False, default=0)
    height = models.PositiveIntegerField(editable=False, default=0)
    alt = Text(_("what it shows, for those who do not see it"), required=True, long=True)
    caption = Text(_("caption"))
    credit = Text(_("who made it, and its licence"), required=True)

    def __str__(self) -> str:
        return self.slug

    @property
    def sizes(self) -> tuple[tuple[str, int], ...]:
        """(address, width in pixels) of every width that was kept beside `file`, narrowest first."""
        end = f"-{self.width}.webp"
        if not str(self.file.name).endswith(end):
            return ()
        stem = self.file.url.removesuffix(end)
        return tuple((f"{stem}-{w}.webp", w) for w in (*(w for w in WIDTHS if w < self.width), self.width))
