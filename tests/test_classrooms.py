"""Classes: joining, assignments, the gradebook; times in zones; who sees what."""

import csv
import io
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from classrooms import join_views, zones
from classrooms.export import as_text
from classrooms.forms import AssignmentForm
from classrooms.gradebook import Gradebook, frame, gather, lay_out, stamp, why_stuck
from classrooms.misled import misled
from classrooms.models import Assignment, Classroom, Membership, Work, read_code
from classrooms.needs import needs
from classrooms.standing import Standing, State, Try, stand
from classrooms.tasks import tasks
from quizzes.grading import Score
from quizzes.models import Attempt, Behaviour, Purpose, Release
from tests.base import client_of, give, make_class, make_quiz, make_user

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def task(room: Classroom, now: datetime) -> Assignment:
    """Three questions, due tomorrow, in a class that has been there for a while."""
    room.memberships.update(joined_at=now - 90 * DAY)
    return Assignment.objects.create(classroom=room, quiz=make_quiz(), due=now + DAY)


def work(task: Assignment, pupil: User, *answers: bool, at: datetime, finish: bool = True) -> Attempt:
    attempt = task.begin(pupil, now=at)
    give(attempt, *answers, now=at)
    if finish:
        attempt.finish(at)
    return attempt


def read(room: Classroom, now: datetime) -> Gradebook:
    return lay_out(room, gather(frame([room.pk]), now))


def states(room: Classroom, now: datetime) -> dict[str, list[str]]:
    return {row.pupil.name: [str(cell.state) for cell in row.cells] for row in read(room, now).rows}


def typed(**changes: Any) -> dict[str, Any]:
    """What the form of an assignment sends."""
    fields = {"due": "2026-12-01T17:00", "opens": "", "closes": "", "minutes": "", "tries": "1", "release": "finish"}
    return {**fields, **changes}


# --- classes and who is in them ----------------------------------------------------------------------------


def test_a_teacher_opens_a_class_and_its_page_shows_the_code(tom: User) -> None:
    client = client_of(tom)
    assert client.get(reverse("class-new")).status_code == 200
    response = client.post(reverse("class-new"), {"name": "History 10B", "time_zone": "Asia/Tokyo"})
    room = Classroom.objects.get()
    assert response.url == room.get_absolute_url()
    assert list(room.teachers.values_list("user", flat=True)) == [tom.pk]
    page = client.get(response.url).content.decode()
    assert room.spaced_code in page
    assert "Nobody is in the class yet" in page


def test_only_teachers_open_classes(alice: User, gus: User) -> None:
    for user in (alice, gus):
        client = client_of(user)
        assert client.get(reverse("class-new")).status_code == 403
        assert client.post(reverse("class-new"), {"name": "Mine", "time_zone": "UTC"}).status_code == 403
    assert not Classroom.objects.exists()


def test_settings_take_any_zone_there_is_and_keep_what_was_typed(room: Classroom, tom: User) -> None:
    client, url = client_of(tom), reverse("class-settings", args=[room.pk])
    refused = client.post(url, {"name": "Renamed", "time_zone": "Asia/Atlantis"})
    assert refused.status_code == 200
    assert b"Asia/Atlantis is not a time zone" in refused.content
    assert b'value="Renamed"' in refused.content
    assert client.post(url, {"name": "Renamed", "time_zone": "Antarctica/Troll"}).status_code == 302
    room.refresh_from_db()
    assert (room.name, room.time_zone) == ("Renamed", "Antarctica/Troll")
    assert b'value="Antarctica/Troll" selected' in client.get(url).content


def test_strangers_pupils_and_removed_pupils_get_the_404_of_what_does_not_exist(
    task: Assignment, room: Classroom, tina: User, alice: User, charlie: User, tom: User, now: datetime
) -> None:
    attempt = work(task, alice, True, at=now)
    member = room.pupils.get(user=alice)
    teachers_only = [
        ("class-settings", [room.pk]),
        ("gradebook", [room.pk]),
        ("gradebook-csv", [room.pk]),
        ("class-attempt", [room.pk, attempt.pk]),
        ("assign", [room.pk]),
        ("assignment-edit", [task.pk]),
        ("assignment-extend", [task.pk, alice.pk]),
    ]
    posts = [
        ("class-code", [room.pk]),
        ("class-remove", [room.pk, member.pk]),
        ("assignment-delete", [task.pk]),
        ("assignment-start", [task.pk]),
    ]
    members = [("class", [room.pk]), ("assignment", [task.pk])]
    for name, args in teachers_only + members:
        assert client_of(tom).get(reverse(name, args=args)).status_code == 200, name
        for stranger in (tina, charlie):
            assert client_of(stranger).get(reverse(name, args=args)).status_code == 404, (name, stranger)
    for name, args in teachers_only:
        assert client_of(alice).get(reverse(name, args=args)).status_code == 404, name
    for name, args in teachers_only + posts:
        for stranger in (tina, charlie):
            assert client_of(stranger).post(reverse(name, args=args)).status_code in (404, 405), (name, stranger)
    for name, args in members:
        assert client_of(alice).get(reverse(name, args=args)).status_code == 200
    member.leave(now)
    for name, args in members + teachers_only:
        assert client_of(alice).get(reverse(name, args=args)).status_code == 404, name
    assert client_of(alice).post(reverse("assignment-start", args=[task.pk])).status_code == 404
    # ... and the teacher no longer sees the work of somebody who is not in the class.
    assert client_of(tom).get(reverse("class-attempt", args=[room.pk, attempt.pk])).status_code == 404
    assert states(room, now) == {"Bob": ["ahead"]}


