"""Everything that can be found: lessons, terms, documents, and what questions ask in public. Never a key."""

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from lessons import markup
from lessons.models import LessonVersion, Passage, Source, Status, Term
from lessons.reading import Shelf
from lessons.search import Entry
from quizzes.models import Purpose, QuestionVersion, QuizQuestion


def entries(shelf: Shelf) -> tuple[Entry, ...]:
    """The whole library, read once an edition."""
    return shelf.keep("found", lambda: tuple(_entries(shelf)))


def _entries(shelf: Shelf) -> list[Entry]:
    published = {"status": Status.PUBLISHED, "language": shelf.language}
    found = [
        Entry(
            _("Lesson"),
            version.title,
            version.lesson.get_absolute_url(),
            markup.prose(f"{version.summary}\n\n{version.body}", shelf.book),
            2.0,
        )
        for version in LessonVersion.objects.filter(**published).select_related("lesson")
    ]
    for term in Term.objects.all():
        korean = [term.korean_native, term.korean_hanja, term.korean_roman, term.korean]
        japanese = [term.japanese_native, term.japanese_reading, term.japanese_roman, term.japanese]
        said = " · ".join(name for name in [*korean, *japanese] if name)
        text = " · ".join(part for part in (said, markup.plain(f"{term.meaning} {term.usage}")) if part)
        found.append(Entry(_("Term"), term.name, term.get_absolute_url(), text, 1.5))
    for passage in Passage.objects.filter(substantive=True).select_related("source").prefetch_related("claims"):
        claims = " ".join(claim.says for claim in passage.claims.all())
        title = f"{passage.label}, {passage.source.short}"
        found.append(Entry(_("Document"), title, passage.get_absolute_url(), markup.plain(f"{passage.gist} {claims}")))
    asked = QuestionVersion.objects.filter(question__reserved=False, **published).select_related("question__lesson")
    for version in asked.prefetch_related("question__quizzes"):
        quiz = next((q for q in version.question.quizzes.all() if q.purpose != Purpose.ASSIGNMENT), None)
        if quiz is None:
            continue
        checkpoint = quiz.purpose == Purpose.CHECKPOINT
        url = f"{version.question.lesson.get_absolute_url()}#{version.question.slug}"
        url = url if checkpoint else quiz.get_absolute_url()
        found.append(Entry(_("Question"), markup.plain(str(version)), url, "", 0.7))
    return found


@dataclass(frozen=True)
class Place:
    """Where a paragraph is asked about: a quiz, or the questions in the text of a lesson."""

    title: str
    url: str
    in_text: bool
    lesson: int | None
    questions: int = 0


def asked_in(source: Source, shelf: Shelf) -> dict[str, list[Place]]:
    """The places in which anybody is asked about each paragraph of a document, by its code; reserved questions and
    quizzes for assignments are left out. A question is about what its key rests on, what it cites, the errors it is
    about, and the passages it offers."""
    asked = QuestionVersion.objects.filter(question__reserved=False, status=Status.PUBLISHED, language=shelf.language)
    about: dict[int, set[str]] = {}
    for way in ("keyed_to", "cites", "about_error__claims"):
        here = asked.filter(**{f"{way}__passage__source": source})
        for question, code in here.values_list("question", f"{way}__passage__code"):
            about.setdefault(question, set()).add(code)
    for question, content in asked.filter(content__has_key="passages").values_list("question", "content"):
        about.setdefault(question, set()).update(content["passages"])
    lessons = LessonVersion.objects.filter(status=Status.PUBLISHED, language=shelf.language)
    titles = dict(lessons.values_list("lesson", "title"))
    found: dict[str, dict[int, Place]] = {}
    closed = (Purpose.ASSIGNMENT, Purpose.REVIEW)
    rows = QuizQuestion.objects.filter(question__in=about).exclude(quiz__purpose__in=closed)
    order = ("quiz__lesson__unit__number", "quiz__lesson__number", "-quiz__purpose", "quiz", "position")
    for row in rows.select_related("quiz__lesson", "question").order_by(*order):
        quiz, url, in_text = row.quiz, row.quiz.get_absolute_url(), row.quiz.purpose == Purpose.CHECKPOINT
        if in_text and quiz.lesson_id not in titles:
            continue  # its text is not published
        if in_text and quiz.lesson:
            url = f"{quiz.lesson.get_absolute_url()}#{row.question.slug}"
        title = quiz.title or (titles.get(quiz.lesson_id) if quiz.lesson_id else None) or quiz.slug
        for code in about[row.question_id]:
            places = found.setdefault(code, {})
            place = places.get(quiz.pk, Place(title, url, in_text, quiz.lesson_id))
            places[quiz.pk] = replace(place, questions=place.questions + 1)
    return {code: list(places.values()) for code, places in found.items()}
