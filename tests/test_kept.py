"""What is kept between requests is true, and what is sent is whole."""

import gzip

import pytest
from django.template import Context, Template
from django.urls import reverse
from django.utils import timezone

from jkrel import still
from lessons import reading
from lessons.models import Claim, Edition, LessonVersion, Status, Unit
from quizzes.models import Attempt, Quiz, Terms

pytestmark = [pytest.mark.usefixtures("curriculum"), pytest.mark.django_db]
LESSON = "/lessons/three-chemicals/"


def test_long_pages_go_out_compressed_and_come_back_whole(client):
    plain = client.get("/errata/")
    packed = client.get("/errata/", headers={"accept-encoding": "gzip, br"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) == len(packed.content) < len(plain.content) / 3
    assert gzip.decompress(packed.content) == plain.content
    for response in (plain, packed):
        assert "Accept-Encoding" in response.headers["Vary"]


def test_the_length_of_a_page_does_not_tell_its_content(client):
    sizes = {len(client.get("/errata/", headers={"accept-encoding": "gzip"}).content) for _n in range(12)}
    assert len(sizes) > 3


def test_short_answers_stay_as_they_are(client):
    assert not client.get("/healthz", headers={"accept-encoding": "gzip"}).has_header("Content-Encoding")


def test_a_changed_record_is_seen_at_once(client):
    assert "changed for a test" not in client.get(LESSON).content.decode()
    claim = Claim.objects.get(code="WP-16b")
    claim.note = "This remark was changed for a test."
    claim.save()
    assert "changed for a test" in client.get(LESSON).content.decode()


def test_a_published_version_is_seen_at_once(client):
    old = LessonVersion.objects.get(lesson__slug="three-chemicals", status=Status.PUBLISHED)
    new = LessonVersion(lesson=old.lesson, **(old.words() | {"title": "Of licences and bans"})).add()
    assert "Of licences and bans" not in client.get(LESSON).content.decode()
    new.publish()
    assert "<h1>Of licences and bans</h1>" in client.get(LESSON).content.decode()


def test_an_edition_is_read_once():
    first = reading.shelf()
    assert reading.shelf() is first
    Edition.moved()
    assert reading.shelf() is not first


def test_a_still_is_drawn_once_for_the_same_arguments(monkeypatch):
    drawn = []
    monkeypatch.setattr(still, "render_to_string", lambda name, given: drawn.append(given) or str(given))
    still._kept.cache_clear()
    page = Template('{% still "parts/icon.html" name=name %}')
    said = [page.render(Context({"name": name})) for name in ("right", "wrong", "right")]
    assert said[0] == said[2] != said[1]
    assert len(drawn) == 2
    still._kept.cache_clear()


def test_a_row_of_the_database_is_never_kept():
    with pytest.raises(TypeError, match="cannot be kept"):
        Template('{% still "parts/icon.html" name=unit %}').render(Context({"unit": Unit.objects.first()}))


@pytest.mark.parametrize("name", ["home", "progress", "class-list"])
def test_what_is_mine_is_kept_nowhere(client, alice, name):
    client.force_login(alice)
    response = client.get(reverse(name))
    assert response.headers["Cache-Control"] == "no-store, private"
    assert {"Cookie", "HX-Request"} <= {word.strip() for word in response.headers["Vary"].split(",")}


def test_the_map_tells_a_learner_how_each_begun_lesson_stands(client, alice):
    client.force_login(alice)
    assert "What you have begun" not in client.get("/").content.decode()
    quiz = Quiz.objects.get(slug="three-chemicals-quiz")
    attempt, _new = Attempt.objects.start(alice, quiz, Terms(), now=timezone.now())
    for slot, _response in attempt.sheet:
        solution = slot.version.question.rules.solution(slot.version.content)
        attempt.record(slot, solution, key=f"key{slot.number}", now=timezone.now())
    attempt.finish(timezone.now())
    begun = client.get("/").content.decode().partition("What you have begun")[2]
    assert "Three chemicals" in begun
    assert "100 %" in begun
    assert "mastered" in begun
    assert "Colonial rule" not in begun.partition("<footer")[0]