def test_ids_of_another_class_and_ids_too_large_are_404(
    task: Assignment, room: Classroom, other_room: Classroom, tom: User, tina: User, alice: User, now: datetime
) -> None:
    attempt = work(task, alice, at=now)
    other = Assignment.objects.create(classroom=other_room, quiz=task.quiz, due=now + DAY)
    charlie = other_room.pupils.get()
    huge = 10**30
    for name, args in [
        ("class-attempt", [other_room.pk, attempt.pk]),
        ("assignment-extend", [other.pk, alice.pk]),
        ("class-attempt", [other_room.pk, huge]),
        ("assignment-extend", [other.pk, huge]),
        ("class", [huge]),
        ("assignment", [huge]),
        ("gradebook", [huge]),
        ("assign", [huge]),
    ]:
        assert client_of(tina).get(reverse(name, args=args)).status_code == 404, (name, args)
    for member in (charlie.pk, huge):
        assert client_of(tom).post(reverse("class-remove", args=[room.pk, member])).status_code == 404
    assert other_room.pupils.count() == 1


def test_a_teacher_takes_a_pupil_out_and_the_code_lets_the_pupil_in_again(
    task: Assignment, room: Classroom, tom: User, alice: User, now: datetime
) -> None:
    work(task, alice, True, True, True, at=now)
    client_of(tom).post(reverse("class-remove", args=[room.pk, room.pupils.get(user=alice).pk]))
    assert not room.pupils.filter(user=alice).exists()
    client_of(alice).post(reverse("join", args=[room.join_code]))
    assert states(room, now)["Alice"] == ["done"]  # the work was kept
    teacher = room.teachers.get()
    assert client_of(tom).post(reverse("class-remove", args=[room.pk, teacher.pk])).status_code == 404


# --- joining -----------------------------------------------------------------------------------------------


def test_a_pupil_joins_by_post_only_and_once(room: Classroom, charlie: User) -> None:
    client, url = client_of(charlie), reverse("join", args=[room.join_code])
    page = client.get(url).content.decode()
    assert room.name in page
    assert "Tom" in page
    assert not room.pupils.filter(user=charlie).exists()
    for _twice in range(2):
        assert client.post(url).url == room.get_absolute_url()
    assert Membership.objects.filter(user=charlie).count() == 1
    assert client.get(url).url == room.get_absolute_url()


@pytest.mark.parametrize("how", ["{}", " {} ", "{0[0]}{0[1]}{0[2]}{0[3]} {0[4]}{0[5]}{0[6]}{0[7]}", "{0[0]}-{0[1]}-"])
def test_codes_are_read_as_people_type_them(how: str) -> None:
    code = "AB2D7KQM"
    text = how.format(code).lower()
    assert code.startswith(read_code(text))


def test_the_form_leads_to_the_page_of_the_code(room: Classroom, charlie: User) -> None:
    sloppy = f" {room.join_code[:4].lower()}-{room.join_code[4:].lower()} "
    response = client_of(charlie).post(reverse("join-find"), {"code": sloppy})
    assert response.url == reverse("join", args=[room.join_code])
    for code in ("", "   ", "../..", "<b>", "a" * 50):
        refused = client_of(charlie).post(reverse("join-find"), {"code": code})
        assert refused.status_code == 200, code


def test_visitors_and_guests_sign_up_first_and_come_back(room: Classroom, gus: User) -> None:
    url = reverse("join", args=[room.join_code])
    for client in (Client(), client_of(gus)):
        page = client.get(url).content.decode()
        assert room.name in page
        assert f"{reverse('account_signup')}?next=%2Fjoin%2F{room.join_code}%2F" in page
        assert client.post(url).url == f"{reverse('account_signup')}?next=%2Fjoin%2F{room.join_code}%2F"
    assert room.pupils.count() == 2


def test_a_teacher_who_opens_the_link_stays_a_teacher(room: Classroom, tom: User) -> None:
    client_of(tom).post(reverse("join", args=[room.join_code]))
    assert room.teachers.get().user == tom


