"""How the house is built: imports point one way, rules are pure, nothing signals, pages hold no scripts."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ("accounts", "lessons", "quizzes", "progress", "classrooms")  # each may import those before it
MOST_LINES = 400

PURE = (
    "lessons/markup.py", "lessons/syntax.py", "lessons/composer.py", "lessons/clean.py", "lessons/book.py",
    "lessons/charts.py", "lessons/plots.py", "lessons/region.py", "lessons/coasts.py", "lessons/search.py",
    "lessons/readability.py", "lessons/images.py",
    "lessons/dates.py", "lessons/typeface.py", "lessons/drawing.py", "lessons/covers.py", "progress/diploma.py",
    "lessons/vouching",
    "quizzes/consistency.py", "lessons/originals.py", "quizzes/grading.py",
    "quizzes/drawing.py",
    "quizzes/calibration.py", "quizzes/certainty.py", "quizzes/rereading.py", "quizzes/questions",
    "progress/mastery.py", "progress/schedule.py", "classrooms/standing.py", "classrooms/zones.py",
)  # fmt: skip
# What pure modules may take from Django: words, forms, and safe strings. No models, requests, settings, clock.
HARMLESS = re.compile(
    r"django\.(forms(\.renderers)?|core\.exceptions|utils\.(translation|safestring|html|text|functional|formats|dateformat|encoding))$"
)
CLOCKS = {("datetime", "now"), ("datetime", "today"), ("datetime", "utcnow"), ("date", "today"), ("time", "time")}

# From the page down to the rule. A module imports only from its own step or from those below it.
STEPS = (
    ("pages", r"(views|\w+_views|urls|admin|admin/.*|demo|apps|management/.*)"),
    ("reads", r"(summary|gradebook|needs|misled|tasks|export|reading|asking|checkpoints|forms|adapter|guests|guesses"
              r"|loader|pictures|issuing|middleware|finding|survey|history|stock|review|skills|proofs|once|marking|regrading|reports"
              r"|offers|templatetags/.*)"),
    ("rows", r"(models|models/.*|roles|schema|files)"),
)  # fmt: skip


def modules(*folders: str) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def is_pure(path: Path) -> bool:
    return any(name(path) == pure or name(path).startswith(f"{pure}/") for pure in PURE)


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Every module that a file imports, with the line; what only type checkers import does not count."""
    tree = ast.parse(path.read_text())
    for_types = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) in {"TYPE_CHECKING", "typing.TYPE_CHECKING"}
        for statement in node.body
        for inner in ast.walk(statement)
    }
    for node in ast.walk(tree):
        if node in for_types:
            continue
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name(path)}:{node.lineno} a relative import hides where it points"
            if node.module not in {"django", "django.utils"}:
                yield str(node.module), node.lineno
            for alias in node.names:  # `from lessons import markup` imports lessons.markup
                file = ROOT / str(node.module).replace(".", "/") / f"{alias.name}.py"
                if file.exists() or node.module in {"django", "django.utils"}:
                    yield f"{node.module}.{alias.name}", node.lineno


def step(app: str, path: str) -> int:
    """0 for pages, 1 for what they read, 2 for models, 3 for pure modules."""
    inner = path.removeprefix(f"{app}/").removesuffix(".py")
    if is_pure(ROOT / path):
        return len(STEPS)
    return next((n for n, (_name, pattern) in enumerate(STEPS) if re.fullmatch(pattern, inner)), -1)


def file_of(module: str) -> str:
    """The path of a module of ours, from its dotted name."""
    path = module.replace(".", "/")
    return f"{path}.py" if (ROOT / f"{path}.py").exists() else f"{path}/__init__.py"


# --- imports -----------------------------------------------------------------------------------------------


def test_the_files_are_found() -> None:
    assert len(list(modules(*APPS, "jkrel"))) > 60
    assert {path for pure in PURE for path in [ROOT / pure] if not path.exists()} == set()


@pytest.mark.parametrize("app", APPS)
def test_apps_import_only_what_lies_upstream(app: str) -> None:
    downstream = APPS[APPS.index(app) + 1 :]
    wrong = [
        f"{name(path)}:{line} imports {module}"
        for path in modules(app)
        for module, line in imports(path)
        if module.split(".")[0] in downstream
    ]
    assert wrong == []


