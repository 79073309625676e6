"""What a learner knows, by unit and by skill, from the latest answer to each question and what FSRS makes of it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

from progress.mastery import Grasp, Known, grasp, together
from progress.review import Study
from quizzes.models import Skill


@dataclass(frozen=True)
class Cell:
    """One skill in one unit. `grasp` is None where no question asks for it."""

    skill: str
    grasp: Grasp | None
    known: tuple[Known, ...] = ()


@dataclass(frozen=True)
class Line:
    """A unit, or all of them, skill by skill. `key` is the unit's pk, 0 for all."""

    key: int
    cells: tuple[Cell, ...]

    @property
    def grasp(self) -> Grasp:
        return together(cell.grasp for cell in self.cells if cell.grasp)

    @property
    def n(self) -> int:
        """Different questions answered."""
        return sum(len(cell.known) for cell in self.cells)

    @property
    def recall(self) -> int | None:
        """Percent of them that would be answered rightly today, predicted; None for none."""
        recalls = [known.recall for cell in self.cells for known in cell.known]
        return round(100 * fmean(recalls)) if recalls else None

    @property
    def fades(self) -> bool:
        return self.recall is not None and self.recall < 80


@dataclass(frozen=True)
class Matrix:
    """Units by skills, and all units together."""

    skills: tuple[str, ...]
    lines: tuple[Line, ...]
    total: Line

    @property
    def n(self) -> int:
        return self.total.n

    @property
    def kept(self) -> int:
        """How many of the questions answered would be answered rightly today, predicted."""
        return round(sum(known.recall for cell in self.total.cells for known in cell.known))


def matrix(study: Study, units: Iterable[int]) -> Matrix:
    """By the units given, in their order; no query."""
    known: dict[tuple[int, str], list[Known]] = defaultdict(list)
    for question, answer in study.latest.items():
        item = study.stock.items[question]
        recall = study.memories[item.card].expected(study.now)
        known[item.unit, item.card.skill].append(Known(answer.at, answer.credit, recall))
    skills = list(Skill)
    lines = tuple(Line(unit, tuple(_cell(study, known, unit, skill) for skill in skills)) for unit in units)
    total = Line(0, tuple(_sum(skill, [line.cells[n] for line in lines]) for n, skill in enumerate(skills)))
    return Matrix(tuple(str(skill.label) for skill in skills), lines, total)


def _cell(study: Study, known: dict[tuple[int, str], list[Known]], unit: int, skill: Skill) -> Cell:
    there, found = study.stock.there.get((unit, skill), 0), known.get((unit, skill), [])
    return Cell(str(skill.label), grasp(found, there) if there else None, tuple(found))


def _sum(skill: Skill, cells: Sequence[Cell]) -> Cell:
    states = [cell.grasp for cell in cells if cell.grasp]
    return Cell(
        str(skill.label), together(states) if states else None, tuple(known for cell in cells for known in cell.known)
    )