def test_wrong_closed_and_old_codes_get_one_answer(room: Classroom, tom: User, charlie: User) -> None:
    client, teacher = client_of(charlie), client_of(tom)

    def answer(code: str) -> str:
        response = client.get(reverse("join", args=[code]))
        assert response.status_code == 404
        return response.content.decode().replace(code, "CODE")

    wrong, old = answer("AAAAAAAA"), room.join_code
    teacher.post(reverse("class-code", args=[room.pk]), {"do": "rotate"})
    room.refresh_from_db()
    assert room.join_code != old
    assert strip_token(answer(old)) == strip_token(wrong)
    assert client.get(reverse("join", args=[room.join_code])).status_code == 200
    teacher.post(reverse("class-code", args=[room.pk]), {"do": "close"})
    assert strip_token(answer(room.join_code)) == strip_token(wrong)
    assert client.post(reverse("join", args=[room.join_code])).status_code == 404
    teacher.post(reverse("class-code", args=[room.pk]), {"do": "open"})
    assert client.get(reverse("join", args=[room.join_code])).status_code == 200
    assert teacher.post(reverse("class-code", args=[room.pk]), {"do": "burn"}).status_code == 400


def strip_token(html: str) -> list[str]:
    return [line for line in html.splitlines() if "csrfmiddlewaretoken" not in line]


def test_guessing_codes_is_throttled_for_a_user_and_for_an_address(
    room: Classroom, charlie: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, good = client_of(charlie), reverse("join", args=[room.join_code])
    for n in range(20):
        assert client.get(reverse("join", args=[f"WRONG{n:03}"])).status_code == 404
    refused = client.post(good)
    assert refused.status_code == 429
    assert refused.headers["Retry-After"]
    assert not room.pupils.filter(user=charlie).exists()
    assert client_of(make_user("dora")).get(good).status_code == 200  # her classmate is not shut out
    monkeypatch.setattr(join_views, "GUESSES", replace(join_views.GUESSES, per_address=21))
    Client().get(reverse("join", args=["STILLBAD"]))
    assert Client().get(good).status_code == 429
    cache.clear()  # ten minutes later
    assert client.post(good).status_code == 302


# --- times -------------------------------------------------------------------------------------------------


def test_due_times_are_those_of_the_clocks_of_the_class(room: Classroom, tom: User, alice: User) -> None:
    room.time_zone = "Asia/Seoul"
    room.save()
    quiz = make_quiz()
    response = client_of(tom).post(reverse("assign", args=[room.pk]), typed(quiz=quiz.pk, due="2030-12-01T17:00"))
    task = Assignment.objects.get()
    assert response.url == task.get_absolute_url()
    assert task.due == datetime(2030, 12, 1, 8, tzinfo=ZoneInfo("UTC"))
    assert task.created_by == tom
    for user in (tom, alice):
        page = client_of(user).get(task.get_absolute_url()).content.decode()
        assert '<time datetime="2030-12-01T17:00:00+09:00">Sun 1 December 2030, 17:00</time>' in page
        assert "Seoul time" in page
    edit = client_of(tom).get(reverse("assignment-edit", args=[task.pk])).content.decode()
    assert 'value="2030-12-01T17:00"' in edit


def test_the_time_is_that_of_the_class_on_both_sides_of_a_change_of_clocks(room: Classroom) -> None:
    zone, quiz = ZoneInfo("America/New_York"), make_quiz()
    room.time_zone = zone.key
    for wall, utc in [("2026-03-07T17:00", 22), ("2026-03-08T17:00", 21), ("2026-11-01T17:00", 22)]:
        form = AssignmentForm(typed(quiz=quiz.pk, due=wall), classroom=room)
        assert form.is_valid(), form.errors
        assert form.instance.due.astimezone(ZoneInfo("UTC")).hour == utc
        assert form.instance.due.astimezone(zone).isoformat().startswith(wall)


@pytest.mark.parametrize(
    ("zone", "wall", "why"),
    [
        ("Europe/Paris", "2026-03-29T02:30", "does not exist"),
        ("Europe/Paris", "2026-10-25T02:30", "comes twice"),
        ("America/New_York", "2026-03-08T02:00", "does not exist"),
        ("America/New_York", "2026-11-01T01:59", "comes twice"),
        ("Australia/Lord_Howe", "2026-10-04T02:15", "does not exist"),
        ("Asia/Seoul", "2026-02-30T10:00", "Give a day and a time"),
        ("Asia/Seoul", "tomorrow", "Give a day and a time"),
        ("Asia/Seoul", "0001-01-01T00:00", "Give a year from 2000"),
        ("Asia/Seoul", "9999-12-31T23:59", "Give a year from 2000"),
        ("Asia/Seoul", "٢٠٢٦-12-01T10:00\0", "Give a day and a time"),
    ],
)
def test_a_time_that_cannot_be_meant_is_refused_with_a_reason_and_kept(
    room: Classroom, tom: User, zone: str, wall: str, why: str
) -> None:
    room.time_zone = zone
    room.save()
    response = client_of(tom).post(reverse("assign", args=[room.pk]), typed(quiz=make_quiz().pk, due=wall))
    assert response.status_code == 200
    assert why in response.content.decode()
    assert wall.replace("\0", "") in response.content.decode().replace("\0", "")
    assert not Assignment.objects.exists()


def test_the_hours_beside_a_change_of_clocks_are_fine() -> None:
    paris = ZoneInfo("Europe/Paris")
    for wall in (datetime(2026, 3, 29, 1, 59), datetime(2026, 3, 29, 3), datetime(2026, 10, 25, 3)):
        assert zones.instant(wall, paris).astimezone(paris).replace(tzinfo=None) == wall
    with pytest.raises(ValidationError) as skipped:
        zones.instant(datetime(2026, 3, 29, 2), paris)
    assert skipped.value.code == "skipped"


def test_every_zone_of_the_select_exists() -> None:
    for _group, rows in zones.choices():
        for zone, _city in rows:
            zones.check_zone(zone)
    for bad in ("", "Europe", "../etc/passwd", "asia/seoul", "Mars/Olympus"):
        with pytest.raises(ValidationError):
            zones.check_zone(bad)


# --- setting and changing ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"due": ""}, "This field is required"),
        ({"opens": "2026-12-01T17:00"}, "It must open before it is due"),
        ({"closes": "2026-12-01T16:59"}, "It cannot close before it is due"),
        ({"release": "close"}, "Say when it closes"),
        ({"release": "never"}, "Select a valid choice"),
        ({"tries": "0"}, "greater than or equal to 1"),
        ({"tries": "21"}, "less than or equal to 20"),
        ({"minutes": "0"}, "greater than or equal to 1"),
        ({"minutes": "1e400"}, "Enter a whole number"),
        ({"quiz": "999999"}, "Select a valid choice"),
    ],
)
def test_rules_that_cannot_be_are_refused(room: Classroom, tom: User, fields: dict[str, str], why: str) -> None:
    data = typed(**{"quiz": make_quiz().pk, **fields})
    response = client_of(tom).post(reverse("assign", args=[room.pk]), data)
    assert response.status_code == 200
    assert why in response.content.decode()
    assert not Assignment.objects.exists()


