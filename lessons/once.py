"""once.yaml: what the curriculum tells in one place only, so that nothing else in it can vouch for it.

Whoever changes such a figure, name or citation in its text looks it up, and changes it in this list as well.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from textwrap import wrap

from lessons.files import CURRICULUM, Source
from lessons.models import ORIGINAL
from lessons.schema import OnceFile
from lessons.vouching.quantities import keys
from lessons.vouching.statements import Statement
from lessons.vouching.witnesses import Doubt, Names

ONCE = CURRICULUM / ORIGINAL / "once.yaml"
BLOCKS = {"figure": "figures", "name": "names", "citation": "citations"}
WIDTH = 118  # of a line

Told = dict[str, dict[str, set[str]]]  # home -> figures, names or citations -> as they are written


def listed(doubt: Doubt, once: Told) -> bool:
    return doubt.what in once.get(doubt.statement.home, {}).get(BLOCKS[doubt.kind], ())


def read_once(path: Path = ONCE) -> Told:
    """The figures as `str(Key)` writes them."""
    if not path.exists():
        return {}
    told: dict[str, OnceFile] = Source(path, path.parent).read(dict[str, OnceFile])
    return {
        home: {
            "figures": {str(key) for figure in page.figures for key in keys(f"in {figure}")},
            "names": set(page.names),
            "citations": set(page.citations),
        }
        for home, page in told.items()
    }


def once_lines(found: Iterable[Doubt]) -> Iterator[str]:
    """The doubts as once.yaml lists them."""
    pages: Told = defaultdict(lambda: defaultdict(set))
    for doubt in found:
        pages[doubt.statement.home][BLOCKS[doubt.kind]].add(doubt.what)
    for home, page in sorted(pages.items()):
        blocks = [
            f"{name}: [{', '.join(map(_quoted, sorted(page[name], key=_order)))}]"
            for name in BLOCKS.values()
            if page[name]
        ]
        if " " in home and len(blocks) == 1:  # records have little to list
            yield f"{home}: {{{blocks[0]}}}"
        else:
            yield f"{home}:"
            for block in blocks:
                yield from wrap(block, WIDTH, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)


def _order(what: str) -> tuple[bool, str]:
    """Plain numbers and years last."""
    return what.isdigit(), what


def _quoted(what: str) -> str:
    return f"'{what}'" if what[0].isdigit() and not what.isdigit() else what


def stale(once: Told, statements: list[Statement], names: Names) -> Iterator[str]:
    """Entries that no text of their home tells any more."""
    told: Told = defaultdict(lambda: defaultdict(set))
    for statement in statements:
        page = told[statement.home]
        page["figures"] |= {str(key) for key in keys(statement.text) | statement.given}
        page["names"] |= names.within(statement.text) | statement.names
        page["citations"] |= set(statement.cites)
    for home, page in once.items():
        for block, entries in page.items():
            yield from (f"{home}: no text says {what} any more" for what in sorted(entries - told[home][block]))
