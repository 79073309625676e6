"""What is taught: documents and what they claim; lessons in versions."""

from lessons.models.comparison import Comparison, Position, Stance
from lessons.models.lesson import Lesson, LessonVersion, unresolved
from lessons.models.original import Original
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
    "ORIGINAL",
    "Basis",
    "Check",
    "Claim",
    "Comparison",
    "Confidence",
    "Edition",
    "Erratum",
    "Event",
    "Image",
    "Lesson",
    "LessonVersion",
    "Lines",
    "Origin",
    "Original",
    "Passage",
    "Point",
    "Position",
    "Record",
    "Series",
    "Shore",
    "Source",
    "Stance",
    "Status",
    "Term",
    "Text",
    "Unit",
    "Version",
    "unresolved",
]