def test_closing_and_assignment_only_quizzes_can_be_set_and_no_others(room: Classroom, tom: User) -> None:
    closing, own = make_quiz("closing"), make_quiz("class-test", purpose=Purpose.ASSIGNMENT, reserved=True)
    checkpoint, empty = make_quiz("checkpoint", purpose=Purpose.CHECKPOINT), make_quiz("empty", questions=0)
    form = AssignmentForm(classroom=room)
    [(unit, offered)] = form.fields["quiz"].choices  # type: ignore[attr-defined]
    assert unit == str(closing.lesson.unit)  # type: ignore[union-attr]
    assert {pk for pk, _label in offered} == {closing.pk, own.pk}
    for quiz in (checkpoint, empty):
        assert "quiz" in AssignmentForm(typed(quiz=quiz.pk), classroom=room).errors
    assert client_of(tom).get(reverse("assign", args=[room.pk])).status_code == 200


def test_the_page_for_setting_says_so_when_there_is_no_quiz(room: Classroom, tom: User) -> None:
    assert b"There is no quiz to set yet" in client_of(tom).get(reverse("assign", args=[room.pk])).content


def test_an_edit_reaches_attempts_under_way_and_never_shortens_their_limit(
    task: Assignment, room: Classroom, tom: User, alice: User, bob: User, now: datetime
) -> None:
    room.time_zone = "UTC"
    room.save()
    Assignment.objects.filter(pk=task.pk).update(limit=HOUR, closes=task.due, release=Release.CLOSE)
    task.refresh_from_db()
    running, handed_in = task.begin(alice, now=now), work(task, bob, True, at=now)
    later = (now + 3 * DAY).replace(second=0, microsecond=0)
    wall = f"{later:%Y-%m-%dT%H:%M}"
    response = client_of(tom).post(
        reverse("assignment-edit", args=[task.pk]), typed(due=wall, closes=wall, minutes="30", release="close")
    )
    assert response.status_code == 302
    running.refresh_from_db()
    handed_in.refresh_from_db()
    assert (running.closes, running.limit) == (later, HOUR)
    # Bob must not see the answers while Alice still writes.
    assert not handed_in.is_released(now + 2 * DAY)
    assert handed_in.is_released(later + HOUR)


def test_the_quiz_stays_once_somebody_has_begun(
    task: Assignment, tom: User, alice: User, now: datetime, room: Classroom
) -> None:
    other = make_quiz("other")
    task.begin(alice, now=now)
    response = client_of(tom).post(reverse("assignment-edit", args=[task.pk]), typed(quiz=other.pk))
    assert response.status_code == 302
    task.refresh_from_db()
    assert task.quiz != other
    client_of(tom).post(reverse("assignment-delete", args=[task.pk]))
    assert Assignment.objects.filter(pk=task.pk).exists()


def test_an_assignment_that_nobody_began_can_be_deleted_by_post(task: Assignment, tom: User) -> None:
    url = reverse("assignment-delete", args=[task.pk])
    assert client_of(tom).get(url).status_code == 405
    assert client_of(tom).post(url).url == task.classroom.get_absolute_url()
    assert not Assignment.objects.exists()


# --- a pupil at work ---------------------------------------------------------------------------------------


