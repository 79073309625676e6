"""Words beside language-neutral records: how a record keeps its texts in every language."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

ORIGINAL = "en"  # the language every text exists in


class Text:
    """One text of a record, read and written in the active language; reading falls back to the original."""

    empty: Any = ""

    def __init__(self, label: Any = "", *, required: bool = False, long: bool = False) -> None:
        self.label, self.required, self.long = label, required, long

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, record: Any, owner: type | None = None) -> Any:
        if record is None:
            return self
        for language in (get_language() or ORIGINAL, ORIGINAL):
            if (value := record.texts.get(language, {}).get(self.name)) is not None:
                return value
        return self.empty

    def __set__(self, record: Any, value: Any) -> None:
        record.texts.setdefault(get_language() or ORIGINAL, {})[self.name] = value


class Lines(Text):
    """A list of short texts; an editor writes one a line."""

    empty: Any = ()


class Edition(models.Model):
    """The state of all records as one number: it moves with every change, so rendered pages can be kept."""

    number = models.PositiveBigIntegerField(default=0)
    loaded = models.CharField(max_length=64, blank=True)  # digest of the files last loaded

    def __str__(self) -> str:
        return str(self.number)

    @classmethod
    def moved(cls) -> None:
        """Say that some record changed."""
        if not cls.objects.filter(pk=1).update(number=models.F("number") + 1):
            cls.objects.get_or_create(pk=1, defaults={"number": 1})


class Record(models.Model):
    """A record of the curriculum: neutral fields, `texts[language][name]`, and what the loader last wrote."""

    texts = models.JSONField(default=dict, blank=True, editable=False)
    shipped = models.JSONField(_("as shipped"), null=True, blank=True, editable=False)

    KEY: ClassVar[str] = "slug"

    class Meta:
        abstract = True

    @classmethod
    def text_fields(cls) -> dict[str, Text]:
        """The texts of this kind of record, by name, in the order written in the class."""
        return {name: value for name, value in vars(cls).items() if isinstance(value, Text)}

    def rows(self) -> list[dict[str, Any]]:
        """What hangs from the record in rows of its own (the points of a series), as plain data."""
        return []

    def set_rows(self, rows: list[dict[str, Any]]) -> None:
        """Replace them."""

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        Edition.moved()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        gone = super().delete(*args, **kwargs)
        Edition.moved()
        return gone
