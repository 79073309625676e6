"""Roles, what an admin may not do with them, and invitations."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Invitation, User
from accounts.roles import ADMINS, EDITORS, ROLES, TEACHERS, ensure_roles, is_teacher
from tests.base import PASSWORD, client_of, give, make_quiz, make_user, sign_up, start

pytestmark = pytest.mark.django_db


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
        assert not any(p.startswith(("accounts.", "auth.", "classrooms.")) for p in edith.get_all_permissions())
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
            self.change(ada, user, is_superuser="on", is_staff="on", user_permissions=[any_permission], groups=groups)
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


class TestInvitations:
    def url(self, token):
        return reverse("invitation", args=[token])

    def test_an_admin_makes_one_and_sees_its_link_once(self, ada, alice):
        client = client_of(ada)
        response = client.post("/admin/accounts/invitation/add/", {"role": TEACHERS, "note": "Ms Park"}, follow=True)
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
