"""Passwords: what may be one."""

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latchkey.domain.accounts.password import Password, PasswordBlocklist, check_new_password
from latchkey.domain.kernel.errors import InvalidInputError, Violation
from latchkey.testing.fakes import WordList

TOO_SHORT_OR_LONG = Violation("password", "must have 8 to 128 characters")
CONTROL = Violation("password", "must not have control characters")
OWN = Violation("password", "must not be the e-mail address, the name, or a part of them")
COMMON = Violation("password", "is one of the most common passwords")
ALMOST_COMMON = Violation(
    "password", "is one of the most common passwords, with a few characters added"
)
PATTERN = Violation("password", "must not be a repetition or a sequence")
BLOCKLIST: PasswordBlocklist = WordList("sunshine", "correct horse", "lov", "abc")
LETTERS = "zqjvkxwy"
ACCENTS = "éàüöîôçñ"
FACES = "🦊🐱🐶😀💩🐼🦁🐯"


def violations_of(
    text: str, email: str = "ada@example.org", name: str = "Somebody"
) -> tuple[Violation, ...]:
    try:
        check_new_password(Password(text), name=name, email=email, blocklist=BLOCKLIST)
    except InvalidInputError as refusal:
        return refusal.violations
    return ()


@pytest.mark.requirement("PW-1")
@pytest.mark.parametrize(
    "text",
    [
        LETTERS,
        LETTERS * 16,
        FACES,
        FACES * 16,
        ACCENTS * 16,
        normalize("NFD", ACCENTS * 16),  # 256 code points, which NFC makes 128 of
        " leading and trailing ",
        "    x  y",
        "pass\u200dword",
        "z\u00a0q\u00a0j\u00a0v\u00a0",
    ],
)
def test_8_to_128_code_points_of_any_kind_are_acceptable(text: str) -> None:
    assert violations_of(text) == ()


@pytest.mark.parametrize("text", ["", "a" * 7, "a" * 129, "🦊" * 7, "🦊" * 129, "e\u0301" * 7])
def test_fewer_or_more_code_points_are_not(text: str) -> None:
    assert violations_of(text) == (TOO_SHORT_OR_LONG,)


@pytest.mark.requirement("PW-6")
@pytest.mark.parametrize("character", ["\x00", "\n", "\r", "\t", "\x1b", "\x7f", "\x85", "\ud800"])
def test_control_characters_are_not_acceptable(character: str) -> None:
    text = f"long{character}enough"

    assert violations_of(text) == (CONTROL,)


def test_all_that_is_wrong_is_named_at_once() -> None:
    assert violations_of("\x00") == (TOO_SHORT_OR_LONG, CONTROL)


def test_composed_and_decomposed_letters_are_the_same_password() -> None:
    assert Password("pa\u00dfw\u00f6rter") == Password("pa\u00dfwo\u0308rter")


@pytest.mark.parametrize(
    ("one", "another"),
    [
        ("\ufb01nal answer", "final answer"),  # the ligature fi: NFC, not NFKC
        ("\uff50assword!", "password!"),
        ("Password!", "password!"),
        ("password! ", "password!"),
    ],
)
def test_nothing_else_is_ever_changed(one: str, another: str) -> None:
    assert Password(one) != Password(another)
    assert Password(one).reveal() == one


@pytest.mark.parametrize(
    "text",
    [
        *("ada.byron@example.org", "ADA.BYRON@EXAMPLE.ORG", "ada.byron", "Ada.Byron1", "example7!"),
        *("Augusta Ada", "augustaada", "AUGUSTA1", "2026-augusta", "ada12345", "12345ada"),
    ],
)
def test_what_everybody_knows_of_the_user_is_no_password(text: str) -> None:
    assert violations_of(text, "ada.byron@example.org", "Augusta Ada") == (OWN,)


@pytest.mark.parametrize(
    "text",
    [
        *("not ada.byron@example.org", "byron and augusta", "augusta1234567", "AugustaByron"),
        *("ada and 12345", "org-12345"),
    ],
)
def test_a_password_may_have_it_in_it(text: str) -> None:
    assert violations_of(text, "ada.byron@example.org", "Augusta Ada") == ()


@given(name=st.text(max_size=300), email=st.text(max_size=300))
def test_no_name_and_no_address_forbid_any_other_password(name: str, email: str) -> None:
    assert violations_of("violet kettle 41", email, name) == ()


@pytest.mark.parametrize("text", ["sunshine", "SunShine", "CORRECT HORSE"])
def test_a_common_password_is_refused_in_any_case(text: str) -> None:
    assert violations_of(text) == (COMMON,)


@pytest.mark.parametrize(
    "text", ["sunshine1", "Sunshine2026!", "123sunshine!!!", "+correct horse+", "sunshine 99999"]
)
def test_a_common_password_is_refused_with_up_to_6_characters_around_it(text: str) -> None:
    assert violations_of(text) == (ALMOST_COMMON,)


@pytest.mark.parametrize(
    "text",
    [
        *("sunshine1234567", "12345678sunshine", "sunshine 2026 x", "my sunshine", "sun5hine"),
        *("lov38172", "correct-horse"),  # shorter words are also in random texts
    ],
)
def test_a_password_may_have_a_common_one_in_it(text: str) -> None:
    assert violations_of(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        *("a" * 8, " " * 8, "\u00a0" * 128, "🦊" * 8, "12345678", "87654321", "xyxyxyxyx"),
        *("abcabcabc", "1a2b1a2b", "abcd1234", "abcd4321!", "aaaabbbbcccc", "111aaa..."),
    ],
)
def test_a_repetition_or_a_sequence_is_refused(text: str) -> None:
    assert violations_of(text) == (PATTERN,)


@pytest.mark.parametrize(
    "text", ["abcd1234xz", "aabbccdd", "xyzw8xyzw7", "1234-4321-1", LETTERS * 2]
)
def test_a_longer_pattern_is_not(text: str) -> None:
    assert violations_of(text) == ()


@pytest.mark.parametrize(
    "text", ["sekret", "a", "tab\there", "line\nfeed", " ", "x" * 512, "caf\u00e9"]
)
def test_a_stored_hash_may_be_of_a_password_that_is_not_acceptable(text: str) -> None:
    assert Password(text).spellings == (text,)


def test_a_stored_hash_may_be_of_a_password_as_it_is_typed() -> None:
    assert Password("cafe\u0301").spellings == ("caf\u00e9", "cafe\u0301")


@pytest.mark.requirement("PW-5", "PW-6")
@pytest.mark.parametrize("text", ["", "x" * 513, "nul\0", "\0", "\ud800", "\udfff and more"])
def test_no_stored_hash_is_of_nothing_too_much_or_what_bcrypt_cannot_tell_apart(text: str) -> None:
    assert Password(text).spellings == ()


@given(text=st.text(max_size=520))
def test_a_stored_hash_may_be_of_every_acceptable_password(text: str) -> None:
    spellings = Password(text).spellings

    assert spellings or not text or "\0" in text or len(text) > 512
    assert spellings[0] == Password(text).reveal() if spellings else violations_of(text)
    assert len(set(spellings)) == len(spellings) <= 2


def test_a_password_is_never_printed() -> None:
    password = Password("canary-canary")

    assert "canary" not in f"{password} {password!r} {password!s} {[password]}"
