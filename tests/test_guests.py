"""Guests: how they come to be, how they get a name, and what becomes of their work when they sign in."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.guests import WAITING, ensure_user
from accounts.models import User
from quizzes.models import Attempt, Purpose
from tests.base import (
    PASSWORD,
    client_of,
    give,
    make_guest,
    make_lesson,
    make_quiz,
    sign_in,
    sign_up,
    signed_in,
    start,
)

pytestmark = pytest.mark.django_db

HOME = "/"
NUL = "a\0b"


class TestBecomingAGuest:
    def test_by_starting_a_quiz(self):
        quiz = make_quiz()
        client = Client()
        client.get(reverse("quiz", args=[quiz.slug]))
        assert not User.objects.exists()
        client.post(reverse("quiz-start", args=[quiz.slug]))
        guest = User.objects.get()
        assert signed_in(client) == guest
        assert guest.is_guest
        assert not guest.has_usable_password()
        client.post(reverse("quiz-start", args=[quiz.slug]))
        assert User.objects.count() == 1

    def test_never_by_a_get(self, rf):
        request = rf.get("/")
        request.user = type("Visitor", (), {"is_authenticated": False})()
        with pytest.raises(RuntimeError):
            ensure_user(request)

    def test_the_other_forms_of_the_page_still_work(self):
        client = Client(enforce_csrf_checks=True)
        token = client.get(reverse("account_login")).cookies["csrftoken"].value
        first, second = make_quiz("first-quiz"), make_quiz("second-quiz")
        for quiz in (first, second):
            posted = client.post(reverse("quiz-start", args=[quiz.slug]), {"csrfmiddlewaretoken": token})
            assert posted.status_code == 302
        assert User.objects.get().attempts.count() == 2

    def test_is_throttled_after_many_from_one_address(self, settings):
        url = reverse("quiz-start", args=[make_quiz().slug])
        assert all(Client().post(url).status_code == 302 for _pupil in range(40))  # a class at once
        assert settings.ACCOUNT_RATE_LIMITS["guest"]
        settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"guest": "2/10m/ip"}
        assert [Client().post(url).status_code for _try in range(3)] == [302, 302, 429]
        assert User.objects.count() == 42

    def test_guests_are_forgotten_after_ninety_days(self, alice, gus, capsys):
        old = make_guest()
        give(start(old, make_quiz()), True)
        long_ago = timezone.now() - timedelta(days=91)
        User.objects.filter(pk__in=[old.pk, alice.pk]).update(last_login=long_ago)
        call_command("forget_guests")
        assert "1 guest" in capsys.readouterr().out
        assert set(User.objects.all()) == {alice, gus}
        assert not Attempt.objects.exists()


class TestSigningUpAsAGuest:
    def test_names_the_row_and_keeps_the_work(self, gus):
        attempt = start(gus, make_quiz())
        give(attempt, True)
        client = client_of(gus)
        session = client.session
        session["seen"] = "yes"
        session.save()
        key = client.session.session_key

        assert client.get(reverse("account_signup")).status_code == 200
        response = sign_up(client, "hana", name="Hana")
        assert response.url == HOME
        user = User.objects.get(username="hana")
        assert user.pk == gus.pk
        assert (user.is_guest, user.name) == (False, "Hana")
        assert user.check_password(PASSWORD)
        assert User.objects.count() == 1
        assert user.attempts.get() == attempt
        assert signed_in(client) == user
        assert client.session["seen"] == "yes"
        assert client.session.session_key != key
        assert client.get(reverse("account")).context["user"] == user  # the session outlives the new password

    def test_an_error_leaves_the_guest_a_guest(self, gus, alice):
        client = client_of(gus)
        assert sign_up(client, "alice").status_code == 200
        gus.refresh_from_db()
        assert gus.is_guest
        assert signed_in(client) == gus

    def test_being_overtaken_leaves_the_guest_a_guest(self, gus, monkeypatch):
        def overtaken(*args, **kwargs):
            raise IntegrityError

        monkeypatch.setattr("accounts.adapter.AccountAdapter.save_user", overtaken)
        client = client_of(gus)
        assert sign_up(client, "hana").status_code == 200
        assert signed_in(client) == gus

    @pytest.mark.parametrize("name", ["account_email", "account_change_password", "account_set_password", "mfa_index"])
    def test_a_guest_has_no_account_to_manage(self, gus, name):
        response = client_of(gus).get(reverse(name))
        assert response.status_code == 302
        assert response.url.startswith(reverse("account_login"))

    def test_a_guest_can_sign_out(self, gus):
        client = client_of(gus)
        client.post(reverse("account_logout"))
        assert signed_in(client) is None


class TestSigningInAsAGuest:
    """Alice took a quiz in a browser where she was not signed in."""

    page = "/account/guest/"

    def guest_with_work(self, quiz, *answers, **when):
        guest = make_guest()
        attempt = start(guest, quiz, **when)
        give(attempt, *answers, **when)
        return client_of(guest), guest, attempt

    def test_asks_what_becomes_of_the_work(self, alice):
        client, guest, attempt = self.guest_with_work(make_quiz(), True, False)
        response = sign_in(client, "alice", next="/progress/")
        assert response.url == reverse("guest-merge") == self.page
        assert signed_in(client) == alice
        shown = client.get(self.page)
        assert shown.status_code == 200
        assert b"Chemicals quiz" in shown.content
        assert b"2 of 3 answered" in shown.content
        attempt.refresh_from_db()
        assert attempt.user == guest  # nothing moved yet
        assert self.page.encode() in client.get(reverse("account")).content

    def test_move(self, alice):
        client, guest, attempt = self.guest_with_work(make_quiz(), True, False)
        sign_in(client, "alice", next="/progress/")
        assert client.post(self.page, {"answer": "move"}).url == "/progress/"
        attempt.refresh_from_db()
        assert attempt.user == alice
        assert attempt.finished_at is None  # it can be gone on with
        assert attempt.responses.count() == 2
        assert not User.objects.filter(pk=guest.pk).exists()
        assert client.post(self.page, {"answer": "move"}).url == HOME
        assert alice.attempts.count() == 1

    def test_leave(self, alice):
        client, guest, attempt = self.guest_with_work(make_quiz(), True)
        sign_in(client, "alice", next="/progress/")
        assert client.post(self.page, {"answer": "leave"}).url == "/progress/"
        attempt.refresh_from_db()
        assert attempt.user == guest
        assert not alice.attempts.exists()
        assert client.post(self.page, {"answer": "move"}).url == HOME  # the question is not asked twice
        assert not alice.attempts.exists()

    @pytest.mark.parametrize("answer", ["", "both", NUL])
    def test_any_other_answer_is_refused(self, alice, answer):
        client, guest, attempt = self.guest_with_work(make_quiz(), True)
        sign_in(client, "alice")
        assert client.post(self.page, {"answer": answer}).status_code == 400
        assert client.get(self.page).status_code == 200
        attempt.refresh_from_db()
        assert attempt.user == guest

    def test_the_same_quiz_open_in_both_ends_with_one_open(self, alice):
        quiz, other = make_quiz(), make_quiz("other-quiz")
        then = timezone.now() - timedelta(hours=2)
        mine = start(alice, quiz)
        client, guest, attempt = self.guest_with_work(quiz, True, now=then)
        elsewhere = start(guest, other)
        give(elsewhere, True)
        sign_in(client, "alice")
        client.post(self.page, {"answer": "move"})
        attempt.refresh_from_db()
        assert attempt.user == alice
        assert attempt.finished_at == then  # as of its own last answer
        assert set(alice.attempts.open()) == {mine, elsewhere}

    def test_with_nothing_to_move_there_is_no_question(self, alice):
        guest = make_guest()
        start(guest, make_quiz())  # opened, nothing answered
        client = client_of(guest)
        sign_in(client, "alice", next="/progress/")
        assert client.get(self.page).url == "/progress/"
        assert User.objects.filter(pk=guest.pk).exists()  # a visit deletes nothing; forget_guests will

    def test_questions_in_a_text_are_listed_by_their_lesson(self, alice):
        quiz = make_quiz("in-place", lesson=make_lesson("radar"), purpose=Purpose.CHECKPOINT)
        quiz.texts = {}
        quiz.save()
        client, *_rest = self.guest_with_work(quiz, True)
        sign_in(client, "alice")
        assert b"Radar" in client.get(self.page).content

    def test_only_the_guest_of_this_session_can_be_claimed(self, alice, bob):
        _client, guest, attempt = self.guest_with_work(make_quiz(), True)
        thief = client_of(bob)
        for data in (
            {"answer": "move"},
            {"answer": "move", "guest": guest.pk, WAITING: guest.pk, "pk": guest.pk},
        ):
            assert thief.post(f"{self.page}?guest={guest.pk}", data).url == HOME
        attempt.refresh_from_db()
        assert attempt.user == guest
        assert User.objects.filter(pk=guest.pk).exists()

    def test_a_guest_who_was_named_meanwhile_is_nobody_elses(self, alice):
        client, guest, attempt = self.guest_with_work(make_quiz(), True)
        sign_in(client, "alice")
        guest.name_guest("hana")
        guest.save()
        assert client.post(self.page, {"answer": "move"}).url == HOME
        attempt.refresh_from_db()
        assert attempt.user == guest

    def test_a_guest_or_visitor_has_no_such_page(self, gus):
        assert client_of(gus).get(self.page).status_code == 302
        assert reverse("account_login") in Client().get(self.page).url

    def test_a_failed_sign_in_changes_nothing(self, alice):
        client, guest, _attempt = self.guest_with_work(make_quiz(), True)
        assert sign_in(client, "alice", "wrong-password").status_code == 200
        assert signed_in(client) == guest

    def test_in_two_steps(self, alice):
        from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
        from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

        TOTP.activate(alice, generate_totp_secret())
        codes = RecoveryCodes.activate(alice).get_unused_codes()
        client, guest, _attempt = self.guest_with_work(make_quiz(), True)
        assert sign_in(client, "alice", next="/progress/").url == reverse("mfa_authenticate")
        assert signed_in(client) == guest
        assert client.get(reverse("mfa_authenticate")).status_code == 200
        assert client.post(reverse("mfa_authenticate"), {"code": codes[0]}).url == self.page
        assert signed_in(client) == alice
        assert client.post(self.page, {"answer": "move"}).url == "/progress/"
