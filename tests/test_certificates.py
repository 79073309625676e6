"""Certificates: for a mastered unit only, once, as it was on that day, and showing no more than the holder chose."""

import re
from datetime import timedelta
from io import BytesIO
from itertools import product
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.guesses import Guesses
from accounts.models import User
from lessons.models import LessonVersion, Status, Unit
from progress import certificate_views, issuing
from progress.diploma import MOST
from progress.history import History
from progress.issuing import diploma
from progress.models import Certificate
from progress.models.certificate import ALPHABET, LENGTH, new_code, read_code
from progress.summary import units
from quizzes.models import Purpose, Quiz
from tests.base import PASSWORD, client_of, give, make_lesson, make_quiz, sign_up, start

pytestmark = pytest.mark.django_db

NAME = "Sana 김하늘"


@pytest.fixture
def unit(db: None) -> Unit:
    """A unit of two lessons, each with a closing quiz: of five questions, and of four."""
    for slug, size in (("three-chemicals", 5), ("motives", 4)):
        lesson = make_lesson(slug)
        make_quiz(f"{slug}-text", 1, lesson=lesson, purpose=Purpose.CHECKPOINT)
        make_quiz(f"{slug}-quiz", size, lesson=lesson)
    return Unit.objects.get()


def take(user: User, slug: str, *answers: bool) -> None:
    attempt = start(user, Quiz.objects.get(slug=f"{slug}-quiz"))
    give(attempt, *answers)
    attempt.finish(timezone.now())


def master(user: User) -> User:
    take(user, "three-chemicals", True, True, True, True)
    take(user, "motives", True, True, True, True)
    return user


@pytest.fixture
def able(unit: Unit, alice: User) -> User:
    """Alice, who has mastered the unit."""
    return master(alice)


def get(user: User, **data: Any) -> Any:
    return client_of(user).post(reverse("certificate-get", args=["trade-war-2019"]), {"name": NAME} | data)


def issued(user: User, **data: Any) -> Certificate:
    response = get(user, **data)
    found = Certificate.objects.valid().get(holder=user)
    assert response.headers["Location"] == reverse("certificate-mine", args=[found.spaced_code])
    return found


def public(certificate: Certificate, user: User | None = None) -> str:
    response = client_of(user).get(certificate.get_absolute_url())
    assert response.status_code == 200
    return main(response)


def main(response: Any) -> str:
    """What the page itself says."""
    return response.content.decode().partition("<main")[2].partition("</main>")[0]  # type: ignore[no-any-return]


# --- who may -----------------------------------------------------------------------------------------------