def test_a_pupil_starts_goes_on_and_hands_in(task: Assignment, alice: User, now: datetime) -> None:
    client = client_of(alice)
    assert "not started" in client.get(reverse("class-list")).content.decode()
    start = reverse("assignment-start", args=[task.pk])
    assert client.get(start).status_code == 405
    response = client.post(start)
    attempt = Attempt.objects.get(user=alice)
    assert response.url == reverse("attempt-question", args=[attempt.pk, 1])
    assert (attempt.behaviour, attempt.context) == (Behaviour.TEST, f"assignment:{task.pk}")
    give(attempt, True)
    assert client.post(start).url == reverse("attempt-question", args=[attempt.pk, 2])
    assert "Go on where you stopped" in client.get(task.get_absolute_url()).content.decode()
    attempt.finish(now)
    page = client.get(task.get_absolute_url()).content.decode()
    assert "1 of 3" in page
    assert reverse("attempt-result", args=[attempt.pk]) in page
    assert "Nothing is due" in client.get(reverse("class-list")).content.decode()
    refused = client.post(start)
    assert refused.url == task.get_absolute_url()
    assert "You have used all attempts" in client.get(refused.url).content.decode()
    assert Attempt.objects.filter(user=alice).count() == 1


def test_two_clicks_start_one_attempt(task: Assignment, alice: User, now: datetime) -> None:
    assert task.begin(alice, now=now) == task.begin(alice, now=now)
    client_of(alice).post(reverse("assignment-start", args=[task.pk]))
    assert Attempt.objects.count() == Work.objects.count() == 1


def test_a_teacher_does_not_start_an_assignment(task: Assignment, tom: User) -> None:
    assert client_of(tom).post(reverse("assignment-start", args=[task.pk])).status_code == 404


def test_it_starts_only_while_it_is_open(task: Assignment, alice: User, now: datetime) -> None:
    task.opens, task.closes = now + HOUR, now + 2 * DAY
    task.save()
    with pytest.raises(ValidationError) as early:
        task.begin(alice, now=now)
    assert early.value.code == "early"
    assert "It is not open yet" in client_of(alice).get(task.get_absolute_url()).content.decode()
    with pytest.raises(ValidationError) as closed:
        task.begin(alice, now=now + 3 * DAY)
    assert closed.value.code == "closed"
    assert task.begin(alice, now=now + HOUR)


def test_several_tries_and_the_best_one_counts(task: Assignment, alice: User, room: Classroom, now: datetime) -> None:
    task.tries = 3
    task.save()
    work(task, alice, True, False, False, at=now)
    best = work(task, alice, True, True, True, at=now + HOUR)
    work(task, alice, False, at=now + 2 * HOUR)
    with pytest.raises(ValidationError):
        task.begin(alice, now=now + 3 * HOUR)
    [row, _bob] = read(room, now + 3 * HOUR).rows
    assert (row.cells[0].score, row.cells[0].points) == (Score(3, 3), "3")
    assert row.cells[0].href.endswith(f"/attempts/{best.pk}/")
    [mine] = tasks(alice, Assignment.objects.set_for(alice), now + 3 * HOUR)
    assert mine.score == Score(3, 3)
    assert mine.tries_left == 0


def test_a_try_that_time_has_ended_makes_way_for_the_next(task: Assignment, alice: User, now: datetime) -> None:
    task.tries, task.limit = 2, HOUR
    task.save()
    first = task.begin(alice, now=now)
    second = task.begin(alice, now=now + 2 * HOUR)
    first.refresh_from_db()
    assert second != first
    assert first.finished_at == now + HOUR


def test_a_limit_that_the_closing_time_cuts_is_announced(task: Assignment, alice: User, now: datetime) -> None:
    task.limit, task.due = HOUR, now + timedelta(minutes=20, seconds=30)
    task.closes = task.due
    task.save()
    page = client_of(alice).get(task.get_absolute_url()).content.decode()
    assert "If you start now you have 20 minutes" in page
    assert "The clock runs from this button on" in page


def test_scores_wait_for_their_release(task: Assignment, alice: User, now: datetime) -> None:
    task.closes, task.release = now + 2 * DAY, Release.CLOSE
    task.save()
    work(task, alice, True, True, True, at=now)
    for url in (task.get_absolute_url(), reverse("class-list"), task.classroom.get_absolute_url()):
        assert "3 of 3" not in client_of(alice).get(url).content.decode()
    [mine] = tasks(alice, Assignment.objects.set_for(alice), now)
    assert mine.score is None
    [then] = tasks(alice, Assignment.objects.set_for(alice), now + 3 * DAY)
    assert then.score == Score(3, 3)


def test_who_sees_each_answer_at_once_cannot_change_it(task: Assignment, alice: User, now: datetime) -> None:
    task.release = Release.AT_ONCE
    task.save()
    assert task.begin(alice, now=now).behaviour == Behaviour.PRACTICE


