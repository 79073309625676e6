"""One well-made question of each kind, as (content, texts), and what browsers send for it."""

from typing import Any

from django.http import QueryDict

from lessons.book import Image
from lessons.reading import Evidence, Refs
from quizzes.questions import KINDS, AuthorForm

REFS = Refs(
    {
        "white-paper-2019": "News round-up, 2019",
        "dividends-essay": "Opinion essay",
        "thaw-forces": "News explainer, 2023",
    },
    {
        "WP-16": Evidence("WP ¶16", "/sources/1#p16", "News round-up, August 2019", "Goods need a licence {ja:許可}."),
        "WP-19": Evidence("WP ¶19", "/sources/1#p19", "News round-up, August 2019", "The pact <all> of it is at risk."),
        "DE-35": Evidence("DE ¶35", "/sources/2#p35", "Opinion essay, unsigned", "Sixty per cent was at stake."),
    },
    {"harbour": Image("/media/images/harbour-960.webp", "A harbour <all>.", 960, 720, "Kim Minji, CC BY")},
)
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
    "text": (
        {
            "accepted": ["white list", "ホワイト国", "백색국가"],
            "fold": ["case", "spacing"],
            "typo": 1,
            "distractors": [{"key": "white-paper", "accepted": ["white paper", "white book"]}],
        },
        {
            "stem": "How did the newspapers call the group of trusted buyers?",
            "feedback": {
                "white-paper": "That is what our document is called.",
                "other": "It has a colour in it.[WP-16a]",
            },
            "explanation": "It was called the white list.[WP-16a]",
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
    "timeline": (
        {
            "from": 1900,
            "to": 2025,
            "events": ["treaty", "talks"],
            "right": {"treaty": 1965, "talks": [1951, 1964]},
            "tolerance": 1,
            "reach": 11,
        },
        {
            "stem": "Place the events on the scale.",
            "events": {"treaty": "The treaty <all> is signed", "talks": "Talks {ja:会談} go on"},
            "dates": {"treaty": "22 June of that year"},
            "feedback": {"treaty": "Twenty years after the war.[WP-16a]", "talks": "They came before the treaty."},
            "explanation": "The talks took fourteen years.",
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
    "cloze": (
        {
            "gaps": ["rule", "year", "pact"],
            "options": {"rule": ["ban", "licence", "quota"], "pact": ["kept", "ended"]},
            "right": {"rule": "licence", "pact": "kept"},
            "typed": {"year": {"accepted": ["July", "7月", "7월"], "fold": ["case", "spacing"], "typo": 1}},
        },
        {
            "stem": "Fill the gaps.",
            "passage": "In {{year}} 2019 it asked for {{rule}}. That autumn the pact <all> of it {ko:협정} {{pact}}.",
            "options": {
                "rule": {"ban": "a <all> ban", "licence": "a licence {ja:許可}", "quota": "a quota"},
                "pact": {"kept": "went on", "ended": "ended"},
            },
            "feedback": {
                "rule.ban": "Sales went on.[WP-16a]",
                "rule.quota": "No amounts were set.",
                "pact.ended": "The notice was suspended.",
                "year": "Look at the first sentence.",
            },
            "explanation": "Each shipment needed a licence.[WP-16a]",
        },
    ),
    "agreement": (
        {
            "sources": ["white-paper-2019", "thaw-forces", "dividends-essay"],
            "right": {"white-paper-2019": "agree", "thaw-forces": "silent", "dividends-essay": "differ"},
        },
        {
            "stem": "What does each document say?",
            "statement": "Tokyo named <all> its reason {ja:理由}.",
            "feedback": {
                "white-paper-2019": "It reports the reason.[WP-16a]",
                "thaw-forces": "It says nothing of it.",
                "dividends-essay": "It names another.",
            },
            "explanation": "Only one of them reports it.",
        },
    ),
    "evidence": (
        {"passages": ["WP-16", "WP-19", "DE-35"], "right": ["WP-16", "DE-35"]},
        {
            "stem": "Which passages support the claim that goods were held up?",
            "feedback": {"WP-19": "It is about the pact.", "DE-35": "Read what the share is of."},
            "explanation": "Two speak of goods.[WP-16a, DE-35a]",
        },
    ),
    "unsupported": (
        {"sentences": ["first", "second", "third"], "right": "second"},
        {
            "stem": "Which sentence does no document support?",
            "sentences": {
                "first": "In July the rules changed {ja:許可}.",
                "second": "All <all> sales stopped at once.",
                "third": "Firms had to ask each time.",
            },
            "feedback": {"first": "It stands there.[WP-16a]", "third": "It follows from the rule.[WP-16a]"},
            "explanation": "No document speaks of a full stop.",
        },
    ),
    "place": (
        {
            "map": "region",
            "spots": ["busan", "tsushima", "coast"],
            "at": {"coast": [0.37, 0.53]},
            "right": ["busan"],
            "radius": 0.04,
            "ring": 0.03,
        },
        {
            "stem": "Where did the interpreter go to learn Korean?",
            "spots": {"busan": "Busan {ko:부산}", "tsushima": "Tsushima <all>", "coast": "The coast north of it"},
            "feedback": {
                "tsushima": "From there he came.[WP-16a]",
                "coast": "The port lies farther south.",
                "near": "Close, but not close enough.",
                "elsewhere": "It is the port nearest to Japan.",
            },
            "explanation": "He went to the port on the other side of the strait.",
        },
    ),
    "short": (
        {"points": ["licence", "ban"]},
        {
            "stem": "Explain in two or three sentences how a licence differs from a ban.",
            "points": {"licence": "A licence says: ask first {ja:許可}", "ban": "A ban says <all> no"},
            "samples": ["A ban says no. With a licence one must ask, and the answer may be yes."],
            "feedback": {"licence": "What does the firm have to do?[WP-16a]", "ban": "What may it do under a ban?"},
            "explanation": "A licence leaves the way open.",
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

for _content, _texts in SAMPLES.values():
    _texts["hints"] = ["Look at the dates {ja:日付}.", "Think <all> of the order."]


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
    return sent_for(kind, *SAMPLES[kind], answer)


def sent_for(kind: str, content: Any, texts: Any, answer: Any, *, order: Any = None) -> QueryDict:
    """The same for any question."""
    order = KINDS[kind].orders(content) if order is None else order
    filled = KINDS[kind].form(content, texts, order=order, prefix="q1", answer=answer, **WORDS)
    data = QueryDict(mutable=True)
    for name, value in filled.initial.items():
        data.setlist(filled.add_prefix(name), value if isinstance(value, list) else [value])
    return data


def typed(author: AuthorForm) -> dict[str, Any]:
    """What a browser sends for an author's form as it stands."""
    values = {name: author[name].value() for name in author.fields}
    return {name: "on" if value is True else value for name, value in values.items() if value not in (False, None)}
