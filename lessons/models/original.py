"""A document's own words, where a site has the right to show them. None are shipped."""

from typing import Any

from django.db import models, transaction

from lessons.models.records import Passage, Source
from lessons.models.texts import Edition


class OriginalQuerySet(models.QuerySet["Original"]):
    def of(self, source: Source) -> "OriginalQuerySet":
        return self.filter(passage__source=source)

    def visible_to(self, reader: Any) -> "OriginalQuerySet":
        """What `reader` may see: a named account everything, guests and visitors what is public."""
        named = reader.is_authenticated and not reader.is_guest
        return self.all() if named else self.filter(public=True)


class Original(models.Model):
    """The words of one paragraph. Nothing leads here from a passage, so that no page, search or export that shows
    passages comes upon them: whoever shows them asks `visible_to` each time and keeps them nowhere."""

    passage = models.OneToOneField(Passage, on_delete=models.CASCADE, related_name="+")
    text = models.TextField()
    public = models.BooleanField(default=False)  # guests and visitors may read it too

    objects = OriginalQuerySet.as_manager()

    class Meta:
        ordering = ["passage"]

    def __str__(self) -> str:
        return f"{self.passage}: {len(self.text)} characters"

    @classmethod
    @transaction.atomic
    def attach(cls, source: Source, words: dict[int, str], *, public: bool) -> None:
        """Give these paragraphs, by number, their words; what was attached to the document before is gone."""
        cls.detach(source)
        passages = source.passages.filter(number__in=words)
        Original.objects.bulk_create([Original(passage=p, text=words[p.number], public=public) for p in passages])

    @classmethod
    @transaction.atomic
    def detach(cls, source: Source) -> int:
        """Take a document's words away; returns from how many paragraphs."""
        gone, _each = cls.objects.of(source).delete()
        Edition.moved()  # pages know which paragraphs have words, not what these say
        return gone