def test_a_quiz_without_questions_says_so(task: Assignment, alice: User) -> None:
    task.quiz.places.all().delete()
    response = client_of(alice).post(reverse("assignment-start", args=[task.pk]), follow=True)
    assert "has no questions at the moment" in response.content.decode()


# --- more time ---------------------------------------------------------------------------------------------


def test_more_time_holds_for_one_pupil_and_for_an_attempt_that_time_had_closed(
    task: Assignment, tom: User, alice: User, bob: User, room: Classroom, now: datetime
) -> None:
    task.due = task.closes = now - HOUR
    task.limit = HOUR
    task.save()
    attempt = task.begin(alice, now=now - 2 * HOUR)
    assert not attempt.is_open(now)
    room.time_zone = "UTC"
    room.save()
    until = (now + DAY).replace(second=0, microsecond=0)
    url = reverse("assignment-extend", args=[task.pk, alice.pk])
    assert client_of(tom).get(url).status_code == 200
    response = client_of(tom).post(url, {"until": f"{until:%Y-%m-%dT%H:%M}", "minutes": "120"})
    assert response.url == f"{task.get_absolute_url()}#p{alice.pk}"
    attempt.refresh_from_db()
    assert (attempt.closes, attempt.limit) == (until, 3 * HOUR)
    assert attempt.is_open(now)
    give(attempt, True, now=now)
    attempt.finish(now)
    assert states(room, now) == {"Alice": ["done"], "Bob": ["missing"]}
    with pytest.raises(ValidationError):
        task.begin(bob, now=now)
    assert "more time until" in client_of(tom).get(task.get_absolute_url()).content.decode()
    assert "the dates below are yours" in client_of(alice).get(task.get_absolute_url()).content.decode()


def test_more_time_does_not_close_what_never_closes(task: Assignment, alice: User, tom: User, now: datetime) -> None:
    extra = task.extend(alice, closes=now + 5 * DAY, extra_time=timedelta(), by=tom)
    assert task.closes_for(extra) is None
    assert task.due_for(extra) == now + 5 * DAY
    assert task.begin(alice, now=now + 6 * DAY).closes is None


def test_more_time_says_what_is_wrong(task: Assignment, tom: User, alice: User, room: Classroom) -> None:
    room.time_zone = "UTC"
    room.save()
    client, url = client_of(tom), reverse("assignment-extend", args=[task.pk, alice.pk])
    for data, why in [
        ({}, "Give a later date, or more minutes"),
        ({"until": f"{task.due - HOUR:%Y-%m-%dT%H:%M}"}, "not later than the due date"),
        ({"until": "soon"}, "Give a day and a time"),
    ]:
        response = client.post(url, data)
        assert response.status_code == 200
        assert why in response.content.decode()
    assert not task.extensions.exists()


# --- how a pupil stands: pure ------------------------------------------------------------------------------

DUE = datetime(2026, 10, 1, 15, tzinfo=ZoneInfo("UTC"))


@pytest.mark.parametrize(
    ("tries", "now", "state", "counts"),
    [
        ([], DUE, State.AHEAD, None),
        ([], DUE + HOUR, State.MISSING, None),
        ([Try(1, None)], DUE - HOUR, State.GOING, None),
        ([Try(1, None)], DUE + HOUR, State.GOING, None),
        ([Try(1, DUE, Score(2, 4))], DUE + HOUR, State.DONE, 1),
        ([Try(1, DUE + HOUR, Score(2, 4))], DUE + DAY, State.LATE, 1),
        ([Try(1, DUE, Score(2, 4)), Try(2, DUE + HOUR, Score(2, 4))], DUE + DAY, State.DONE, 1),
        ([Try(1, DUE, Score(2, 4)), Try(2, DUE + HOUR, Score(2, 3))], DUE + DAY, State.LATE, 2),
        ([Try(1, DUE - HOUR, Score(2, 4)), Try(2, None, Score(3, 4))], DUE, State.DONE, 1),
    ],
)
def test_standing(tries: list[Try], now: datetime, state: State, counts: int | None) -> None:
    standing = stand(tries, due=DUE, now=now)
    assert standing.state == state
    assert (standing.counts and standing.counts.pk) == counts


def test_who_joined_after_the_due_date_is_not_missing() -> None:
    assert stand([], due=DUE, now=DUE + DAY, joined=DUE + HOUR).state == State.BEFORE
    assert stand([], due=DUE, now=DUE + DAY, joined=DUE - HOUR).state == State.MISSING


def test_stuck() -> None:
    def done(points: float) -> Standing:
        return Standing(State.DONE, Try(1, DUE, Score(points, 10)))

    missing, ahead = Standing(State.MISSING), Standing(State.AHEAD)
    assert why_stuck([done(9), missing, missing, missing, ahead]) == "nothing handed in 3 times running"
    assert why_stuck([done(9), missing, done(9), missing]) == ""
    assert why_stuck([done(9), done(4), done(3), done(4)]) == "under half 3 times running"
    assert why_stuck([done(9), done(4), done(3), done(5)]) == ""
    assert why_stuck([]) == ""