def test_the_project_package_names_apps_only_as_strings() -> None:
    wrong = [
        f"{name(path)}:{line} imports {module}"
        for path in modules("jkrel")
        for module, line in imports(path)
        if module.split(".")[0] in APPS
    ]
    assert wrong == []


@pytest.mark.parametrize("app", APPS)
def test_pages_read_models_and_models_never_read_pages(app: str) -> None:
    wrong = []
    for path in modules(app):
        if path.name == "__init__.py" and path.parent == ROOT / app:
            continue
        mine = step(app, name(path))
        assert mine >= 0, f"{name(path)}: say in STEPS or PURE where this module stands"
        for module, line in imports(path):
            target = file_of(module)
            if module.split(".")[0] in APPS and "." in module and 0 <= step(module.split(".")[0], target) < mine:
                wrong.append(f"{name(path)}:{line} imports {module}, which stands above it")
    assert wrong == []


def test_pure_modules_know_no_models_requests_settings_or_clock() -> None:
    wrong = []
    for path in filter(is_pure, modules(*APPS)):
        for module, line in imports(path):
            first = module.split(".")[0]
            ours = first in APPS and "." in module and not is_pure(ROOT / file_of(module))
            if ours or (first == "django" and not HARMLESS.match(module)) or first in {"jkrel", "allauth"}:
                wrong.append(f"{name(path)}:{line} imports {module}")
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and (ast.unparse(node.value).split(".")[-1], node.attr) in CLOCKS:
                wrong.append(f"{name(path)}:{node.lineno} reads the clock")
    assert wrong == []


# --- habits ------------------------------------------------------------------------------------------------


def test_nothing_signals() -> None:
    signals = {"receiver", "Signal", "pre_save", "post_save", "pre_delete", "post_delete", "m2m_changed",
               "pre_init", "post_init", "pre_migrate", "post_migrate", "request_started", "request_finished",
               "user_logged_in", "user_signed_up"}  # fmt: skip
    wrong = []
    for path in modules(*APPS, "jkrel"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [a.name for a in node.names] if isinstance(node, ast.ImportFrom) else []
            if signals & {*names, getattr(node, "id", ""), getattr(node, "attr", "")}:
                wrong.append(f"{name(path)}:{node.lineno}")  # type: ignore[attr-defined]
    assert wrong == []


def test_no_module_is_too_long_to_read() -> None:
    long = {name(path): n for path in modules(*APPS, "jkrel") if (n := len(path.read_text().splitlines())) > MOST_LINES}
    assert long == {}


def test_only_the_gate_makes_html_safe() -> None:
    """What marks text as safe is listed here, so that a new place is looked at by somebody."""
    may = {  # they escape first
        *("lessons/clean.py", "lessons/charts.py", "lessons/region.py", "lessons/markup.py", "lessons/search.py"),
        "quizzes/questions/squares.py",
    }
    makers = {"mark_safe", "SafeString", "SafeText"}
    places = {
        name(path)
        for path in modules(*APPS, "jkrel")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in makers
        if not all(isinstance(argument, ast.Constant) for argument in node.args)
    }
    assert places == may


# --- templates ---------------------------------------------------------------------------------------------

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
each_template = pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))

COMMENT = re.compile(r"\{#.*?#\}|\{%\s*comment\b.*?%\}.*?\{%\s*endcomment\s*%\}|<!--.*?-->", re.S)
TRANSLATED = re.compile(r"\{%\s*blocktrans(?:late)?\b.*?\{%\s*endblocktrans(?:late)?\s*%\}", re.S)
TAG, VARIABLE = re.compile(r"\{%.*?%\}", re.S), re.compile(r"\{\{.*?\}\}", re.S)
SAID = re.compile(r"""\b(?:aria-label|title|placeholder|alt|data-moved)\s*=\s*("[^"]*"|'[^']*')""")
ELEMENT = re.compile(r"""<(?:[^<>"']|"[^"]*"|'[^']*')*>""", re.S)
# What no reader sees as words: names of sections and style classes, and examples of our own syntax.
CODE = re.compile(r"\{%\s*block (?:nav|bodyclass)\s*%\}.*?\{%\s*endblock\s*%\}|<code>.*?</code>|<pre>.*?</pre>", re.S)
SCRIPT = re.compile(r"<(script|style)\b[^>]*>(.*?)</\1>", re.S | re.I)


