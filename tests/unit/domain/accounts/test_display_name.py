"""Users' display names."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latchkey.domain.accounts.display_name import check_name
from latchkey.domain.kernel.errors import InvalidInputError, Violation

LENGTH = Violation("name", "must have 1 to 200 characters")
CONTROL = Violation("name", "must not have control characters or line breaks")
REORDERS = Violation("name", "must not have characters that change the direction of text")
INVISIBLE = Violation("name", "must have a visible character")


def violations_of(text: str) -> tuple[Violation, ...]:
    try:
        check_name(text)
    except InvalidInputError as refusal:
        return refusal.violations
    return ()


@pytest.mark.parametrize(
    "name",
    [
        "A",
        "Ada Lovelace",
        " Ada ",
        "O'Brien-Smith, Jr.",
        "Zo\u00eb \U0001f98a",
        "Zoe\u0308",
        "\u674e",
        "\uae40\ubbfc\uc9c0",
        "\u1100\u1161",  # Hangul letters, not composed
        "\u0645\u062d\u0645\u062f",
        "\u05d3\u05d5\u05d3 (David)\u200f",  # with the mark that a Hebrew keyboard adds
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian, with a ZWNJ
        "\u0915\u094d\u200d\u0937",  # Devanagari, with a ZWJ
        "\u0dc1\u0dca\u200d\u0dbb\u0dd3",  # Sinhala, with a ZWJ
        "\u0e2a\u0e21\u0e0a\u0e32\u0e22",
        "\u1820\u180b\u1823",  # Mongolian, with a variation selector
        "\u845b\U000e0100",  # an ideograph with a variation selector
        "\u2764\ufe0f",
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",  # a flag in tags
        "\U0001faea",  # of a later version of Unicode
        "a" * 200,
        "\U0001f98a" * 200,
    ],
)
def test_names_of_all_scripts_are_names(name: str) -> None:
    assert check_name(name) == name


@pytest.mark.parametrize("name", ["", "a" * 201, "\u200b" * 201, " " * 16_000])
def test_a_name_has_1_to_200_characters(name: str) -> None:
    assert violations_of(name) == (LENGTH,)


@pytest.mark.parametrize(
    "name",
    [" ", "\u3000\u00a0", "\u200b\u200b", "\u3164", "\u115f\u1160", "\uffa0", "\u2800", "\u00ad",
     "\u2060\ufeff", "\u034f", "\u180e", "\ufe0f", "\u200d", "\u200e\u200f", "\u061c", "\u17b5",
     "\u2065", "\U000e0020", "\U000e0100", "\U0001d159", "\u3164 \u200b\u2800"],
)  # fmt: skip
def test_a_name_shows_something(name: str) -> None:
    assert violations_of(name) == (INVISIBLE,)
    assert violations_of(f"{name}A") == ()


@pytest.mark.parametrize(
    "character",
    ["\x00", "\n", "\r", "\t", "\x1b", "\x7f", "\x85", "\x9f", "\u2028", "\u2029", "\udfff"],
)
def test_a_name_has_no_control_characters(character: str) -> None:
    assert violations_of(f"Ada{character}Lovelace") == (CONTROL,)


@pytest.mark.parametrize("character", [*map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A)))])
def test_a_name_does_not_reorder_the_text_around_it(character: str) -> None:
    assert violations_of(f"{character}resU nimdA") == (REORDERS,)


def test_all_that_is_wrong_is_named_at_once() -> None:
    assert violations_of("\u202e\x00") == (CONTROL, REORDERS, INVISIBLE)


@given(
    name=st.text(
        alphabet=st.characters(categories=["L", "N", "P"]), min_size=1, max_size=200
    ).filter(lambda text: not set(text) & set("\u115f\u1160\u3164\uffa0"))
)
def test_letters_digits_and_punctuation_are_names(name: str) -> None:
    assert check_name(name) == name


@given(name=st.text(max_size=210))
def test_a_name_is_unchanged_or_refused(name: str) -> None:
    if violations_of(name):
        return

    assert check_name(name) == name
    assert any(unicodedata.category(character)[0] in "LMNPSC" for character in name)
