"""The gradebook as a table for spreadsheets: text stays text, numbers are numbers."""

from collections.abc import Iterator
from datetime import tzinfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from classrooms.gradebook import Gradebook
from classrooms.standing import State

# What a spreadsheet takes for the start of a formula, the full-width forms of Japanese input included.
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def as_text(value: str) -> str:
    """A cell that no spreadsheet runs."""
    return f"'{value}" if value.startswith(STARTS) or value.lstrip().startswith(STARTS) else value


def as_number(value: float | None) -> str:
    if value is None:
        return ""
    return str(int(value)) if value == int(value) else str(round(value, 4))


def table(book: Gradebook, zone: tzinfo) -> Iterator[list[str]]:
    """Rows of cells, the header first: two columns for each assignment, points and state."""
    header = [_("Pupil")]
    for column in book.columns:
        day = date_format(column.due.astimezone(zone), "Y-m-d")
        header += [
            as_text(_("%(title)s (%(date)s), of %(n)d") % {"title": column.title, "date": day, "n": column.out_of}),
            as_text(_("%(title)s: state") % {"title": column.title}),
        ]
    yield [*header, _("So far, percent")]
    for row in book.rows:
        cells = [as_text(row.pupil.name)]
        for cell in row.cells:
            state = _("handed in") if cell.state == State.DONE else cell.note
            cells += [as_number(cell.score.points if cell.score else None), as_text(state)]
        yield [*cells, as_number(row.percent)]
