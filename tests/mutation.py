"""Break the curriculum on purpose and count what the checks notice: `make mutate`, or `python -m tests.mutation`.

Each time one thing is changed in a copy of the curriculum: a citation, a date, a name or a number, in lessons,
teachers' pages, questions (not in what they offer as wrong) and records. Then the copy is loaded and surveyed as
`load_curriculum` and `check_curriculum` do, in this process. A line for each class, as

    mutation citations=13 caught=12 loading=4 counts=1 proofs=7

(loading: the loader refuses it; counts: the survey misses or minds something; proofs: the texts no longer agree, see
`quizzes/proofs.py`; the first of these counts), and every mutation that nobody noticed, with its place. Words for one,
two and three are left alone.
"""

import argparse
import os
import random
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import cycle
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from lessons.vouching.quantities import MONTHS, ORDINALS, UNITS, read
from quizzes.consistency import holds
from tests.serving import ROOT, demo

CLASSES = ("citations", "dates", "names", "numbers")
CODE = re.compile(r"\b(?:(?:WP|BC|DE|RS|TF)-\d+[a-z]|E\d\d)\b")
ISO = re.compile(r"\d{4}(-\d\d){0,2}(/.*)?")
LINK = re.compile(r"\[\[([a-z0-9-]+)(?:\|[^\]]*)?\]\]")
# No text: codes, ids of headings, names of blocks, the minutes of a plan for the classroom
MASK = re.compile(
    rf"{CODE.pattern}|\{{#[^}}]*\}}|^:::.*$|^(?:id|unit|number|minutes):.*$|^\| ?\d+–\d+ ?\||^\d+\. ", re.M
)
PROOFS = re.compile(r"texts that do not agree|(figures|names) that nothing|citations that many|entries of once")


@dataclass(frozen=True)
class Spot:
    """Something that can be broken: where in which file, and how to make another of its kind."""

    file: Path
    path: tuple[str | int, ...]  # where in the file's data; empty for a text file
    start: int  # in the text there; -1: the whole value
    old: Any
    how: str


class Workshop:
    """A copy of the curriculum, what can be broken in it, and with what."""

    def __init__(self, root: Path, chance: random.Random) -> None:
        from lessons import proofs
        from lessons.models import Claim, Erratum, LessonVersion, Status, Term

        self.root, self.chance, self.yaml = root, chance, YAML(typ="safe")
        self.yaml.width = 1000
        self.codes = [*Claim.objects.values_list("code", flat=True), *Erratum.objects.values_list("code", flat=True)]
        self.terms = {term.slug: term for term in Term.objects.prefetch_related("units")}
        self.names = proofs.glossary_names(LessonVersion.objects.filter(status=Status.PUBLISHED))
        self.spots: dict[str, list[Spot]] = {kind: [] for kind in CLASSES}
        for path in sorted(root.rglob("*.md")):
            self._text(path, (), path.read_text())
        for path in sorted(root.glob("*/*.questions.yaml")):
            data = self.yaml.load(path.read_text())
            self._leaves(path, data["quizzes"], ("quizzes",))
            for n, asked in enumerate(data["questions"]):
                self._leaves(path, asked, ("questions", n), asked)
        for path in [root / f"{name}.yaml" for name in ("timeline", "series", "compare", "errata", "terms")]:
            self._leaves(path, self.yaml.load(path.read_text()), (), texts=path.stem in ("timeline", "series"))
        self.years = [int(spot.old) for spot in self.spots["dates"] if spot.how == "year" and len(spot.old) == 4]

    def _leaves(self, file: Path, data: Any, path: Any, asked: Any = None, *, texts: bool = True) -> None:
        """Look at every text and value below `path`; not at what the question `asked` offers as wrong."""
        inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
        for key, value in inner:
            here = (*path, key)
            if isinstance(value, dict | list):
                self._leaves(file, value, here, asked, texts=texts)
            elif asked and "text" in here and not holds(asked["kind"], asked["content"], ".".join(map(str, here[3:]))):
                pass  # it is offered as wrong
            elif texts and key == "date" and ISO.fullmatch(str(value)):
                self.spots["dates"].append(Spot(file, here, -1, str(value), "iso"))
            elif key == "value" and "distractors" not in here:
                self.spots["numbers"].append(Spot(file, here, -1, value, "value"))
            elif key != "id" and isinstance(value, str) and CODE.fullmatch(value):
                self.spots["citations"].append(Spot(file, here, -1, value, "code"))
            elif texts and isinstance(value, str) and "text" in here and not {"hints", "unit"} & set(here):
                self._text(file, here, value)

    def _text(self, file: Path, path: tuple[str | int, ...], text: str) -> None:
        def found(kind: str, start: int, end: int, how: str) -> None:
            self.spots[kind].append(Spot(file, path, start, text[start:end], how))

        for match in CODE.finditer(text):
            found("citations", *match.span(), "code")
        plain = MASK.sub(lambda match: "§" * len(match[0]), text)
        for match in LINK.finditer(plain):
            found("names", *match.span(1), "slug")
        for match in self.names.pattern.finditer(LINK.sub(lambda m: m[0].replace(m[1], "§" * len(m[1]), 1), plain)):
            found("names", *match.span(), "name")
        for each in read(plain):
            if not each.small:
                how = each.key.kind.replace("moment", "month")
                found("numbers" if how == "number" else "dates", each.start, each.end, how)

    def pick(self, kind: str) -> tuple[Spot, Any]:
        while True:
            spot = self.chance.choice(self.spots[kind])
            new = getattr(self, f"_{spot.how}")(spot.old)
            if new not in (None, spot.old):
                return spot, new

    def _code(self, old: str) -> str:
        if self.chance.random() < 0.2:  # one that does not exist
            return f"{old[:3]}99z" if "-" in old else "E99"
        return self.chance.choice([code for code in self.codes if ("-" in code) == ("-" in old)])

    def _year(self, old: str) -> str:
        if self.chance.random() < 0.5:
            return str(self.chance.choice(self.years))[-len(old) :]
        return f"{int(old) + self.chance.choice((-10, -3, -2, -1, 1, 2, 3, 10)):0{len(old)}}"

    def _month(self, old: str) -> str:
        return self.chance.choice(MONTHS)

    def _day(self, old: str) -> str:
        return str(self.chance.randint(1, 28))

    def _iso(self, old: str) -> str:
        first, slash, last = old.partition("/")
        parts = first.split("-")
        which = self.chance.randrange(len(parts))
        parts[which] = self._year(parts[0]) if which == 0 else f"{self.chance.randint(1, 12 if which == 1 else 28):02}"
        return "-".join(parts) + slash + last

    def _value(self, old: float) -> float:
        return type(old)(self.chance.choice((old + 1, old - 1, old * 10, round(old * 1.1, 1))))

    def _number(self, old: str) -> str:
        if not old[0].isdigit():
            word = self.chance.choice(ORDINALS if old.lower() in ORDINALS else UNITS[2:13])
            return word.capitalize() if old[0].isupper() else word
        places = len(old.partition(".")[2])
        return f"{self._value(float(old.replace(',', ''))):{',' if ',' in old else ''}.{places}f}"

    def _slug(self, old: str) -> str | None:
        """Another term of the same kind; half of them from the same units."""
        own = self.terms.get(old)
        same = [term for term in self.terms.values() if own and term.kind == own.kind and term != own]
        if own and self.chance.random() < 0.5:
            same = [term for term in same if {*term.units.all()} & {*own.units.all()}] or same
        return self.chance.choice(same).slug if same else None

    def _name(self, old: str) -> str | None:
        other = self._slug(min(self.names.slugs[old.lower()]))
        return self.terms[other].name.split(" (")[0] if other else None

    def try_one(self, spot: Spot, new: Any, look: Callable[[], str]) -> tuple[str, str]:
        """(who notices that `new` stands there, or nothing; what was broken, in words)."""
        before = text = spot.file.read_text()
        if spot.path:
            data = holder = self.yaml.load(before)
            for step in spot.path[:-1]:
                holder = holder[step]
            text = str(holder[spot.path[-1]])
        after = text[: spot.start] + str(new) + text[spot.start + len(str(spot.old)) :]
        if spot.path:
            holder[spot.path[-1]] = new if spot.start < 0 else after
            self.yaml.dump(data, spot.file)
        else:
            spot.file.write_text(after)
        try:
            noticed = look()
        finally:
            spot.file.write_text(before)
        place = f"{spot.file.relative_to(self.root)} {'.'.join(map(str, spot.path))}"
        near = " ".join(text[max(0, spot.start - 40) : max(0, spot.start) + 40].split())
        return noticed, f"{place} {spot.old} -> {new} (“{near}”)"


