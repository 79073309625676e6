"""Numbers as people write them."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.questions.figures import read

GOOD = [
    ("60", "en", "60"),
    (" 60 ", "en", "60"),
    ("+60", "en", "60"),
    ("-60", "en", "-60"),
    ("\u221260", "en", "-60"),
    ("\uff0d\uff16\uff10\uff0e\uff15", "ja", "-60.5"),
    ("\uff11\uff0c\uff12\uff10\uff10", "ja", "1200"),
    ("٦٠", "en", "60"),
    ("1,200", "en", "1200"),
    ("1 200", "en", "1200"),
    ("1\u202f200\u00a0000", "en", None),  # two kinds of space are one kind of separator
    ("1\u2009200", "en", "1200"),
    ("1,234,567.80", "en", "1234567.8"),
    ("0007", "en", "7"),
    ("-0", "en", "0"),
    ("-0.00", "en", "0"),
    (".5", "en", "0.5"),
    ("5.", "en", "5"),
    ("60 percent", "en", "60"),
    ("60%", "en", "60"),
    ("3,5", "de", "3.5"),
    ("1.200", "de", "1200"),
    ("1.200,5", "de", "1200.5"),
    ("1" * 40, "en", "1" * 40),
]
BAD = [
    "", "  ", "nan", "NaN", "inf", "-inf", "1e400", "1e5", "1_000", "0x1F", "1" * 41, "sixty", "1,2", "3,5",
    "1,2000", "12,00", "1 200,000", "1..2", "1.2.3", "--5", "5-", "½", "10²", "六十", "1/2", "percent",
    ".", "-", "+", ",", "\x00", "60 euros",
]  # fmt: skip


@pytest.mark.parametrize(("text", "language", "value"), GOOD)
def test_number_as_people_write_it(text: str, language: str, value: str | None) -> None:
    value = value or "1200000"
    assert read(text, language, "percent") == value
    assert Decimal(value) == Decimal(read(value, "en"))


@pytest.mark.parametrize("text", BAD)
def test_number_that_cannot_be_read_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValidationError) as wrong:
        read(text, "en", "percent")
    assert wrong.value.messages[0].endswith(".")


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=38) | st.text("0123456789.,-+ e_xー−１", max_size=38))
def test_number_read_is_plain_digits_or_an_error(text: str) -> None:
    try:
        value = read(text, "en")
    except ValidationError:
        return
    assert Decimal(value).is_finite()
    assert read(value, "en") == value
