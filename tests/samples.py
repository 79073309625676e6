"""One well-made question of each kind, as (content, texts), and what browsers send for it."""

from typing import Any

from django.http import QueryDict

from quizzes.questions import KINDS, AuthorForm

REFS = {
    "white-paper-2019": "News round-up, 2019",
    "dividends-essay": "Opinion essay",
    "thaw-forces": "News explainer, 2023",
}
WORDS: dict[str, Any] = {"language": "en", "refs": REFS}

SAMPLES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "single": (
        {"options": ["ban", "licence", "quota"], "right": "licence"},
        {
            "stem": "What did the new rule of July 2019 ask of exporters?",
            "options": {
                "ban": "To stop <all> sales",
                "licence": "A licence {ja:許可} each time",
                "quota": "A yearly limit",
            },
            "feedback": {"ban": "Headlines said so.[WP-16a]", "quota": "Limits are common, but elsewhere."},
            "explanation": "Each shipment needed a licence.[WP-16a]",
        },
    ),
    "true_false": (
        {"right": False},
        {
            "stem": "The pact ended in November 2019.",
            "feedback": {"true": "The notice was given, then suspended."},
            "explanation": "It was suspended hours before its end.[DE-34b]",
        },
    ),
    "multiple": (
        {"options": ["resist", "polyimide", "rice", "steel"], "right": ["resist", "polyimide"]},
        {
            "stem": "Which goods needed a licence?",
            "options": {"resist": "Photoresist", "polyimide": "Polyimide", "rice": "Rice", "steel": "Steel"},
            "feedback": {
                "rice": "It is traded, but not there.",
                "steel": "An older quarrel.",
                "resist": "Look at the list.",
            },
            "explanation": "Three materials were named.",
        },
    ),
    "number": (
        {
            "value": 24.5,
            "tolerance": 0.5,
            "year": False,
            "distractors": [{"key": "peak", "value": 36}, {"key": "minus", "value": -3}],
        },
        {
            "stem": "How large was the deficit?",
            "unit": "billion dollars",
            "feedback": {
                "peak": "That was the peak.",
                "minus": "A deficit, yes.",
                "low": "More than that.",
                "high": "Less than that.",
            },
            "explanation": "It had shrunk.",
        },
    ),
    "ordering": (
        {"items": ["radar", "controls", "notice", "pause"]},
        {
            "stem": "Put the events in order, earliest first.",
            "items": {
                "radar": "A radar dispute at sea",
                "controls": "Stricter export licences",
                "notice": "Seoul gives notice on the pact {ko:협정}",
                "pause": "The notice is suspended",
            },
            "dates": {"radar": "December 2018", "controls": "July 2019", "notice": "August 2019"},
            "feedback": {"general": "The pact came after the controls."},
            "explanation": "Each step answered the one before.",
        },
    ),
    "matching": (
        {
            "prompts": ["court", "ministry", "cabinet"],
            "choices": ["settled", "open", "silent", "both"],
            "right": {"court": "open", "ministry": "settled", "cabinet": "open"},
        },
        {
            "stem": "Who said what about the claims?",
            "prompts": {
                "court": "The Korean court",
                "ministry": "Japan's ministry",
                "cabinet": "The cabinet in Seoul",
            },
            "choices": {
                "settled": "Settled in 1965",
                "open": "Still open for persons",
                "silent": "No word on the matter",
                "both": "Both of these at once",
            },
            "feedback": {
                "court": "Read the ruling.",
                "ministry": "Read the treaty.",
                "cabinet": "Read the statement.",
            },
            "explanation": "They read the treaty in two ways.",
        },
    ),
    "which_source": (
        {"sources": ["white-paper-2019", "thaw-forces", "dividends-essay"], "right": "thaw-forces"},
        {
            "stem": "The thaw came from shared worries.",
            "feedback": {
                "white-paper-2019": "It was written before.",
                "dividends-essay": "It gives other reasons.",
            },
            "explanation": "The explainer lists them.",
        },
    ),
}


def form(
    kind: str,
    *,
    content: Any = None,
    data: Any = None,
    order: Any = None,
    answer: Any = None,
    prefix: str = "q1",
):
    sample, texts = SAMPLES[kind]
    content = content or sample
    order = KINDS[kind].orders(content) if order is None else order
    return KINDS[kind].form(content, texts, order=order, data=data, prefix=prefix, answer=answer, **WORDS)


def post(kind: str, answer: Any) -> QueryDict:
    """What a browser sends for this answer."""
    data = QueryDict(mutable=True)
    filled = form(kind, answer=answer)
    for name, value in filled.initial.items():
        data.setlist(filled.add_prefix(name), value if isinstance(value, list) else [value])
    return data


def typed(author: AuthorForm) -> dict[str, Any]:
    """What a browser sends for an author's form as it stands."""
    values = {name: author[name].value() for name in author.fields}
    return {
        name: "on" if value is True else value for name, value in values.items() if value not in (False, None)
    }
