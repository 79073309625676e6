"""The scale of years that a timeline question shows: where its marks stand. Nothing of the key."""

from dataclasses import dataclass
from typing import NamedTuple

STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000)
MOST_SPANS = 6  # so that the years beside the marks have room on a phone


class Mark(NamedTuple):
    """A mark: its year, and where it stands from 0% to 100% of the scale."""

    year: int
    at: str


@dataclass(frozen=True)
class Scale:
    first: int
    last: int

    @property
    def middle(self) -> int:
        """Where a slider stands before anything was chosen."""
        return (self.first + self.last) // 2

    def marks(self) -> list[Mark]:
        """Both ends and round years between them that do not stand too near to an end."""
        length = self.last - self.first
        step = next(step for step in STEPS if length <= step * MOST_SPANS)
        near = step * 0.7
        between = range(-(-self.first // step) * step, self.last, step)
        years = [self.first, *(y for y in between if y - self.first >= near and self.last - y >= near), self.last]
        return [Mark(year, f"{(year - self.first) / length:.2%}") for year in years]
