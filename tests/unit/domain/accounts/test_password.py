"""Passwords: what may be one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latchkey.domain.accounts.password import Password, PasswordBlocklist, check_new_password
from latchkey.domain.kernel.errors import InvalidInputError, Violation
from latchkey.testing.fakes import WordList

TOO_SHORT_OR_LONG = Violation("password", "must have 8 to 128 characters")
CONTROL = Violation("password", "must not have control characters")
BLOCKLIST: PasswordBlocklist = WordList("sunshine", "correct horse")


def violations_of(text: str, email: str = "ada@example.org") -> tuple[Violation, ...]:
    try:
        check_new_password(Password(text), email=email, blocklist=BLOCKLIST)
    except InvalidInputError as refusal:
        return refusal.violations
    return ()


@pytest.mark.requirement("PW-1")
@pytest.mark.parametrize(
    "text",
    [
        "a" * 8,
        "a" * 128,
        "🦊" * 8,
        "🦊" * 128,
        "é" * 128,
        "e\u0301" * 128,  # 256 code points, which NFC makes 128 of
        " leading and trailing ",
        "        ",
        "pass\u200dword",
        "\u00a0" * 8,
    ],
)
def test_8_to_128_code_points_of_any_kind_are_acceptable(text: str) -> None:
    assert violations_of(text) == ()
    assert Password(text).is_acceptable


@pytest.mark.parametrize("text", ["", "a" * 7, "a" * 129, "🦊" * 7, "🦊" * 129, "e\u0301" * 7])
def test_fewer_or_more_code_points_are_not(text: str) -> None:
    assert violations_of(text) == (TOO_SHORT_OR_LONG,)
    assert not Password(text).is_acceptable


@pytest.mark.requirement("PW-6")
@pytest.mark.parametrize("character", ["\x00", "\n", "\r", "\t", "\x1b", "\x7f", "\x85", "\ud800"])
def test_control_characters_are_not_acceptable(character: str) -> None:
    text = f"long{character}enough"

    assert violations_of(text) == (CONTROL,)
    assert not Password(text).is_acceptable


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


@pytest.mark.parametrize("text", ["ada@example.org", "ADA@EXAMPLE.ORG", "ada@EXAMPLE.org"])
def test_the_email_address_is_no_password(text: str) -> None:
    expected = Violation("password", "must not be the e-mail address")

    assert violations_of(text) == (expected,)


def test_the_first_part_of_the_email_address_is_no_password() -> None:
    expected = Violation("password", "must not be the e-mail address")

    assert violations_of("Lovelace", email="lovelace@example.org") == (expected,)


def test_a_password_may_have_the_email_address_in_it() -> None:
    assert violations_of("not ada@example.org") == ()


@pytest.mark.parametrize("text", ["sunshine", "SunShine", "CORRECT HORSE"])
def test_a_common_password_is_refused_in_any_case(text: str) -> None:
    expected = Violation("password", "is one of the most common passwords")

    assert violations_of(text) == (expected,)


@given(text=st.text(max_size=140))
def test_what_check_new_refuses_for_its_form_is_what_is_not_acceptable(text: str) -> None:
    formal = {TOO_SHORT_OR_LONG, CONTROL} & set(violations_of(text))

    assert Password(text).is_acceptable == (not formal)


def test_a_password_is_never_printed() -> None:
    password = Password("canary-canary")

    assert "canary" not in f"{password} {password!r} {password!s} {[password]}"