# --- the gradebook -----------------------------------------------------------------------------------------


def test_the_gradebook_tells_late_missing_not_due_and_in_progress(
    task: Assignment, room: Classroom, tom: User, alice: User, bob: User, now: datetime
) -> None:
    past = Assignment.objects.create(classroom=room, quiz=make_quiz("past"), due=now - DAY)
    over = Assignment.objects.create(classroom=room, quiz=make_quiz("over"), due=now - 2 * DAY)
    work(past, alice, True, True, False, at=now - HOUR)
    work(over, alice, True, True, True, at=now - 3 * DAY)
    work(task, bob, True, at=now, finish=False)
    book = read(room, now)
    assert [column.title for column in book.columns] == ["Over", "Past", "Chemicals quiz"]
    assert states(room, now) == {"Alice": ["done", "late", "ahead"], "Bob": ["missing", "missing", "going"]}
    [a, b] = book.rows
    assert (a.percent, b.percent) == (83, None)
    assert [(column.percent, column.n) for column in book.columns] == [(100, 1), (67, 1), (None, 0)]
    assert a.cells[1].label == "Alice, Past: 2 of 3, late"
    page = client_of(tom).get(reverse("gradebook", args=[room.pk])).content.decode()
    for words in ("late", "missing", "not due", "in progress", "83 %", "100 %"):
        assert words in page


def test_the_last_answer_that_came_in_time_counts(
    task: Assignment, room: Classroom, alice: User, now: datetime
) -> None:
    task.closes = task.due
    task.save()
    attempt = task.begin(alice, now=now)
    slot = attempt.slots.first()
    assert slot is not None
    for n, (choice, at) in enumerate([("false", now), ("true", now + HOUR), ("false", task.due + HOUR)]):
        attempt.record(slot, {"choice": choice}, key=f"k{n}", now=at)
    [cell] = read(room, now + 2 * DAY).rows[0].cells
    assert cell.score == Score(1, 3) == attempt.score
    assert cell.state == State.DONE  # ended by the closing time, which is the due date


def test_the_same_number_of_queries_for_one_pupil_and_for_fifty(
    tom: User, now: datetime, django_assert_num_queries: Any
) -> None:
    rooms = []
    for size in (1, 6, 50):
        pupils = [make_user(f"p{size}-{n}") for n in range(size)]
        room = make_class(tom, *pupils, name=str(size))
        for week in range(1 if size < 50 else 2):
            quiz = make_quiz(f"quiz-{size}-{week}", questions=2)
            task = Assignment.objects.create(classroom=room, quiz=quiz, due=now + DAY)
            for pupil in pupils:
                work(task, pupil, True, False, at=now)
        rooms.append(room)
    client = client_of(tom)
    for room in rooms:
        url = reverse("gradebook", args=[room.pk])
        with django_assert_num_queries(5):
            gather(frame([room.pk]), now)
        with django_assert_num_queries(8):  # session, user, class and its frame, then the work
            assert client.get(url).status_code == 200
        with django_assert_num_queries(6):  # nothing has changed since
            client.get(url)
        with django_assert_num_queries(8):
            client.get(reverse("gradebook-csv", args=[room.pk]))
    counts = []
    for room in rooms[1:]:  # one pupil alone is too few for a question to be looked at
        client.get(room.get_absolute_url())  # the documents are read once a process
        with django_assert_num_queries(12, exact=False) as seen:
            assert client.get(room.get_absolute_url()).status_code == 200
        counts.append(len(seen))
        task = room.assignments.first()
        assert task is not None
        with django_assert_num_queries(10, exact=False) as seen:
            assert client.get(task.get_absolute_url()).status_code == 200
        counts.append(len(seen))
    assert counts[:2] == counts[2:]


def test_a_gradebook_kept_from_before_is_drawn_again_when_anything_in_it_changes(
    task: Assignment, room: Classroom, tom: User, alice: User, bob: User, now: datetime
) -> None:
    def seen(at: datetime = now) -> str:
        found = Classroom.objects.with_work().get(pk=room.pk)
        return stamp(found, frame([room.pk]), at)

    last = [seen()]

    def changed() -> bool:
        before, last[0] = last[0], seen()
        return before != last[0]

    assert not changed()
    attempt = task.begin(alice, now=now)
    assert changed()
    give(attempt, True)
    assert changed()
    attempt.finish(now)
    assert changed()
    task.extend(bob, closes=now + 9 * DAY, extra_time=timedelta(), by=tom)
    assert changed()
    User.objects.filter(pk=alice.pk).update(name="Alice B.")
    assert changed()
    Assignment.objects.filter(pk=task.pk).update(due=now + 2 * DAY)
    assert changed()
    Classroom.objects.filter(pk=room.pk).update(time_zone="UTC")
    assert changed()
    room.pupils.get(user=bob).leave(now)
    assert changed()
    assert seen(now) != seen(now + 3 * DAY)  # what was not due is missing now
    assert not changed()


