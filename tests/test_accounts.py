"""Signing up and in, guests and what becomes of their work, roles, invitations, leaving."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.guests import WAITING, ensure_user
from accounts.models import Invitation, User
from accounts.roles import ADMINS, EDITORS, ROLES, TEACHERS, ensure_roles, is_teacher
from quizzes.models import Attempt, Purpose
from tests.base import PASSWORD, client_of, give, make_guest, make_lesson, make_quiz, make_user, start

pytestmark = pytest.mark.django_db

HOME = "/"
NUL = "a\0b"


def sign_in(client: Client, login: str, password: str = PASSWORD, /, **more: str):
    return client.post(reverse("account_login"), {"login": login, "password": password, **more})


def sign_up(client: Client, username: str, /, **more: str):
    data = {"username": username, "password1": PASSWORD, "name": "", "email": ""} | more
    return client.post(reverse("account_signup"), data)


def signed_in(client: Client) -> User | None:
    return User.objects.filter(pk=client.session.get("_auth_user_id")).first()


def errors(response) -> dict:
    return response.context["form"].errors


# --- signing up --------------------------------------------------------------------------------------------


class TestSignUp:
    def test_needs_a_username_and_a_password_once(self):
        client = Client()
        response = sign_up(client, "hana")
        assert response.status_code == 302
        assert response.url == HOME
        user = User.objects.get(username="hana")
        assert signed_in(client) == user
        assert user.check_password(PASSWORD)
        assert (user.email, user.name, user.is_guest, user.is_staff) == ("", "", False, False)

    def test_takes_a_name_and_an_address(self):
        sign_up(Client(), "hana", name="Kim Hana", email="Hana@School.example")
        user = User.objects.get(username="hana")
        assert user.display_name == "Kim Hana"
        assert user.email == "hana@school.example"

    @pytest.mark.parametrize("taken", ["alice", "ALICE", "ａｌｉｃｅ"])
    def test_refuses_a_name_that_is_taken(self, alice, taken):
        response = sign_up(Client(), taken)
        assert response.status_code == 200
        assert "username" in errors(response)
        assert User.objects.count() == 1

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("username", "hana@school.example"),
            ("username", ""),
            ("username", NUL),
            ("username", "h" * 151),
            ("name", NUL),
            ("name", "n" * 81),
            ("email", "nowhere"),
            ("email", NUL),
            ("password1", "short"),
            ("password1", "password1"),
            ("password1", NUL * 8),
        ],
    )
    def test_says_what_is_wrong(self, field, value):
        response = sign_up(Client(), "hana", **{field: value})
        assert response.status_code == 200
        assert field in errors(response)
        assert not User.objects.exists()

    def test_fields_that_are_not_in_the_form_change_nothing(self):
        sign_up(Client(), "hana", is_staff="on", is_superuser="on", groups="1", is_guest="on")
        user = User.objects.get(username="hana")
        assert not (user.is_staff or user.is_superuser or user.is_guest or user.groups.exists())

    def test_the_same_name_in_the_same_moment_is_an_error_beside_the_field(self, monkeypatch):
        def overtaken(*args, **kwargs):
            raise IntegrityError

        monkeypatch.setattr("accounts.adapter.AccountAdapter.save_user", overtaken)
        response = sign_up(Client(), "hana")
        assert response.status_code == 200
        assert "username" in errors(response)

    def test_names_differ_by_more_than_case(self, alice):
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.create_user("Alice")

    def test_who_is_signed_in_has_signed_up(self, alice):
        client = client_of(alice)
        assert client.get(reverse("account_signup")).status_code == 302
        assert sign_up(client, "hana").status_code == 302
        assert not User.objects.filter(username="hana").exists()


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

    @pytest.mark.parametrize(
        "name", ["account_email", "account_change_password", "account_set_password", "mfa_index"]
    )
    def test_a_guest_has_no_account_to_manage(self, gus, name):
        response = client_of(gus).get(reverse(name))
        assert response.status_code == 302
        assert response.url.startswith(reverse("account_login"))

    def test_a_guest_can_sign_out(self, gus):
        client = client_of(gus)
        client.post(reverse("account_logout"))
        assert signed_in(client) is None


# --- signing in --------------------------------------------------------------------------------------------


class TestSignIn:
    @pytest.mark.parametrize(
        "login", ["alice", "ALICE", "ａｌｉｃｅ", "alice@school.example", "Alice@School.example"]
    )
    def test_by_name_or_address(self, alice, login):
        client = Client()
        assert sign_in(client, login).url == HOME
        assert signed_in(client) == alice

    def test_an_unknown_name_looks_like_a_wrong_password(self, alice):
        answers = [
            sign_in(Client(), "alice", "wrong-password"),
            sign_in(Client(), "nobody", "wrong-password"),
        ]
        assert [a.status_code for a in answers] == [200, 200]
        assert errors(answers[0]) == errors(answers[1])

    def test_an_unknown_address_looks_like_a_known_one_when_resetting(self, alice, mailoutbox):
        answers = [
            Client().post(reverse("account_reset_password"), {"email": email})
            for email in ("alice@school.example", "nobody@school.example")
        ]
        assert [(a.status_code, a.url) for a in answers] == [
            (302, reverse("account_reset_password_done"))
        ] * 2
        assert [m.to for m in mailoutbox] == [["alice@school.example"], ["nobody@school.example"]]

    def test_is_throttled_by_account(self, alice, bob):
        for _try in range(10):
            assert "many" not in str(errors(sign_in(Client(), "alice", "wrong-password")))
        assert "many" in str(errors(sign_in(Client(), "alice", "wrong-password")))
        client = Client()
        assert "many" in str(errors(sign_in(client, "alice")))  # the right password comes too late as well
        assert signed_in(client) is None
        assert sign_in(client, "bob").url == HOME

    def test_a_class_of_forty_behind_one_address_can_sign_in(self):
        for n in range(40):
            make_user(f"pupil{n}")
        for n in range(40):
            assert sign_in(Client(), f"pupil{n}", "mistyped").status_code == 200
        for n in range(40):
            assert sign_in(Client(), f"pupil{n}").status_code == 302

    @pytest.mark.parametrize("field", ["login", "password", "next"])
    def test_nul_bytes_are_an_error(self, alice, field):
        data = {"login": "alice", "password": PASSWORD} | {field: NUL}
        response = Client().post(reverse("account_login"), data)
        assert response.status_code in {200, 302, 400}

    @pytest.mark.parametrize(
        "where",
        ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "http:evil"],
    )
    def test_never_leads_away(self, alice, where):
        assert sign_in(Client(), "alice", next=where).url == HOME
        assert sign_up(Client(), "hana", next=where).url == HOME

    def test_leads_to_where_one_came_from(self, alice):
        assert sign_in(Client(), "alice", next="/progress/").url == "/progress/"

    def test_a_new_password_ends_the_sessions_elsewhere(self, alice):
        here, elsewhere = client_of(alice), client_of(alice)
        data = {"oldpassword": PASSWORD, "password1": "another-tide-1998", "password2": "another-tide-1998"}
        assert here.post(reverse("account_change_password"), data).status_code == 302
        assert here.get(reverse("account")).status_code == 200
        assert elsewhere.get(reverse("account")).status_code == 302

    def test_the_admin_site_has_no_door_of_its_own(self, ada, alice):
        response = Client().get("/admin/login/?next=/admin/")
        assert response.status_code == 302
        assert response.url.startswith(reverse("account_login"))
        assert Client().post("/admin/login/", {"username": "ada", "password": PASSWORD}).status_code == 302
        assert client_of(alice).get("/admin/login/").status_code == 403


# --- guests ------------------------------------------------------------------------------------------------


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
        assert not User.objects.filter(pk=guest.pk).exists()
        assert not Attempt.objects.exists()

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


# --- roles -------------------------------------------------------------------------------------------------


class TestRoles:
    def test_are_made_again_as_written(self):
        ensure_roles()
        teachers = Group.objects.get(name=TEACHERS)
        teachers.permissions.add(Permission.objects.get(codename="delete_user"))
        call_command("roles")
        assert Group.objects.count() == len(ROLES)
        assert set(teachers.permissions.values_list("codename", flat=True)) == {"add_classroom"}

    def test_a_teacher_is_no_staff(self, tom, alice, ada):
        assert is_teacher(tom)
        assert tom.has_perm("classrooms.add_classroom")
        assert not tom.is_staff
        assert not is_teacher(alice)
        assert not is_teacher(ada)

    def test_setting_roles_sets_staff_and_keeps_other_groups(self, alice):
        ensure_roles()
        readers = Group.objects.create(name="Readers")
        alice.groups.add(readers)
        assert not is_teacher(alice)
        alice.set_roles([TEACHERS, EDITORS])
        assert is_teacher(alice)
        assert User.objects.get(pk=alice.pk).is_staff
        alice.set_roles([TEACHERS])
        assert not User.objects.get(pk=alice.pk).is_staff
        assert readers in alice.groups.all()

    def test_a_guest_gets_none(self, gus):
        ensure_roles()
        with pytest.raises(ValueError, match="guest"):
            gus.set_roles([TEACHERS])
        with pytest.raises(ValueError, match="Kings"):
            make_user("hana").set_roles(["Kings"])

    @pytest.mark.parametrize("who", ["alice", "tom", "gus"])
    def test_the_admin_site_is_closed_to_others(self, who, request):
        assert client_of(request.getfixturevalue(who)).get("/admin/").status_code in {302, 403}

    def test_an_editor_reaches_no_people_and_no_attempts(self, edith):
        client = client_of(edith)
        assert client.get("/admin/").status_code == 200
        for path in (
            "accounts/user/",
            "accounts/invitation/",
            "auth/group/",
            "quizzes/attempt/",
            "account/emailaddress/",
        ):
            assert client.get(f"/admin/{path}").status_code in {403, 404}, path
        assert not edith.is_superuser
        assert not any(
            p.startswith(("accounts.", "auth.", "classrooms.")) for p in edith.get_all_permissions()
        )
        assert "quizzes.view_attempt" not in edith.get_all_permissions()


class TestAdminsAndTheirLimits:
    def change(self, admin, user, **data):
        form = {"username": user.username, "name": user.name, "email": user.email, "is_active": "on"} | data
        return client_of(admin).post(f"/admin/accounts/user/{user.pk}/change/", form)

    def group(self, name):
        return Group.objects.get(name=name).pk

    def test_gives_roles(self, ada, alice):
        assert self.change(ada, alice, groups=[self.group(EDITORS)]).status_code == 302
        alice = User.objects.get(pk=alice.pk)
        assert (alice.roles, alice.is_staff) == ({EDITORS}, True)
        assert self.change(ada, alice).status_code == 302
        alice = User.objects.get(pk=alice.pk)
        assert (alice.roles, alice.is_staff) == (frozenset(), False)

    def test_makes_no_superuser_and_grants_no_permission(self, ada, alice):
        any_permission = Permission.objects.get(codename="delete_group").pk
        for user in (alice, ada):
            groups = [self.group(ADMINS)] if user == ada else []
            self.change(
                ada, user, is_superuser="on", is_staff="on", user_permissions=[any_permission], groups=groups
            )
            user = User.objects.get(pk=user.pk)
            assert not user.is_superuser
            assert not user.user_permissions.exists()
        assert not User.objects.get(pk=alice.pk).is_staff
        page = client_of(ada).get(f"/admin/accounts/user/{alice.pk}/change/").content
        assert b"is_superuser" not in page
        assert b"user_permissions" not in page

    def test_offers_roles_only_and_keeps_other_groups(self, ada, alice):
        powers = Group.objects.create(name="Powers")
        response = self.change(ada, alice, groups=[powers.pk])
        assert response.status_code == 200  # not one of the choices
        alice.groups.add(powers)
        assert self.change(ada, alice, groups=[self.group(TEACHERS)]).status_code == 302
        assert set(alice.groups.values_list("name", flat=True)) == {"Powers", TEACHERS}

    def test_does_not_touch_a_superuser(self, ada):
        root = User.objects.create_superuser("root", "", PASSWORD)
        assert self.change(ada, root, username="toor").status_code == 403
        client, base = client_of(ada), f"/admin/accounts/user/{root.pk}"
        passwords = {
            "password1": "another-tide-1998",
            "password2": "another-tide-1998",
            "usable_password": "true",
        }
        assert client.post(f"{base}/password/", passwords).status_code == 403
        assert client.post(f"{base}/delete/", {"post": "yes"}).status_code == 403
        bulk = {"action": "delete_selected", "_selected_action": [root.pk], "post": "yes"}
        client.post("/admin/accounts/user/", bulk)
        root = User.objects.get(username="root")
        assert root.check_password(PASSWORD)
        assert self.change(root, root, is_superuser="on").status_code == 302
        assert User.objects.get(username="root").is_staff

    def test_does_not_change_groups(self, ada):
        client, pk = client_of(ada), self.group(ADMINS)
        assert client.get(f"/admin/auth/group/{pk}/change/").status_code == 200
        everything = list(Permission.objects.values_list("pk", flat=True))
        posted = client.post(f"/admin/auth/group/{pk}/change/", {"name": ADMINS, "permissions": everything})
        assert posted.status_code == 403
        assert client.post("/admin/auth/group/add/", {"name": "Powers"}).status_code == 403

    def test_makes_and_erases_a_user_with_attempts(self, ada, alice):
        client = client_of(ada)
        new = {"username": "hana", "name": "Hana", "usable_password": "true"}
        new |= {"password1": PASSWORD, "password2": PASSWORD}
        assert client.post("/admin/accounts/user/add/", new).status_code == 302
        assert User.objects.get(username="hana").name == "Hana"
        give(start(alice, make_quiz()), True)
        assert client.post(f"/admin/accounts/user/{alice.pk}/delete/", {"post": "yes"}).status_code == 302
        assert not User.objects.filter(pk=alice.pk).exists()

    def test_addresses_are_unique_in_lower_case(self, ada, alice, bob):
        assert self.change(ada, bob, email="ALICE@school.example").status_code == 200
        assert self.change(ada, bob, email="Bob@School.example").status_code == 302
        assert User.objects.get(pk=bob.pk).email == "bob@school.example"

    def test_gives_a_guest_no_role(self, ada, gus):
        assert self.change(ada, gus, groups=[self.group(TEACHERS)]).status_code == 200
        assert not gus.groups.exists()


# --- invitations -------------------------------------------------------------------------------------------


class TestInvitations:
    def url(self, token):
        return reverse("invitation", args=[token])

    def test_an_admin_makes_one_and_sees_its_link_once(self, ada, alice):
        client = client_of(ada)
        response = client.post(
            "/admin/accounts/invitation/add/", {"role": TEACHERS, "note": "Ms Park"}, follow=True
        )
        path = self.url("x").replace("x/", "")
        assert path in response.content.decode()
        token = response.content.decode().split(path)[1].split("/")[0]
        invitation = Invitation.objects.get()
        assert invitation.made_by == ada
        assert token not in (invitation.digest, str(invitation))
        assert token not in client.get("/admin/accounts/invitation/").content.decode()
        pupil = client_of(alice)
        assert b"teach" in pupil.get(self.url(token)).content
        assert not User.objects.get(pk=alice.pk).is_teacher
        assert pupil.post(self.url(token)).status_code == 302
        assert User.objects.get(pk=alice.pk).is_teacher

    @pytest.mark.parametrize("who", ["alice", "tom", "edith"])
    def test_nobody_else_makes_one(self, who, request):
        client = client_of(request.getfixturevalue(who))
        assert client.post("/admin/accounts/invitation/add/", {"role": ADMINS}).status_code in {302, 403}
        assert not Invitation.objects.exists()

    def test_works_once(self, ada, alice, bob):
        _invitation, token = Invitation.make(ada)
        client_of(alice).post(self.url(token))
        assert client_of(bob).get(self.url(token)).status_code == 410
        assert client_of(bob).post(self.url(token)).status_code == 410
        assert not User.objects.get(pk=bob.pk).is_teacher
        assert client_of(alice).get(self.url(token)).url == reverse("account")  # my own is no riddle to me

    def test_two_at_once_are_one(self, ada, alice, bob):
        invitation, _token = Invitation.make(ada)
        same = Invitation.objects.get()
        now = timezone.now()
        assert [invitation.accept(alice, now), same.accept(bob, now)] == [True, False]

    def test_ends_after_two_weeks(self, ada, alice):
        invitation, token = Invitation.make(ada)
        invitation.expires_at = datetime(2020, 1, 1, tzinfo=UTC)
        invitation.save()
        assert client_of(alice).get(self.url(token)).status_code == 410
        assert client_of(alice).post(self.url(token)).status_code == 410
        assert not User.objects.get(pk=alice.pk).is_teacher

    def test_ends_with_the_rights_of_its_maker(self, ada, alice):
        _invitation, token = Invitation.make(ada)
        ada.set_roles([])
        assert client_of(alice).post(self.url(token)).status_code == 410

    @pytest.mark.parametrize("token", ["wrong", "ü", "x" * 500])
    def test_a_wrong_one_is_not_there(self, alice, token):
        assert client_of(alice).get(self.url(token)).status_code == 404
        assert client_of(alice).post(self.url(token)).status_code == 404

    def test_visitors_and_guests_are_asked_to_name_themselves(self, ada, gus):
        _invitation, token = Invitation.make(ada)
        for client in (Client(), client_of(gus)):
            page = client.get(self.url(token))
            assert f"{reverse('account_signup')}?next={self.url(token)}" in page.content.decode()
            assert client.post(self.url(token)).status_code == 200
        assert Invitation.objects.get().used_at is None
        client = client_of(gus)
        assert sign_up(client, "hana", next=self.url(token)).url == self.url(token)
        client.post(self.url(token))
        assert User.objects.get(pk=gus.pk).is_teacher

    def test_for_an_editor_makes_staff(self, ada, alice):
        _invitation, token = Invitation.make(ada, EDITORS)
        client_of(alice).post(self.url(token))
        assert User.objects.get(pk=alice.pk).is_staff


# --- my account, and leaving -------------------------------------------------------------------------------


class TestAccount:
    def test_a_visitor_is_asked_to_sign_in(self):
        assert Client().get(reverse("account")).url.startswith(reverse("account_login"))

    def test_shows_who_i_am(self, tom):
        page = client_of(tom).get(reverse("account")).content.decode()
        assert "tom" in page
        assert "teacher" in page

    def test_shows_a_guest_the_way_to_an_account(self, gus):
        page = client_of(gus).get(reverse("account")).content.decode()
        assert reverse("account_signup") in page
        assert reverse("account-delete") in page
        client_of(gus).post(reverse("account"), {"name": "King"})
        gus.refresh_from_db()
        assert gus.name == ""

    def test_changes_my_name(self, alice):
        client = client_of(alice)
        assert client.post(reverse("account"), {"name": "Alice Kim"}).status_code == 302
        alice.refresh_from_db()
        assert alice.name == "Alice Kim"
        client.post(
            reverse("account"), {"name": "A", "username": "root", "is_staff": "on", "is_superuser": "on"}
        )
        alice.refresh_from_db()
        assert (alice.name, alice.username, alice.is_staff, alice.is_superuser) == (
            "A",
            "alice",
            False,
            False,
        )

    @pytest.mark.parametrize("name", [NUL, "n" * 81])
    def test_a_bad_name_is_said_to_be_one(self, alice, name):
        response = client_of(alice).post(reverse("account"), {"name": name})
        assert response.status_code == 200
        assert "name" in errors(response)
        assert response.context["user"].name == "Alice"

    def test_deletes_me_and_my_attempts(self, alice, bob):
        quiz = make_quiz()
        give(start(alice, quiz), True, False)
        give(start(bob, quiz), True)
        client = client_of(alice)
        assert client.get(reverse("account-delete")).status_code == 200
        assert User.objects.filter(pk=alice.pk).exists()
        assert client.post(reverse("account-delete"), {"password": PASSWORD}).url == HOME
        assert set(User.objects.all()) == {bob}
        assert Attempt.objects.get().user == bob
        assert signed_in(client) is None

    @pytest.mark.parametrize("password", ["", "wrong-password", NUL])
    def test_deletes_nothing_without_the_password(self, alice, password):
        response = client_of(alice).post(reverse("account-delete"), {"password": password})
        assert response.status_code == 200
        assert "password" in errors(response)
        assert User.objects.filter(pk=alice.pk).exists()

    def test_passwords_cannot_be_guessed_here_either(self, alice):
        client = client_of(alice)
        for _try in range(10):
            client.post(reverse("account-delete"), {"password": "wrong-password"})
        assert client.post(reverse("account-delete"), {"password": PASSWORD}).status_code == 200
        assert User.objects.filter(pk=alice.pk).exists()

    def test_without_a_password_asks_for_the_username(self, alice):
        alice.set_unusable_password()
        alice.save()
        client = client_of(alice)
        assert "username" in errors(client.post(reverse("account-delete"), {"username": "bob"}))
        assert client.post(reverse("account-delete"), {"username": "Alice"}).url == HOME
        assert not User.objects.exists()

    def test_forgets_a_guest(self, gus):
        give(start(gus, make_quiz()), True)
        client = client_of(gus)
        assert client.get(reverse("account-delete")).status_code == 200
        assert User.objects.exists()
        assert client.post(reverse("account-delete")).url == HOME
        assert not User.objects.exists()

    def test_others_cannot_post_for_me(self, alice):
        client = client_of(alice, enforce_csrf_checks=True)
        for name in ("account", "account-delete", "account_logout"):
            assert client.post(reverse(name), {"password": PASSWORD, "name": "x"}).status_code == 403
        assert signed_in(client) == alice
