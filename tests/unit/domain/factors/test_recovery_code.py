"""Recovery codes: how they are drawn, shown and read."""

import math
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latchkey.domain.factors.recovery_code import BITS, CODES, RecoveryCode, new_recovery_codes

ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"


def test_there_are_ten_different_codes() -> None:
    codes = {code.reveal() for code in new_recovery_codes()}

    assert len(codes) == CODES == 10


def test_every_place_of_a_code_is_drawn_by_itself_from_the_whole_alphabet() -> None:
    drawn = [RecoveryCode.new().reveal() for _ in range(2000)]

    assert {len(text) for text in drawn} == {12}
    places = list(zip(*drawn, strict=True))
    assert [set(place) for place in places] == [set(ALPHABET)] * 12
    assert len(set(places)) == 12
    assert math.log2(len(ALPHABET)) * 12 == BITS == 60


def test_a_code_is_shown_in_groups() -> None:
    assert RecoveryCode("0123456789ab").shown() == "0123-4567-89ab"


def test_a_code_is_read_as_it_was_shown() -> None:
    for code in new_recovery_codes():
        assert RecoveryCode.read(code.shown()) == code


@pytest.mark.parametrize(
    "typed",
    [
        "0123456789ab",
        "0123-4567-89AB",
        " 0123 4567 89ab\n",
        "O123456789ab",
        "oI23-4567-89aB",
        "0l23\u00a04567\u00a089ab",
        "---0123456789ab",
    ],
    ids=ascii,
)
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    assert RecoveryCode.read(typed) == RecoveryCode("0123456789ab")


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "0123456789a",
        "0123456789abc",
        "u123456789ab",
        "0123456789a!",
        "\ud800" * 12,
        "\N{ARABIC-INDIC DIGIT ONE}" * 12,
        "\N{FULLWIDTH DIGIT ONE}" * 12,
        "\N{LOCK}" * 12,
    ],
    ids=ascii,
)
def test_any_other_text_is_no_code(typed: str) -> None:
    assert RecoveryCode.read(typed) is None


@given(st.text())
def test_any_text_is_read_or_refused(typed: str) -> None:
    code = RecoveryCode.read(typed)

    assert code is None or RecoveryCode.read(code.shown()) == code
