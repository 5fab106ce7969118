"""Texts are bounded before they are normalised, and the bounds exclude nothing acceptable."""

import sys
import unicodedata
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latchkey.domain.accounts import display_name, email_address, password
from latchkey.domain.accounts.display_name import check_name
from latchkey.domain.accounts.password import Password, check_new_password
from latchkey.domain.kernel.errors import InvalidInputError
from latchkey.testing.factories import address
from latchkey.testing.fakes import WordList

TOO_LONG = Password("a" * (password.MAX_TYPED_CODE_POINTS + 1))


def code_points_in_nfd(character: str) -> int:
    return len(unicodedata.normalize("NFD", character))


def marks(count: int) -> str:
    """Two kinds of combining marks in the wrong order: the worst case of the normalisation."""
    return "\u0345" * (count // 2) + "\u0334" * (count - count // 2)


@pytest.fixture(scope="module")
def lengths() -> dict[str, int]:
    """Every code point with the length of its longest form; the others have one of 1."""
    points = (chr(point) for point in range(sys.maxunicode + 1))
    decomposed = ((point, unicodedata.normalize("NFD", point)) for point in points)
    return {point: len(nfd) for point, nfd in decomposed if nfd != point}


def test_a_password_of_128_code_points_has_at_most_512_in_any_form(lengths: dict[str, int]) -> None:
    longest = max(lengths.values())

    assert longest * password.MAX_CODE_POINTS == password.MAX_TYPED_CODE_POINTS == 512


def test_an_address_of_254_bytes_has_at_most_381_code_points_in_any_form(
    lengths: dict[str, int],
) -> None:
    longest = max(length / len(point.encode()) for point, length in lengths.items())

    assert longest * email_address.MAX_EMAIL_BYTES == email_address.MAX_TYPED_CODE_POINTS == 381


@given(text=st.text())
def test_no_form_of_a_text_is_longer_than_nfd(text: str) -> None:
    nfd = unicodedata.normalize("NFD", text)

    assert len(nfd) >= max(len(text), len(unicodedata.normalize("NFC", text)))
    assert len(nfd) == sum(map(code_points_in_nfd, text))


def test_the_longest_form_of_an_acceptable_password_is_acceptable() -> None:
    text = "\u1f82" * password.MAX_CODE_POINTS

    assert Password(unicodedata.normalize("NFD", text)) == Password(text)
    assert Password(unicodedata.normalize("NFD", text)).spellings[0] == text


def test_the_longest_form_of_an_address_is_the_same_address() -> None:
    text = "\u01d5" * 100 + "@example.org"

    assert address(unicodedata.normalize("NFD", text)) == address(text)


@pytest.mark.requirement("PW-1")
def test_a_longer_password_is_neither_normalised_nor_compared() -> None:
    text = "e\u0301" + marks(password.MAX_TYPED_CODE_POINTS - 1)

    assert Password(text).reveal() == text
    assert Password(text).spellings == ()


@pytest.mark.parametrize("module", [display_name, email_address, password])
def test_the_characters_of_a_longer_text_are_not_looked_at(
    monkeypatch: pytest.MonkeyPatch, module: ModuleType
) -> None:
    monkeypatch.setattr(module, "unicodedata", None)

    with pytest.raises(InvalidInputError):
        address("a" * (email_address.MAX_TYPED_CODE_POINTS + 1))
    with pytest.raises(InvalidInputError):
        check_name("a" * 201)
    with pytest.raises(InvalidInputError):
        check_new_password(TOO_LONG, name="Ada", email="a@b.example", blocklist=WordList())
    assert TOO_LONG.spellings == ()
