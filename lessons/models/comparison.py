"""Questions put to all five documents at once: who agrees, who differs, who is silent."""

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lessons.models.records import Claim, Passage, Source, passages_of
from lessons.models.texts import Lines, Record, Text


class Stance(models.TextChoices):
    AGREE = "agree", _("agrees")
    DIFFER = "differ", _("differs")
    SILENT = "silent", _("silent")


class Comparison(Record):
    """One question, what each document says to it, and what we make of that."""

    slug = models.SlugField(unique=True)  # X01
    topic = models.SlugField()
    relation = models.CharField(max_length=12)
    question = Text(_("question"), required=True)
    verdict = Text(_("what we make of it"), long=True)
    says = Lines(_("what each document says, as key: text"))

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return f"{self.slug} {self.question}"

    def get_absolute_url(self) -> str:
        return f"{reverse('compare')}#{self.slug}"

    def rows(self) -> list[dict[str, Any]]:
        positions = self.positions.select_related("source").prefetch_related("claims")
        return [
            {"source": p.source.slug, "stance": p.stance, "claims": sorted(c.code for c in p.claims.all())}
            for p in positions
        ]

    def set_rows(self, rows: list[dict[str, Any]]) -> None:
        self.positions.all().delete()
        sources = Source.objects.in_bulk(field_name="slug")
        for n, row in enumerate(rows, 1):
            position = Position.objects.create(
                comparison=self, number=n, source=sources[row["source"]], stance=row["stance"]
            )
            position.claims.set(Claim.objects.filter(code__in=row["claims"]))


class Position(models.Model):
    """What one document says to a question; its words stand in `Comparison.says`."""

    comparison = models.ForeignKey(Comparison, on_delete=models.CASCADE, related_name="positions")
    number = models.PositiveSmallIntegerField()
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="positions")
    stance = models.CharField(max_length=6, choices=Stance)
    claims = models.ManyToManyField(Claim, related_name="positions", blank=True)

    class Meta:
        ordering = ["comparison", "number"]
        constraints = [models.UniqueConstraint(fields=["comparison", "source"], name="one_position_a_document")]

    def __str__(self) -> str:
        return f"{self.comparison_id} {self.source_id}: {self.stance}"

    @property
    def says(self) -> str:
        lines = (line.partition(": ") for line in self.comparison.says)
        return next((says for key, _colon, says in lines if key == self.source.slug), "")

    @property
    def passages(self) -> list[Passage]:
        return passages_of(self.claims.all())