def test_a_kept_gradebook_shows_new_work_at_once(
    task: Assignment, room: Classroom, tom: User, alice: User, now: datetime
) -> None:
    client, url = client_of(tom), reverse("gradebook", args=[room.pk])
    assert "Alice, Chemicals quiz: not due" in client.get(url).content.decode()
    work(task, alice, True, True, False, at=now)
    assert "Alice, Chemicals quiz: 2 of 3" in client.get(url).content.decode()


def test_empty_gradebooks_say_what_comes_first(tom: User) -> None:
    room = make_class(tom)
    url = reverse("gradebook", args=[room.pk])
    assert "Nothing is set yet" in client_of(tom).get(url).content.decode()
    Assignment.objects.create(classroom=room, quiz=make_quiz(), due=timezone.now())
    assert "Nobody is in the class yet" in client_of(tom).get(url).content.decode()


@pytest.mark.parametrize(
    "name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1", '=HYPERLINK("http://x")']
)
def test_a_spreadsheet_runs_nothing(name: str) -> None:
    assert as_text(name) == f"'{name}"


def test_the_csv_holds_text_as_text_and_numbers_as_numbers(
    task: Assignment, room: Classroom, tom: User, alice: User, bob: User, now: datetime
) -> None:
    work(task, alice, True, True, False, at=now)
    User.objects.filter(pk=bob.pk).update(name='=cmd|" /C calc"!A0')
    User.objects.filter(pk=alice.pk).update(name="김서연, Alice")
    task.quiz.texts = {"en": {"title": "-Quiz"}}
    task.quiz.save()
    response = client_of(tom).get(reverse("gradebook-csv", args=[room.pk]))
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in response.headers["Content-Disposition"]
    assert response.content.startswith(b"\xef\xbb\xbf")
    header, *rows = csv.reader(io.StringIO(response.content.decode("utf-8-sig")))
    assert header[1].startswith("'-Quiz")
    assert rows == [['\'=cmd|" /C calc"!A0', "", "not due", ""], ["김서연, Alice", "2", "handed in", "67"]]


def test_a_teacher_reads_an_attempt_with_the_right_answers(
    task: Assignment, room: Classroom, tom: User, alice: User, now: datetime
) -> None:
    task.closes, task.release = now + 2 * DAY, Release.CLOSE  # hidden from the pupil, not from the teacher
    task.save()
    attempt = work(task, alice, True, False, at=now)
    page = client_of(tom).get(reverse("class-attempt", args=[room.pk, attempt.pk])).content.decode()
    assert "1 of 3, 33 %" in page
    assert page.count("It is so.") == 3
    assert "It sounds unlikely." in page
    assert "Question 3, not answered" in page
    assert "Question 2, 0 of 1" in page


# --- what needs the teacher --------------------------------------------------------------------------------


def test_what_needs_the_teacher(
    task: Assignment, room: Classroom, tom: User, alice: User, bob: User, now: datetime
) -> None:
    late = Assignment.objects.create(classroom=room, quiz=make_quiz("late"), due=now - DAY)
    Assignment.objects.create(classroom=room, quiz=make_quiz("shut"), due=now - 9 * DAY, closes=now - 8 * DAY)
    work(late, alice, True, at=now - 2 * DAY)
    base = frame([room.pk])
    facts = gather(base, now)
    found = needs(room, facts, lay_out(room, facts), now)
    told = [(need.n, need.what, need.href) for need in found]
    assert (1, "pupil has not handed in", late.get_absolute_url()) in told
    assert (2, "pupils have not begun", task.get_absolute_url()) in told
    assert not any("Shut" in need.detail for need in found if "handed" in need.what)  # it can no longer come
    page = client_of(tom).get(room.get_absolute_url()).content.decode()
    assert "Late, due" in page
    assert "1 piece of work is overdue" in client_of(tom).get(reverse("class-list")).content.decode()


def test_the_question_that_misled_the_class(task: Assignment, room: Classroom, tom: User, now: datetime) -> None:
    pupils = [make_user(f"many-{n}") for n in range(6)]
    for n, pupil in enumerate(pupils):
        room.admit(pupil)
        work(task, pupil, True, n < 2, True, at=now)
    found = misled([task], [pupil.pk for pupil in pupils], {})
    assert found is not None
    assert (found.number, found.n, found.fell) == (2, 6, 4)
    assert [(choice.count, choice.right, choice.led) for choice in found.choices] == [
        (4, False, True),
        (2, True, False),
    ]
    page = client_of(tom).get(room.get_absolute_url()).content.decode()
    assert "4 of 6 gave the same wrong answer" in page
    assert misled([task], [pupil.pk for pupil in pupils[:4]], {}) is None  # too few to say


def test_pages_of_people_without_a_class_say_what_to_do(alice: User, tom: User, gus: User) -> None:
    for user in (alice, tom, gus):
        page = client_of(user).get(reverse("class-list")).content.decode()
        assert "You are in no class yet" in page
        assert (reverse("class-new") in page) == (user == tom)
    assert Client().get(reverse("class-list")).url.startswith(reverse("account_login"))