def source(path: Path) -> str:
    """A template without its comments."""
    return COMMENT.sub("", path.read_text())


def words(template: str) -> str:
    """The letters that a reader sees and that no translator can reach."""
    html = VARIABLE.sub("", TAG.sub("", TRANSLATED.sub("", CODE.sub("", template))))
    said = " ".join(found.strip("\"'") for found in SAID.findall(html))
    shown = re.sub(r"&\w+;", "", ELEMENT.sub(" ", html)) + " " + said
    return " ".join(re.findall(r"[^\W\d_]+", shown))


# Words that stay as they are in every language, with the reason.
SAME_EVERYWHERE = {
    "parts/coasts.html": ("", "the shores are named in their own scripts"),
    "parts/brand.html": ("", "the shores are named in their own scripts"),
    "parts/settings.html": ("", "languages are named in their own language"),
    "quizzes/quiz.html": ("UTC", "the name of the time zone"),
    "quizzes/result.html": ("UTC", "the name of the time zone"),
    "quizzes/_clock.html": ("UTC", "the name of the time zone"),
    "classrooms/_marks.html": ("n", "the sign for how many were counted"),
}
OWN_SCRIPT = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")


def test_the_search_for_untranslated_words_finds_them() -> None:
    assert words("<p>Hello {{ name }}{% block nav %}map{% endblock %}</p>") == "Hello"
    assert words("{% if a %}<b aria-label='Close it'>{% translate 'x' %}</b>{% endif %}") == "Close it"
    assert words("<p>{% blocktranslate trimmed %}Hello {{ name }}{% endblocktranslate %}&nbsp;·</p>") == ""


@each_template
def test_every_word_can_be_translated(path: Path) -> None:
    said, _why = SAME_EVERYWHERE.get(str(path.relative_to(ROOT / "templates")), (None, ""))
    left = words(source(path)).split()
    assert [word for word in left if said is None or not (word == said or OWN_SCRIPT.fullmatch(word))] == []


@each_template
def test_no_script_or_style_stands_in_a_page(path: Path) -> None:
    template = source(path)
    assert not any(body.strip() for _tag, body in SCRIPT.findall(template))
    assert not re.search(r"<style\b", template, re.I)
    plain = VARIABLE.sub("", TAG.sub(" ", template))
    for element in ELEMENT.findall(plain):
        assert not re.search(r"\s(style|on[a-z]+)\s*=", element, re.I), element
        assert "javascript:" not in element.lower(), element


@each_template
def test_pages_ask_no_other_origin(path: Path) -> None:
    shown = [
        address
        for address in re.findall(r"""\b(?:src|href|action|srcset)\s*=\s*["']?([^"'\s>]+)""", source(path))
        if re.match(r"(https?:)?//", address)
    ]
    assert shown == []


def test_posting_forms_carry_the_token() -> None:
    missing = []
    for path in TEMPLATES:
        template = source(path)
        for form in re.finditer(r"<form\b[^>]*method=.post.[^>]*>", template):
            if "csrf_token" not in template[form.end() :].split("</form>")[0]:
                missing.append(f"{path.relative_to(ROOT)}: {form[0][:60]}")
    assert missing == []


# --- the repository ----------------------------------------------------------------------------------------


def repository() -> list[Path]:
    """The files that are, or are about to be, in the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [path for entry in listed.stdout.decode().split("\0") if entry and (path := ROOT / entry).is_file()]


def test_no_file_names_a_package_index_or_a_place_on_somebodys_machine() -> None:
    strange = re.compile(
        rb"--(?:extra-)?index-url|--trusted-host|--find-links [^ -]|pypi\.org|pythonhosted|registry\.npmjs"
        rb"|(?<![\w.$])/(?:home|Users|root|work)/\w"
    )
    found = [
        f"{name(path)}: {hit[0].decode(errors='replace')}"
        for path in repository()
        if path != Path(__file__).resolve() and (hit := strange.search(path.read_bytes()))
    ]
    assert found == []


def test_no_secret_or_database_is_kept() -> None:
    kept = [
        name(path)
        for path in repository()
        if path.suffix in {".sqlite3", ".sqlite", ".db", ".pem", ".key"} or path.name.startswith(".env")
    ]
    assert kept == []
