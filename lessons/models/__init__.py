"""What is taught: documents and what they claim; lessons in versions."""

from lessons.models.lesson import Lesson, LessonVersion, unresolved
from lessons.models.records import (
    Basis,
    Check,
    Claim,
    Confidence,
    Erratum,
    Event,
    Image,
    Passage,
    Point,
    Series,
    Shore,
    Source,
    Term,
    Unit,
)
from lessons.models.texts import ORIGINAL, Edition, Lines, Record, Text
from lessons.models.versions import Origin, Status, Version

__all__ = [
    "ORIGINAL", "Basis", "Check", "Claim", "Confidence", "Edition", "Erratum", "Event", "Image", "Lesson",
    "LessonVersion", "Lines", "Origin", "Passage", "Point", "Record", "Series", "Shore", "Source", "Status", "Term",
    "Text", "Unit", "Version", "unresolved",
]  # fmt: skip
