"""The shape of the curriculum's files. Unknown or missing fields are errors, told with their place."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
ClaimCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}-\d+[a-z]$")]
ErratumCode = Annotated[str, StringConstraints(pattern=r"^E\d\d$")]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Band = Annotated[str, StringConstraints(pattern=r"^([0-9]{1,2}|100): \S")]  # "80: what is said from 80 percent on"


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class UnitText(Shape):
    title: Words
    why: str = ""
    planned: list[Words] = []


class UnitFile(Shape):
    id: Slug
    number: int
    core: bool = True
    text: UnitText


class Attributed(Shape):
    """Something a document states, or that we infer, and how sure we are."""

    stated: str = ""
    inferred: str = ""
    confidence: str = ""
    from_words: list[str] = []


class Quality(Shape):
    language: str = ""
    garbled: list[str] = []
    reliability: str = ""


class SourceText(Shape):
    title: Words
    short: Words
    byline: Words
    author: Attributed = Attributed()
    publisher: Attributed = Attributed()
    date: Attributed = Attributed()
    genre: str = ""
    perspective: str = ""
    leaves_out: list[str] = []
    quality: Quality = Quality()


class ClaimText(Shape):
    says: Words
    note: str = ""
    holder: str = ""


class ClaimFile(Shape):
    id: ClaimCode
    type: str
    topic: str = ""
    check: Literal["ok", "contested", "dated", "garbled", "wrong", "unverifiable"] = "ok"
    basis: Literal["", "general", "looked-up", "internal", "unverified"] = ""
    confidence: Literal["", "high", "medium", "low"] = ""
    text: ClaimText


class GistText(Shape):
    gist: Words


class PassageFile(Shape):
    n: int
    kind: str = "body"
    substantive: bool = True
    text: GistText
    claims: list[ClaimFile] = []


class SourceFile(Shape):
    id: Slug
    prefix: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    dated: Annotated[str, StringConstraints(pattern=r"^\d{4}(-\d\d){0,2}$")]
    text: SourceText
    paragraphs: list[PassageFile]


class ErratumText(Shape):
    printed: Words
    correction: Words
    lesson: str = ""
    shown_by: str = ""


class Reference(Shape):
    """A public reference that was looked up; dates as it gives them."""

    title: Words
    publisher: Words
    date: Annotated[str, StringConstraints(pattern=r"^(\d{4}(-\d\d){0,2})?$")] = ""


class ErratumFile(Shape):
    id: ErratumCode
    claims: list[ClaimCode] = []
    kind: str
    basis: Literal["", "general", "looked-up", "internal", "unverified"] = ""
    confidence: Literal["", "high", "medium", "low"] = ""
    status: str = ""
    reference: Reference | None = None
    text: ErratumText


class EventText(Shape):
    event: Words
    note: str = ""


class EventFile(Shape):
    id: Slug
    date: Annotated[str, StringConstraints(pattern=r"^\d{4}(-\d\d){0,2}(/\d{4}(-\d\d){0,2})?$")]
    precision: Literal["day", "month", "year", "period"]
    shore: Literal["korea", "japan", "both"] = "both"
    background: bool = False
    claims: list[ClaimCode] = []
    units: list[Slug] = []
    text: EventText


class Korean(Shape):
    native: Words
    hanja: str = ""
    roman: str = ""


class Japanese(Shape):
    native: Words
    reading: str = ""
    roman: str = ""


class TermText(Shape):
    name: Words
    meaning: Words
    korean: str = ""
    japanese: str = ""
    usage: str = ""


class TermFile(Shape):
    id: Slug
    kind: Literal["term", "person", "organisation", "name-pair"] = "term"
    claims: list[ClaimCode] = []
    units: list[Slug] = []
    korean: Korean | None = None
    japanese: Japanese | None = None
    text: TermText


class PointFile(Shape):
    group: Slug | Literal[""] = ""
    at: Words
    value: Annotated[float, Field(strict=False, allow_inf_nan=False)]
    claim: ClaimCode | None = None
    background: bool = False


class SeriesText(Shape):
    title: Words
    unit: str = ""
    groups: dict[str, str] = {}
    caution: str = ""
    description: str = ""


class SeriesFile(Shape):
    id: Annotated[str, StringConstraints(pattern=r"^S\d\d$")]
    chart: Literal["line", "slope", "bars", "dots"]
    invert: bool = False
    unit_sign: str = ""
    points: Annotated[list[PointFile], Field(min_length=1)]
    text: SeriesText


class ComparisonText(Shape):
    question: Words
    verdict: str = ""


class PositionText(Shape):
    says: Words


class PositionFile(Shape):
    source: Slug
    stance: Literal["agree", "differ", "silent"]
    claims: list[ClaimCode] = []
    text: PositionText | None = None


class ComparisonFile(Shape):
    id: Annotated[str, StringConstraints(pattern=r"^X\d\d$")]
    topic: Slug
    relation: str
    text: ComparisonText
    positions: Annotated[list[PositionFile], Field(min_length=5, max_length=5)]


class OnceFile(Shape):
    """What a lesson, or a file of records, tells as the only one; see `lessons/vouching/`."""

    figures: list[str | int] = []
    names: list[Words] = []
    citations: list[ClaimCode | ErratumCode] = []


class LessonFile(Shape):
    """The front matter of a lesson; `body` is the Markdown below it."""

    id: Slug
    unit: Slug
    number: int
    minutes: Annotated[int, Field(ge=1, le=90)]
    terms: list[Slug] = []
    title: Words
    summary: Words
    objectives: Annotated[list[Words], Field(min_length=1)]
    body: Words
    teaching: str = ""


class QuizText(Shape):
    title: Words
    intro: str = ""
    bands: list[
        Annotated[str, StringConstraints(pattern=r"^([0-9]{1,2}|100): \S")]
    ] = []  # 80: what is said from 80 % on


class DrawFile(Shape):
    """So many questions by chance, of those that fit; what is left out fits everything."""

    count: Annotated[int, Field(ge=1, le=50)]
    unit: Slug | Literal[""] = ""
    lesson: Slug | Literal[""] = ""
    skill: str = ""
    difficulty: Annotated[int, Field(ge=1, le=3)] | None = None


class QuizFile(Shape):
    id: Slug
    purpose: Literal["checkpoint", "closing", "assignment", "mixed"]
    questions: list[Slug] = []
    draws: list[DrawFile] = []
    shuffled: bool = False
    text: QuizText | None = None


class QuestionFile(Shape):
    """`content` and `text` are checked by the question's kind, which knows their shape."""

    id: Slug
    kind: str
    skill: str
    difficulty: Annotated[int, Field(ge=1, le=3)]
    reserved: bool = False
    keyed_to: list[ClaimCode] = []
    about_error: list[ErratumCode] = []
    content: dict[str, Any]
    text: dict[str, Any]


class QuestionsFile(Shape):
    quizzes: list[QuizFile]
    questions: list[QuestionFile]
