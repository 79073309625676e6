"""Curriculum files -> checked data, with errors that say where: `file:line:column field - what is wrong`."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

CURRICULUM = Path(__file__).resolve().parent / "curriculum"


class BadFiles(Exception):
    """What is wrong with the files, a line each; nothing was changed."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


@lru_cache(maxsize=256)
def _load(kind: str, text: str) -> Any:
    """The YAML of a text; nobody changes what it gives. Most of a load is spent here, so the same text is read once."""
    return YAML(typ=kind, pure=True).load(text)


class Source:
    """The text of one file, its name as errors should show it, and where its YAML begins."""

    def __init__(self, path: Path, root: Path) -> None:
        self.path, self.root, self.name = path, root, str(path.relative_to(root))
        try:
            self.text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            raise BadFiles([f"{self.name}:1:1 file - is missing"]) from None
        except UnicodeDecodeError as wrong:
            raise BadFiles([f"{self.name}:1:1 file - is not UTF-8 (byte {wrong.start})"]) from None
        self.yaml, self.body, self.offset = self.text, "", 0
        if path.suffix == ".md":
            self._split()

    def _split(self) -> None:
        """Part the front matter from the Markdown below it."""
        parts = self.text.split("---\n", 2)
        if len(parts) != 3 or parts[0].strip():
            raise BadFiles([f"{self.name}:1:1 front matter - must stand between two lines of ---"])
        self.yaml, self.body, self.offset = parts[1], parts[2].strip(), 1

    def _parse(self, kind: str) -> Any:
        return _load(kind, self.yaml)

    def place(self, where: tuple[str | int, ...]) -> str:
        """`name:line:column` of a field given by its path, or of the nearest thing around it."""
        node, line, column = self._parse("rt"), 0, 0
        for step in where:
            try:
                line, column = node.lc.key(step) if isinstance(step, str) else node.lc.item(step)
                node = node[step]
            except (AttributeError, KeyError, IndexError, TypeError):
                break
        return f"{self.name}:{line + 1 + self.offset}:{column + 1}"

    def error(self, where: tuple[str | int, ...], what: str) -> str:
        field = ".".join(str(step) for step in where) or "file"
        return f"{self.place(where)} {field} - {what}"

    def read(self, shape: Any, **more: Any) -> Any:
        """Parse and check; `more` is added to a mapping before it is checked. Raises BadFiles."""
        try:
            data = self._parse("safe")
        except MarkedYAMLError as wrong:
            mark = wrong.problem_mark or wrong.context_mark
            line, column = (mark.line, mark.column) if mark else (0, 0)
            place = f"{self.name}:{line + 1 + self.offset}:{column + 1}"
            raise BadFiles([f"{place} file - {wrong.problem or wrong.context}"]) from None
        except (YAMLError, ValueError) as wrong:
            raise BadFiles([f"{self.name}:1:1 file - {wrong}"]) from None
        if isinstance(data, dict):
            data = data | more
        try:
            return TypeAdapter(shape).validate_python(data)
        except ValidationError as wrong:
            raise BadFiles([self.error(e["loc"], e["msg"]) for e in wrong.errors(include_url=False)]) from None