class TestGetting:
    def test_takes_every_lesson_of_the_unit(self, unit: Unit, alice: User) -> None:
        take(alice, "three-chemicals", True, True, True, True, True)
        take(alice, "motives", True, True, True, False)
        page = main(client_of(alice).get(reverse("certificate-get", args=[unit.slug])))
        assert "Not yet" in page
        assert "Motives" in page
        assert "Three chemicals" not in page
        assert "<form" not in page
        assert get(alice).status_code == 403
        assert not Certificate.objects.exists()
        assert "Get your certificate" not in main(client_of(alice).get(unit.get_absolute_url()))

    def test_the_unit_and_the_list_offer_it(self, unit: Unit, able: User) -> None:
        offer = f'href="{reverse("certificate-get", args=[unit.slug])}"'
        for address in (unit.get_absolute_url(), reverse("certificate-list")):
            assert offer in main(client_of(able).get(address))
        found = issued(able)
        for address in (unit.get_absolute_url(), reverse("certificate-list")):
            page = main(client_of(able).get(address))
            assert offer not in page
            assert f'href="{reverse("certificate-mine", args=[found.spaced_code])}"' in page
        assert "Get your certificate" not in main(Client().get(unit.get_absolute_url()))

    def test_asks_for_the_name_and_shows_nothing_unless_told(self, unit: Unit, able: User) -> None:
        page = main(client_of(able).get(reverse("certificate-get", args=[unit.slug])))
        assert 'value="Alice"' in page
        assert "checked" not in page
        assert not Certificate.objects.exists()  # a visit issues nothing
        found = issued(able)
        assert (found.name, found.shows_name, found.shows_evidence) == (NAME, False, False)

    def test_without_a_name_of_ones_own_none_is_proposed(self, unit: Unit, able: User) -> None:
        User.objects.filter(pk=able.pk).update(name="")
        page = main(client_of(able).get(reverse("certificate-get", args=[unit.slug])))
        assert "alice" not in page.lower()

    def test_twice_is_once(self, unit: Unit, able: User) -> None:
        first = issued(able)
        assert issued(able, name="Somebody else") == first
        again = Certificate.objects.issue(able, unit, name="Third", record=first.record)
        assert again == first
        assert Certificate.objects.get().name == NAME
        with pytest.raises(IntegrityError), transaction.atomic():
            Certificate.objects.create(holder=able, unit=unit, record={})

    def test_two_clicks_at_the_same_moment_end_with_one(
        self, unit: Unit, able: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = issued(able)
        queryset = type(Certificate.objects.all())
        monkeypatch.setattr(queryset, "first", lambda self: None)  # the other click was not there yet
        assert Certificate.objects.issue(able, unit, record={}) == first

    def test_a_guest_makes_an_account_first_and_keeps_all(self, unit: Unit, gus: User) -> None:
        master(gus)
        client = client_of(gus)
        address = reverse("certificate-get", args=[unit.slug])
        page = main(client.get(address))
        assert "Make an account first" in page
        assert f"{reverse('account_signup')}?next={address}" in page
        assert client.post(address, {"name": NAME}).status_code == 403
        assert not Certificate.objects.exists()
        sign_up(client, "gudrun")
        assert client.post(address, {"name": NAME}).status_code == 302
        assert Certificate.objects.get().holder.username == "gudrun"

    def test_a_unit_that_is_not_there_and_one_without_lessons(self, able: User) -> None:
        assert client_of(able).get(reverse("certificate-get", args=["nothing"])).status_code == 404
        empty = Unit.objects.create(slug="empty", number=8, texts={"en": {"title": "Empty", "why": "-"}})
        address = reverse("certificate-get", args=[empty.slug])
        assert "being written" in main(client_of(able).get(address))
        assert client_of(able).post(address, {"name": ""}).status_code == 403


# --- what it says ------------------------------------------------------------------------------------------


class TestRecord:
    def test_holds_rule_and_evidence_in_words_and_numbers(self, unit: Unit, able: User) -> None:
        record = issued(able).record
        today = timezone.localdate().isoformat()
        assert record["unit"] == "The 2019 trade war"
        assert record["number"] == 3
        assert record["threshold"] == 80
        assert "reaches 80 percent" in record["rule"]
        assert record["words"] == ["한국", "日本"]
        assert record["lessons"] == [
            {"title": "Three chemicals", "percent": 80, "questions": 5, "on": today},
            {"title": "Motives", "percent": 100, "questions": 4, "on": today},
        ]

    def test_the_best_result_counts_at_the_day_it_was_first_reached(self, unit: Unit, able: User) -> None:
        quiz = Quiz.objects.get(slug="motives-quiz")
        early = timezone.now() - timedelta(days=40)
        for days, answers in ((40, [True] * 4), (20, [True] * 4), (10, [False])):
            at = timezone.now() - timedelta(days=days)
            attempt = start(able, quiz, now=at)
            give(attempt, *answers, now=at)
            attempt.finish(at)
        motives = issued(able).evidence[1]
        assert (motives["percent"], motives["on"]) == (100, timezone.localtime(early).date())

    def test_says_the_same_as_the_progress_page(self, unit: Unit, able: User) -> None:
        [line] = units(able, "en", now=timezone.now())
        found = [each["percent"] for each in issued(able).record["lessons"]]
        assert found == [each.evidence.best for each in line.lessons]

    def test_stays_as_it_was_whatever_happens_to_lessons_rule_and_results(
        self, unit: Unit, able: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        found = issued(able, shows_name="on", shows_evidence="on")
        before, paper = public(found), diploma(found, "x").png()
        lesson = unit.lessons.get(slug="motives")
        LessonVersion(lesson=lesson, title="New motives", summary="-", body="-", status=Status.DRAFT).add().publish()
        unit.texts["en"]["title"] = "The trade quarrel"
        unit.save()
        make_lesson("a-new-lesson")
        monkeypatch.setattr(issuing, "MASTERED", 99)
        take(able, "three-chemicals", True, True, True, True, True)
        able.name = "Other Name"
        able.save()
        found = Certificate.objects.get()
        assert public(found) == before
        assert diploma(found, "x").png() == paper

    @pytest.mark.parametrize("field", ["name", "record", "code", "issued_at", "language", "holder_id"])
    def test_nothing_but_the_choices_is_ever_written_again(self, unit: Unit, able: User, field: str) -> None:
        found = issued(able)
        for fields in ([field], [field, "shows_name"], None):
            with pytest.raises(TypeError, match="for ever"):
                found.save(update_fields=fields)

    def test_a_changed_post_changes_no_name(self, unit: Unit, able: User) -> None:
        found = issued(able)
        client_of(able).post(reverse("certificate-mine", args=[found.code]), {"name": "Forged", "shows_name": "on"})
        found.refresh_from_db()
        assert (found.name, found.shows_name) == (NAME, True)


# --- what everybody sees -----------------------------------------------------------------------------------

LESSONS = ("Three chemicals", "Motives", "80 %", "100 %")


class TestChecking:
    @pytest.mark.parametrize(("name", "evidence"), list(product([True, False], repeat=2)))
    def test_shows_what_the_holder_chose_and_no_more(
        self, unit: Unit, able: User, bob: User, name: bool, evidence: bool
    ) -> None:
        found = issued(able, **{"shows_name": "on"} if name else {}, **{"shows_evidence": "on"} if evidence else {})
        for viewer in (None, bob, able):
            page = public(found, viewer)
            assert "This certificate is valid" in page
            assert "The 2019 trade war" in page
            assert "reaches 80 percent" in page
            assert (NAME in page) == name
            assert all((word in page) == evidence for word in LESSONS)
            assert "alice" not in page.lower()  # neither user name, nor name, nor e-mail of the account
            assert ("This is yours" in page) == (viewer == able)

    def test_choices_can_change_at_any_time(self, unit: Unit, able: User) -> None:
        found = issued(able, shows_name="on", shows_evidence="on")
        address = reverse("certificate-mine", args=[found.spaced_code])
        assert NAME in public(found)
        assert client_of(able).post(address, {}).status_code == 302
        assert NAME not in public(found)
        client_of(able).post(address, {"shows_evidence": "on"})
        assert NAME not in public(found)
        assert "Three chemicals" in public(found)

    def test_is_not_indexed_nor_kept_and_names_nobody_in_its_head(self, unit: Unit, able: User) -> None:
        found = issued(able)
        response = Client().get(found.get_absolute_url())
        assert '<meta name="robots" content="noindex">' in response.content.decode()
        assert response.headers["Cache-Control"] == "no-store, private"
        assert NAME not in response.content.decode()
        assert Client().post(found.get_absolute_url()).status_code == 405

    def test_withdrawn_is_all_that_a_withdrawn_one_says(self, unit: Unit, able: User) -> None:
        found = issued(able, shows_name="on", shows_evidence="on")
        address = reverse("certificate-withdraw", args=[found.spaced_code])
        assert client_of(able).get(address).status_code == 405
        client_of(able).post(address)
        page = public(found)
        assert "was withdrawn" in page
        assert "no longer valid" in page
        assert not any(word in page for word in (NAME, "trade war", *LESSONS))
        client_of(able).post(reverse("certificate-mine", args=[found.code]), {})
        assert Certificate.objects.get().shows_name  # nothing is chosen any more

    def test_after_withdrawing_another_can_be_had_with_another_code(self, unit: Unit, able: User) -> None:
        first = issued(able)
        client_of(able).post(reverse("certificate-withdraw", args=[first.code]))
        assert client_of(able).post(reverse("certificate-withdraw", args=[first.code])).status_code == 302
        second = issued(able, name="Right Name")
        assert second.code != first.code
        assert "was withdrawn" in public(first)
        assert "is valid" in public(second)
        assert main(client_of(able).get(reverse("certificate-list"))).count("withdrawn") == 1

    @pytest.mark.parametrize("code", ["AAAA-BBBB-CCCC", "x", "7" * 200, "ÄÖÜ", "%00"])
    def test_an_unknown_code_is_calm_and_404(self, unit: Unit, able: User, code: str) -> None:
        issued(able)
        response = Client().get(f"/certificates/{code}/")
        assert response.status_code == (400 if code == "%00" else 404)
        if code != "%00":
            assert "No certificate has this code" in main(response)
            assert 'name="code"' in main(response)

    def test_a_code_may_be_typed_as_people_type(self, unit: Unit, able: User) -> None:
        found = issued(able)
        spaced = found.spaced_code
        assert re.fullmatch(rf"([{ALPHABET}]{{4}}-){{2}}[{ALPHABET}]{{4}}", spaced)
        for typed in (found.code, spaced.lower(), spaced.replace("-", " "), f" {spaced.replace('-', '–')} "):
            response = Client().get(reverse("certificate-check"), {"code": typed}, follow=True)
            assert "This certificate is valid" in main(response)
            assert response.redirect_chain[-1][0] == found.get_absolute_url()
        for typed in ("no/such?code", "<b>", "7" * 500):
            assert Client().get(reverse("certificate-check"), {"code": typed}).status_code == 404
        assert "Check a certificate" in main(Client().get(reverse("certificate-check")))

    def test_guessing_from_one_address_has_an_end(
        self, unit: Unit, able: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(certificate_views, "GUESSES", Guesses("certificate", per_address=3))
        found, client = issued(able), Client()
        statuses = [client.get(f"/certificates/{new_code()}/").status_code for _try in range(5)]
        assert statuses == [404, 404, 404, 429, 429]
        assert client.get(found.get_absolute_url()).status_code == 200

    def test_codes_cannot_be_guessed(self) -> None:
        codes = {new_code() for _n in range(2000)}
        assert len(codes) == 2000
        assert len(ALPHABET) ** LENGTH > 2**59
        assert set("".join(codes)) == set(ALPHABET)
        assert read_code(" 7kq4-m2xp–9rtw ") == "7KQ4M2XP9RTW"


class TestMine:
    @pytest.mark.parametrize("name", ["certificate-mine", "certificate-png", "certificate-pdf"])
    def test_only_the_holder_opens_it(self, unit: Unit, able: User, bob: User, gus: User, name: str) -> None:
        address = reverse(name, args=[issued(able, shows_name="on").spaced_code])
        assert client_of(able).get(address).status_code == 200
        assert client_of(bob).get(address).status_code == 404
        assert client_of(gus).get(address).status_code == 404
        assert Client().get(address).status_code == 302

    def test_nobody_else_changes_or_withdraws_it(self, unit: Unit, able: User, bob: User) -> None:
        found = issued(able, shows_name="on")
        for name in ("certificate-mine", "certificate-withdraw"):
            assert client_of(bob).post(reverse(name, args=[found.code])).status_code == 404
        found.refresh_from_db()
        assert found.shows_name
        assert found.is_valid

    def test_all_that_the_picture_says_stands_on_the_page_too(self, unit: Unit, able: User) -> None:
        found = issued(able)
        page = main(client_of(able).get(reverse("certificate-mine", args=[found.code])))
        for word in (NAME, "The 2019 trade war", *LESSONS, "reaches 80 percent", found.spaced_code, "4 questions"):
            assert word in page

    def test_goes_with_the_account(self, unit: Unit, able: User) -> None:
        found = issued(able, shows_name="on")
        client_of(able).post(reverse("account-delete"), {"password": PASSWORD})
        assert not Certificate.objects.exists()
        assert Client().get(found.get_absolute_url()).status_code == 404


# --- on paper ----------------------------------------------------------------------------------------------


def fetch(user: User, certificate: Certificate, kind: str) -> Any:
    return client_of(user).get(reverse(f"certificate-{kind}", args=[certificate.spaced_code]))


class TestPaper:
    def test_the_picture_is_a4_on_its_side(self, unit: Unit, able: User) -> None:
        found = issued(able)
        response = fetch(able, found, "png")
        assert response.headers["Content-Type"] == "image/png"
        assert response.headers["Cache-Control"] == "no-store, private"
        assert found.spaced_code in response.headers["Content-Disposition"]
        with Image.open(BytesIO(response.content)) as picture:
            picture.load()
            assert picture.size == (1754, 1240)
            assert picture.size[0] / picture.size[1] == pytest.approx(297 / 210, rel=0.001)

    def test_the_pdf_is_one_page_for_a_good_printer(self, unit: Unit, able: User) -> None:
        found = issued(able)
        response = fetch(able, found, "pdf")
        data = response.content
        assert response.headers["Content-Type"] == "application/pdf"
        assert data.startswith(b"%PDF-1.")
        assert b"%%EOF" in data[-32:]
        assert data.count(b"/Type /Page\n") == 1
        box = [float(n) for n in re.search(rb"/MediaBox \[ ([\d. ]+) \]", data)[1].split()]  # type: ignore[index]
        assert box == pytest.approx([0, 0, 297 / 25.4 * 72, 210 / 25.4 * 72], abs=0.5)
        begin = data.index(b"\xff\xd8\xff")
        with Image.open(BytesIO(data[begin:])) as page:
            page.load()
            assert page.size == (3508, 2480)
            assert page.size[0] / (297 / 25.4) >= 200
        assert len(data) < 2_000_000

    def test_the_paper_bears_name_unit_results_and_code_whatever_the_public_page_shows(
        self, unit: Unit, able: User
    ) -> None:
        found = issued(able)
        said = diploma(found, f"two-shores.example{found.get_absolute_url()}")
        assert said.name == NAME
        assert said.unit == "The 2019 trade war"
        assert [(row.title, row.result) for row in said.rows] == [("Three chemicals", "80 %"), ("Motives", "100 %")]
        assert "4 questions" in said.rows[1].how
        assert found.spaced_code in said.issued
        assert found.spaced_code in said.check
        assert said.rule == found.record["rule"]

    def test_lessons_that_have_no_room_are_counted(self, unit: Unit, able: User) -> None:
        found = issued(able)
        found.record["lessons"] = found.record["lessons"][:1] * (MOST + 3)
        rows = diploma(found, "x").rows
        assert len(rows) == MOST
        assert rows[-1].title == "and 4 lessons more"

    @pytest.mark.parametrize("name", ["الاسم العربي", "🌉🌉🌉", "ชื่อ", "Sana ☃"])
    def test_a_name_in_other_letters_leaves_the_line_open_and_says_so(self, unit: Unit, able: User, name: str) -> None:
        found = issued(able, name=name, shows_name="on")
        assert found.name == name
        page = main(client_of(able).get(reverse("certificate-mine", args=[found.code])))
        assert "has no letters for" in page
        assert f"<bdi>{name}</bdi>" in page
        assert f"<bdi>{name}</bdi>" in public(found)
        paper = diploma(found, "x").png()
        found.name = ""
        assert diploma(found, "x").png() == paper

    @pytest.mark.parametrize(
        "name", ["W" * 80, "竹" * 80, "한" * 80, "Maximilian-Alexander von und zu Hohenstein-Wolfeschlegelsteinhausen"]
    )
    def test_a_long_name_is_set_whole_and_in_its_place(self, unit: Unit, able: User, name: str) -> None:
        found = issued(able, name=name)
        assert "has no letters" not in main(client_of(able).get(reverse("certificate-mine", args=[found.code])))
        paper = Image.open(BytesIO(diploma(found, "x").png())).convert("RGB")
        mm = paper.width / 297
        right_of_it = paper.crop((int(165 * mm), int(52 * mm), int(176 * mm), int(82 * mm)))
        above = paper.crop((int(24 * mm), int(51 * mm), int(165 * mm), int(54 * mm)))
        for free in (right_of_it, above):
            assert free.getcolors() == [(free.width * free.height, (255, 255, 255))]

    def test_a_name_of_eighty_letters_loses_none(self) -> None:
        from lessons.typeface import fit

        mm = 150 / 25.4
        for letter in "W竹한m":
            block = fit(letter * 80, 140 * mm, 22 * mm, most=14.5 * mm, least=3.4 * mm, lines=3, leading=1.15)
            assert "".join(block.lines) == letter * 80


STRANGE = {
    "a NUL": "Sana\0",
    "a bell": "Sa\x07na",
    "an override": "Sana \u202egnp.exe",
    "an isolate": "\u2066Sana",
    "ten thousand letters": "S" * 10_000,
    "81 letters": "S" * 81,
}


@pytest.mark.parametrize("what", STRANGE)
def test_a_name_that_cannot_stand_is_told_and_nothing_is_lost(unit: Unit, able: User, what: str) -> None:
    response = get(able, name=STRANGE[what], shows_evidence="on")
    page = main(response)
    assert response.status_code == 200
    assert 'class="error"' in page
    assert not Certificate.objects.exists()
    assert "checked" in page  # what was chosen stays
    assert "S" * 81 in page if "letters" in what else "Sa" in page


def test_spaces_and_forms_of_letters_are_put_in_order(unit: Unit, able: User) -> None:
    assert issued(able, name="  Jose\u0301   김\t하늘 ").name == "José 김 하늘"


def test_markup_in_a_name_is_text(unit: Unit, able: User) -> None:
    found = issued(able, name="<script>alert(1)</script>", shows_name="on")
    assert "<script>alert" not in public(found)
    assert "&lt;script&gt;" in public(found)


def test_the_queries_are_few_however_many_certificates(
    unit: Unit, able: User, django_assert_max_num_queries: Any
) -> None:
    found, client = issued(able), client_of(able)
    for n in range(20):
        Certificate.objects.create(
            holder=able, unit=unit, record=found.record, withdrawn_at=timezone.now(), name=f"Old {n}"
        )
    for address in (
        reverse("certificate-list"),
        reverse("certificate-mine", args=[found.code]),
        found.get_absolute_url(),
        unit.get_absolute_url(),
    ):
        client.get(address)
        with django_assert_max_num_queries(8):
            client.get(address)


def test_history_is_read_for_the_holder_only(unit: Unit, able: User, bob: User) -> None:
    best = issuing.best_of(History.of(bob), issuing.Plan.read("en"), timezone.now())
    assert best == {}
    with pytest.raises(ValidationError):
        Certificate(holder=bob, unit=unit, record={}, name="x" * 81).full_clean()
