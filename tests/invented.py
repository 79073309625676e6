"""Questions of every kind, made up: whatever an author could write, with every secret marked so that it can be found.

A question is made in three steps, since the tests need one page with two keys: what is shown, the key, and the
texts that go with both. A new kind adds its line to `SHOWN`, `KEYS` and `answers`.
"""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from quizzes.questions.figures import read
from quizzes.questions.spelling import fold, tidy
from quizzes.questions.squares import at
from tests.samples import REFS

Content = dict[str, Any]
HUSH = "zq"  # stands in every secret, and in nothing that is shown
SOURCES, PASSAGES = [slug for slug, _label in REFS.items()], list(REFS.passages)

strange = st.text("abcXYZ 09é한日ｶﾞ<>&\"'%.,…-\u200b\u0301", max_size=10)
secret = st.text("abcdef", min_size=4, max_size=8).map(lambda text: f"{HUSH}{text}")


def keys(least: int, most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(secret, min_size=least, max_size=most, unique=True)


def some(keys: list[str], least: int = 1, most: int | None = None) -> st.SearchStrategy[list[str]]:
    """Some of these keys, in any order."""
    return st.permutations(keys).flatmap(
        lambda found: st.integers(least, most or len(keys)).map(lambda count: list(found[:count]))
    )


# What is shown of the content


def options(block: str, least: int, most: int) -> st.SearchStrategy[Content]:
    return st.fixed_dictionaries({block: keys(least, most)})


@st.composite
def gaps(draw: st.DrawFn) -> Content:
    names = draw(keys(1, 4))
    chosen = [gap for gap in names if draw(st.booleans())]
    return {"gaps": names} | ({"options": {gap: draw(keys(2, 4)) for gap in chosen}} if chosen else {})


@st.composite
def scale(draw: st.DrawFn) -> Content:
    first = draw(st.integers(100, 2000))
    last = first + draw(st.integers(10, 500))
    tolerance = draw(st.integers(0, 9))
    reach = draw(st.none() | st.integers(tolerance + 1, last - first))
    content = {"from": first, "to": last, "events": draw(keys(1, 5)), "tolerance": tolerance}
    return content | ({} if reach is None else {"reach": reach})


SHOWN: dict[str, st.SearchStrategy[Content]] = {
    "single": options("options", 2, 6),
    "true_false": st.just({}),
    "multiple": options("options", 2, 6),
    "number": st.fixed_dictionaries({"year": st.booleans()}),
    "text": st.just({}),
    "ordering": options("items", 3, 8),
    "timeline": scale(),
    "matching": st.fixed_dictionaries({"prompts": keys(2, 6), "choices": keys(2, 5)}),
    "cloze": gaps(),
    "which_source": st.fixed_dictionaries({"sources": some(SOURCES, 2)}),
    "agreement": st.fixed_dictionaries({"sources": some(SOURCES, 2)}),
    "evidence": st.fixed_dictionaries({"passages": some(PASSAGES, 2)}),
    "unsupported": options("sentences", 3, 6),
    "short": st.just({}),
    "place": st.fixed_dictionaries(
        {"radius": st.sampled_from([0.04, 0.1]), "ring": st.sampled_from([0, 0.05])}
    ).flatmap(lambda near: st.sampled_from([{"map": "region"}, {"image": "harbour", "ratio": 0.75}]).map(near.__or__)),
}

# The key


def one_of(block: str) -> Callable[[Content], st.SearchStrategy[Content]]:
    return lambda shown: st.sampled_from(shown[block]).map(lambda key: {"right": key})


def several_of(block: str) -> Callable[[Content], st.SearchStrategy[Content]]:
    """In the order of the block, as an author's form writes them."""
    return lambda shown: some(shown[block], 1, len(shown[block]) - 1).map(
        lambda right: {"right": sorted(right, key=shown[block].index)}
    )


def pairs(block: str, choices: Callable[[Content], list[str]]) -> Callable[[Content], st.SearchStrategy[Content]]:
    def draw(shown: Content) -> st.SearchStrategy[Content]:
        each = dict.fromkeys(shown[block], st.sampled_from(choices(shown)))
        return st.fixed_dictionaries(each).map(lambda right: {"right": right})

    return draw


@st.composite
def amount(draw: st.DrawFn, shown: Content) -> Content:
    if shown["year"]:
        value: Any = draw(st.integers(1000, 9999))
        tolerance: Any = draw(st.integers(0, 5))
    else:
        value = draw(st.integers(-(10**9), 10**9) | st.floats(-(10**6), 10**6).map(lambda x: round(x, 3)))
        tolerance = draw(st.integers(0, 5) | st.just(0.25))
    far = draw(st.lists(st.integers(6, 99), max_size=3, unique=True))
    distractors = [{"key": f"{HUSH}-{step}", "value": value + step + tolerance} for step in far]
    return {"value": value, "tolerance": tolerance, "distractors": distractors}


spelt = st.lists(secret, min_size=1, max_size=3, unique=True)
folds = st.sampled_from([[], ["case"], ["spacing"], ["case", "spacing"]])


@st.composite
def words(draw: st.DrawFn, _shown: Content) -> Content:
    written = draw(st.lists(secret, min_size=2, max_size=8, unique=True))
    cut = draw(st.integers(1, len(written) - 1))
    distractors = [{"key": f"k-{word}", "accepted": [word]} for word in written[cut:][:6]]
    return {
        "accepted": written[:cut],
        "fold": draw(folds),
        "typo": draw(st.integers(0, 1)),
        "distractors": distractors,
    }


@st.composite
def places(draw: st.DrawFn, shown: Content) -> Content:
    """Some order, and perhaps the dates that make others as right."""
    items = list(draw(st.permutations(shown["items"])))
    if draw(st.booleans()):
        return {"items": items}
    starts = sorted(draw(st.lists(st.integers(1900, 1999), min_size=len(items), max_size=len(items))))
    ends = [start + draw(st.integers(0, 30)) for start in starts]
    ends[0], starts[-1] = 1900, 2000  # one pair at least is sure
    starts[0], ends[-1] = 1900, max(2000, ends[-1])
    return {"items": items, "when": {key: [str(a), str(b)] for key, a, b in zip(items, starts, ends, strict=True)}}


@st.composite
def years(draw: st.DrawFn, shown: Content) -> Content:
    right: dict[str, Any] = {}
    for event in shown["events"]:
        first, last = sorted(draw(st.lists(st.integers(shown["from"], shown["to"]), min_size=2, max_size=2)))
        right[event] = [first, last] if first < last and draw(st.booleans()) else first
    return {"right": right}


@st.composite
def fillings(draw: st.DrawFn, shown: Content) -> Content:
    options = shown.get("options", {})
    right = {gap: draw(st.sampled_from(keys)) for gap, keys in options.items()}
    typed = {
        gap: {"accepted": draw(spelt)} | draw(st.sampled_from([{}, {"fold": ["case", "spacing"]}, {"typo": 1}]))
        for gap in shown["gaps"]
        if gap not in options
    }
    return {name: block for name, block in (("right", right), ("typed", typed)) if block}


@st.composite
def spots(draw: st.DrawFn, _shown: Content) -> Content:
    """Spots of their own, far enough from each other for every radius that is drawn here."""
    names = draw(keys(1, 6))
    lattice = [[column / 10, row / 10] for column in range(1, 10, 2) for row in range(1, 10, 2)]
    where = draw(st.permutations(lattice))
    right = draw(some(names))
    found = {"spots": names, "at": dict(zip(names, where, strict=False)), "right": sorted(right, key=names.index)}
    return found


STANCES = ["agree", "differ", "silent"]
KEYS: dict[str, Callable[[Content], st.SearchStrategy[Content]]] = {
    "single": one_of("options"),
    "true_false": lambda _shown: st.fixed_dictionaries({"right": st.booleans()}),
    "multiple": several_of("options"),
    "number": amount,
    "text": words,
    "ordering": places,
    "timeline": years,
    "matching": pairs("prompts", lambda shown: shown["choices"]),
    "cloze": fillings,
    "which_source": one_of("sources"),
    "agreement": pairs("sources", lambda _shown: STANCES),
    "evidence": several_of("passages"),
    "unsupported": one_of("sentences"),
    "short": lambda _shown: st.fixed_dictionaries({"points": keys(1, 5)}),
    "place": spots,
}


# The texts


def tempting(kind: str, content: Content) -> list[str]:
    """The keys of the texts of feedback that this question may have."""
    match kind:
        case "single" | "which_source" | "unsupported":
            block = content.get("options") or content.get("sources") or content["sentences"]
            return [key for key in block if key != content["right"]]
        case "true_false":
            return ["false" if content["right"] else "true"]
        case "number" | "text":
            own = ["low", "high"] if kind == "number" else ["other"]
            return [*own, *(row["key"] for row in content["distractors"])]
        case "cloze":
            wrong = [(gap, key) for gap, keys in content.get("options", {}).items() for key in keys]
            return [*content.get("typed", ()), *(f"{gap}.{key}" for gap, key in wrong if content["right"][gap] != key)]
        case "ordering":
            return ["general"]
        case "short":
            return list(content["points"])
        case "place":
            wrong = [spot for spot in content["spots"] if spot not in content["right"]]
            return [*wrong, "elsewhere", *(["near"] if content["ring"] else [])]
    named = ("options", "passages", "events", "prompts", "sources")
    return next(list(content[block]) for block in named if block in content)


@st.composite
def texts(draw: st.DrawFn, kind: str, content: Content) -> Content:
    """Words for all that has some; those that must not be seen before the answer are marked."""

    def said(keys: list[str]) -> dict[str, str]:
        return {key: f"{n} {draw(strange)}".strip() for n, key in enumerate(keys)}

    found: Content = {"stem": f"? {draw(strange)}".strip(), "explanation": f"{HUSH} why"}
    if hints := draw(st.integers(0, 3)):
        found["hints"] = [f"{HUSH} hint {n}" for n in range(hints)]
    blocks = ("items", "events", "prompts", "choices", "sentences", *(["options"] if kind != "cloze" else []))
    found |= {block: said(content[block]) for block in blocks if block in content}
    if kind == "cloze":
        found["passage"] = " ".join(
            f"- {draw(strange)} {{{{{gap}}}}}" for gap in draw(st.permutations(content["gaps"]))
        )
        found |= {
            name: {gap: said(keys) for gap, keys in content[name].items()} for name in content if name == "options"
        }
    if kind == "short":
        found["points"] = {key: f"{HUSH} point {n}" for n, key in enumerate(content["points"])}
        found["samples"] = [f"{HUSH} sample {n}" for n in range(draw(st.integers(1, 3)))]
    if kind == "agreement":
        found["statement"] = f"! {draw(strange)}".strip()
    if kind in ("ordering", "timeline") and draw(st.booleans()):
        found["dates"] = dict.fromkeys(content.get("items") or content["events"], f"{HUSH} date")
    if kind == "place":  # what lies there is told afterwards
        found["spots"] = {key: f"{HUSH} spot {n}" for n, key in enumerate(content["spots"])}
    found["feedback"] = {key: f"{HUSH} tempts {n}" for n, key in enumerate(tempting(kind, content))}
    return found


@st.composite
def questions(draw: st.DrawFn, kind: str) -> tuple[Content, Content]:
    """Content and texts of a question that passes its kind's check."""
    shown = draw(SHOWN[kind])
    content = shown | draw(KEYS[kind](shown))
    return content, draw(texts(kind, content))


# What learners give


def answers(kind: str, content: Content) -> st.SearchStrategy[dict[str, Any]]:
    """Every answer that the form could give."""
    typed = st.text(st.characters(exclude_characters="&<>\"'", exclude_categories=["C"]), max_size=100)
    typed = typed.filter(lambda word: fold(word, ())).map(tidy)
    match kind:
        case "multiple" | "evidence":
            chosen = some(content.get("options") or content["passages"])
            return chosen.map(lambda choices: {"choices": sorted(choices)})
        case "number":
            if content["year"]:
                return st.integers(100, 9999).map(lambda value: {"value": str(value)})
            values = st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9)
            return values.map(lambda value: {"value": read(format(value, "f"), "en")})
        case "text":
            known = [*content["accepted"], *(word for row in content["distractors"] for word in row["accepted"])]
            near = st.sampled_from(known).flatmap(lambda w: st.sampled_from([w, w.upper(), w[1:], f"{w}x", f" {w}."]))
            return (near.map(tidy) | typed).map(lambda text: {"text": text})
        case "short":
            return typed.map(lambda text: {"text": text})
        case "ordering":
            return st.permutations(content["items"]).map(lambda order: {"order": list(order)})
        case "timeline":
            each = st.integers(content["from"], content["to"])
            return st.fixed_dictionaries(dict.fromkeys(content["events"], each)).map(lambda years: {"years": years})
        case "matching" | "agreement":
            matches = st.sampled_from(content.get("choices") or STANCES)
            prompts = content.get("prompts") or content["sources"]
            return st.fixed_dictionaries(dict.fromkeys(prompts, matches)).map(lambda pairs: {"pairs": pairs})
        case "place":
            share = st.integers(0, 10_000).map(lambda part: part / 10_000)
            near = [(at(content, spot), step) for spot in content["spots"] for step in (-0.05, 0, 0.03)]
            points = st.sampled_from(near).map(lambda it: {"x": round(it[0][0] + it[1], 4), "y": round(it[0][1], 4)})
            return points | st.fixed_dictionaries({"x": share, "y": share})
        case "cloze":
            each_gap: dict[str, st.SearchStrategy[str]] = {
                gap: st.sampled_from(keys) for gap, keys in content.get("options", {}).items()
            }
            for gap, spec in content.get("typed", {}).items():
                each_gap[gap] = st.sampled_from([*spec["accepted"], *(w.upper() for w in spec["accepted"])]) | typed
            return st.fixed_dictionaries(each_gap).map(lambda gaps: {"gaps": gaps})
    choice = content.get("options") or content.get("sources") or content.get("sentences") or ["true", "false"]
    return st.sampled_from(choice).map(lambda key: {"choice": key})


json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from([10**400, "a", "b"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@st.composite
def mangled(draw: st.DrawFn, answer: dict[str, Any]) -> dict[str, Any]:
    """An answer with something missing, more, or replaced, as after a change of the question."""
    found = dict(answer)
    for block, value in answer.items():
        other: Any = draw(json)
        if isinstance(value, dict) and draw(st.booleans()):
            kept = {key: item for key, item in value.items() if draw(st.booleans())}
            other = kept | draw(st.dictionaries(st.sampled_from([*value, "gone"]), json | st.just("gone"), max_size=3))
        elif isinstance(value, list) and draw(st.booleans()):
            other = draw(st.lists(st.sampled_from([*value, "gone"]) | json, max_size=8))
        found[block] = other
    return found