def checks(root: Path) -> Callable[[], str]:
    """A function that loads and surveys the copy, forgets it again, and says who noticed something: or nothing."""
    from django.db import transaction

    from lessons import markup
    from lessons.loader import Report, Shelves, load_lessons
    from quizzes.loader import load_questions
    from quizzes.survey import survey

    markup.scan = lru_cache(maxsize=16384)(markup.scan)  # type: ignore[assignment]  # the same texts, again and again

    def load() -> list[str]:  # what is wrong
        report, shelves = Report(), Shelves()
        load_lessons(report, shelves, root)
        load_questions(report, shelves, root)
        return report.errors

    def look() -> str:
        with transaction.atomic():
            errors = load()
            short = [] if errors else [line for line in survey().short if line not in known]
            transaction.set_rollback(True)
        silent = "loading" if errors else ""
        return silent if errors or not short else "proofs" if all(map(PROOFS.match, short)) else "counts"

    with transaction.atomic():
        if errors := load():
            raise SystemExit("\n".join(errors))
    known = {*survey().short}
    return look


def main() -> None:
    parser = argparse.ArgumentParser(description="Break the curriculum and count what the checks notice.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=50)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="two-shores-mutation-") as place:
        env = demo(Path(place))
        os.environ.clear()
        os.environ.update(env)
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        root = shutil.copytree(ROOT / "lessons" / "curriculum" / "en", Path(place) / "en")
        look, workshop = checks(root), Workshop(root, random.Random(wanted.seed))
        caught, missed = Counter[tuple[str, str]](), []
        for _n, kind in zip(range(wanted.count), cycle(CLASSES), strict=False):
            noticed, where = workshop.try_one(*workshop.pick(kind), look)
            caught[kind, noticed] += 1
            missed += [] if noticed else [f"missed {kind}: {where}"]
    for kind in CLASSES:
        by = [f"{who}={caught[kind, who]}" for who in ("loading", "counts", "proofs")]
        all_of_it = sum(n for (of, _who), n in caught.items() if of == kind)
        print(f"mutation {kind}={all_of_it} caught={all_of_it - caught[kind, '']} {' '.join(by)}")
    print("\n".join([*missed, f"mutation all={wanted.count} caught={wanted.count - len(missed)} seed={wanted.seed}"]))


if __name__ == "__main__":
    main()
