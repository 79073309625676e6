"""Everything that can be found: lessons, terms, documents, and what questions ask in public. Never a key."""

from django.utils.translation import gettext as _

from lessons import markup
from lessons.models import LessonVersion, Passage, Status, Term
from lessons.reading import Shelf
from lessons.search import Entry
from quizzes.models import Purpose, QuestionVersion


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
