"""Signing up and in, my account, and leaving."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.guesses import address
from accounts.models import User
from quizzes.models import Attempt
from tests.base import PASSWORD, client_of, give, make_quiz, make_user, sign_in, sign_up, signed_in, start

pytestmark = pytest.mark.django_db

HOME = "/"
NUL = "a\0b"


def errors(response) -> dict:
    return response.context["form"].errors


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
        assert not (user.is_staff)
        assert not (user.is_superuser)
        assert not (user.is_guest)
        assert not (user.groups.exists())

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


class TestSignIn:
    @pytest.mark.parametrize("login", ["alice", "ALICE", "ａｌｉｃｅ", "alice@school.example", "Alice@School.example"])
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
        assert [(a.status_code, a.url) for a in answers] == [(302, reverse("account_reset_password_done"))] * 2
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
        client.post(reverse("account"), {"name": "A", "username": "root", "is_staff": "on", "is_superuser": "on"})
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


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),  # one house
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
    ],
)
def test_a_house_cannot_guess_from_many_addresses(rf, one, other, same):
    assert (address(rf.get("/", REMOTE_ADDR=one)) == address(rf.get("/", REMOTE_ADDR=other))) is same
