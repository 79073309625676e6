"""What may be seen when: nothing of a key leaves the site before its release."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.crypto import salted_hmac

from accounts.models import User
from quizzes.models import (
    WAYS,
    Attempt,
    QuestionVersion,
    Quiz,
    Release,
    Terms,
)
from tests.base import client_of, start
from tests.samples import SAMPLES
from tests.taking import (
    HOUR,
    MINUTE,
    SENTINEL,
    TEST,
    Clock,
    ask_all,
    page,
    slot_of,
    solved,
    url,
    wrong_answer,
)

pytestmark = pytest.mark.django_db


class TestNothingOfTheKeyIsSeenBeforeItsRelease:
    @pytest.fixture
    def quiz(self) -> Quiz:
        return ask_all()

    def everywhere(self, client: Client, attempt: Attempt) -> Iterator[tuple[str, str]]:
        """Every page about this attempt that its owner can open, and every answer to what can be sent."""
        own = [url(attempt, slot.number) for slot, _response in attempt.sheet]
        own += [reverse("attempt-finish", args=[attempt.pk]), attempt.get_absolute_url()]
        lesson = attempt.quiz.lesson
        also = [attempt.quiz.get_absolute_url(), lesson.get_absolute_url(), lesson.unit.get_absolute_url()]
        also += [reverse(name) for name in ("home", "progress", "review", "errata", "compare", "terms", "timeline")]
        also += [f"{reverse('search')}?q=tempts", reverse("attempt-standing", args=[attempt.pk])]
        for address in [*own, *also]:
            for headers in ({}, {"hx-request": "true"}):
                response = client.get(address, headers=headers)
                yield address, f"{response.headers}{response.content.decode()}"
        for address in own[:-2]:
            response = client.post(address, {"choice": "?", "value": "?"}, headers={"hx-request": "true"})
            yield f"POST {address}", response.content.decode()
        who = salted_hmac("keep", str(attempt.user_id)).hexdigest()[:16]
        for slot in attempt.asks:
            for sent in ({}, solved(slot_of(attempt, slot.number))):
                response = client.post(f"{slot.get_absolute_url()}save/", {**sent, "who": who})
                yield f"POST {slot.get_absolute_url()}save/", f"{response.headers}{response.content.decode()}"
        response = client.post(reverse("attempt-again", args=[attempt.pk]), follow=True)
        yield "POST again", response.content.decode()

    def leaks(self, client: Client, attempt: Attempt) -> list[str]:
        return [address for address, said in self.everywhere(client, attempt) if SENTINEL in said]

    def test_in_practice_before_the_answer(self, alice: User, quiz: Quiz) -> None:
        assert self.leaks(client_of(alice), start(alice, quiz)) == []

    def test_in_practice_only_what_was_answered_is_explained(self, alice: User, quiz: Quiz) -> None:
        attempt, client = start(alice, quiz), client_of(alice)
        client.post(url(attempt, 1), solved(slot_of(attempt, 1)))
        assert set(self.leaks(client, attempt)) == {url(attempt, 1), f"POST {url(attempt, 1)}"}

    def test_in_practice_with_certainty_an_answer_that_lacks_it_is_not_explained(self, alice: User, quiz: Quiz) -> None:
        attempt, client = start(alice, quiz, terms=WAYS["certainty"]), client_of(alice)
        for slot, _response in attempt.sheet:
            response = client.post(slot.get_absolute_url(), solved(slot), headers={"hx-request": "true"})
            assert SENTINEL not in response.content.decode()
        assert self.leaks(client, attempt) == []

    def test_with_several_tries_a_wrong_one_shows_one_hint_and_nothing_else(self, alice: User, quiz: Quiz) -> None:
        attempt, client = start(alice, quiz, terms=WAYS["tries"]), client_of(alice)
        tried = 0
        for slot, _response in attempt.sheet:
            rules, content = slot.version.question.rules, slot.version.content
            wrong = wrong_answer(slot)
            if wrong is None or slot.version.question.by_person:
                continue
            assert (rules.grade(content, wrong).credit or 0) < 1
            sent = client.post(slot.get_absolute_url(), solved(slot, wrong), headers={"hx-request": "true"})
            said = sent.content.decode()
            assert f"{SENTINEL} hint-1" in said, slot.version.question.kind
            assert SENTINEL not in said.replace(f"{SENTINEL} hint-1", ""), slot.version.question.kind
            tried += 1
        assert tried > 6

    @pytest.mark.parametrize("release", [Release.FINISH, Release.CLOSE])
    def test_in_a_test_before_it_is_handed_in(self, alice: User, quiz: Quiz, clock: Clock, release: str) -> None:
        terms = Terms(closes=clock() + HOUR, **TEST | {"release": release})
        attempt, client = start(alice, quiz, terms=terms), client_of(alice)
        for slot, _response in attempt.sheet[:-1]:
            response = client.post(slot.get_absolute_url(), solved(slot), headers={"hx-request": "true"})
            assert SENTINEL not in response.content.decode()
        assert self.leaks(client, Attempt.objects.get(pk=attempt.pk)) == []

    def test_handed_in_it_waits_for_the_closing_time_of_everybody(self, alice: User, quiz: Quiz, clock: Clock) -> None:
        terms = Terms(closes=clock() + HOUR, **TEST | {"release": Release.CLOSE})
        attempt, client = start(alice, quiz, terms=terms), client_of(alice)
        for slot, _response in attempt.sheet:
            client.post(slot.get_absolute_url(), solved(slot))
        client.post(reverse("attempt-finish", args=[attempt.pk]))
        attempt = Attempt.objects.get(pk=attempt.pk)
        assert self.leaks(client, attempt) == []
        before = page(client.get(attempt.get_absolute_url()))
        assert f"of {len(SAMPLES)}" not in before  # nor the score
        clock.forward(HOUR + MINUTE)
        after = page(client.get(attempt.get_absolute_url()))
        assert all(f"why-{kind}" in after for kind in SAMPLES)
        assert f"of {len(SAMPLES)}" in after

    def test_an_extension_puts_the_release_off_again(self, alice: User, quiz: Quiz, clock: Clock) -> None:
        terms = Terms(closes=clock() + HOUR, **TEST | {"release": Release.CLOSE})
        attempt, client = start(alice, quiz, terms=terms), client_of(alice)
        attempt.finish(clock())
        clock.forward(HOUR + MINUTE)
        attempt.extend(closes=clock() + HOUR, limit=None)
        assert self.leaks(client, Attempt.objects.get(pk=attempt.pk)) == []

    def test_released_at_the_end_it_shows_everything_then(self, alice: User, quiz: Quiz) -> None:
        attempt, client = start(alice, quiz, terms=Terms(**TEST)), client_of(alice)
        client.post(reverse("attempt-finish", args=[attempt.pk]))
        shown = page(client.get(attempt.get_absolute_url()))
        assert all(f"why-{kind}" in shown for kind in SAMPLES)

    def test_the_form_is_the_same_whatever_is_right(self, alice: User, quiz: Quiz) -> None:
        """Two questions that look alike and have another key give the same page, token and key of the form apart."""

        def seen(attempt: Attempt, n: int) -> str:
            shown = page(client_of(alice).get(url(attempt, n)))
            shown = re.sub(r'(name="(?:key|since|csrfmiddlewaretoken)" value=|nonce=)"[^"]*"', "", shown)
            return shown.replace(f"/attempts/{attempt.pk}/", "").replace("-other", "")

        other, pages = ask_all("all-kinds-other"), []
        for version in QuestionVersion.objects.filter(question__places__quiz=other):
            if version.question.kind == "single":
                QuestionVersion.objects.filter(pk=version.pk).update(content=version.content | {"right": "ban"})
        for each in (quiz, other):
            attempt = start(alice, each)
            Attempt.objects.filter(pk=attempt.pk).update(seed=7)
            pages.append(seen(attempt, list(SAMPLES).index("single") + 1))
        assert pages[0] == pages[1]
