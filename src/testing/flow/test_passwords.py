"""Passwords: which are accepted, and that each is verified exactly as it was set."""

import asyncio
from collections.abc import Sequence

import pytest

from latchkey.testing.flow.deployments import Account
from latchkey.testing.flow.expectations import assert_invalid, assert_problem, assert_status, check
from latchkey.testing.flow.fixtures import MakeUser, new_email
from latchkey.testing.flow.visitor import NewUser, SignedIn, Visitor

pytestmark = pytest.mark.anyio

E_ACUTE, E_AND_ACUTE = "\N{LATIN SMALL LETTER E WITH ACUTE}", "e\N{COMBINING ACUTE ACCENT}"

FACES = "\U0001f431\U0001f4a9\U0001f98a\U0001f600\U0001f436\U0001f4a9\U0001f98a\U0001f981"


async def _expect_logins(
    visitor: Visitor, account: Account, *, right: Sequence[str] = (), wrong: Sequence[str] = ()
) -> None:
    """Log in with all passwords at once; expect success with `right`, and failure with `wrong`."""
    answers = await asyncio.gather(
        *(
            visitor.login({"email": account.email, "password": password})
            for password in (*right, *wrong)
        )
    )
    for answer in answers[: len(right)]:
        assert_status(answer, 200)
    for answer in answers[len(right) :]:
        assert_problem(answer, 401, "invalid_credentials")


@pytest.mark.promise("W1", "W2")
@pytest.mark.requirement("PW-1", "PW-2")
@pytest.mark.parametrize(
    "password",
    ["zqjvkxwy", "  blank  s ", "x7-" * 42 + "zz", FACES],
    ids=["8 of one kind", "blanks around", "128", "8 beyond the basic plane"],
)
async def test_an_acceptable_password_is_stored_and_logs_in(
    visitor: Visitor, make_user: MakeUser, password: str
) -> None:
    account = await make_user(password=password)

    await _expect_logins(visitor, account, right=[password])


@pytest.mark.promise("W1")
@pytest.mark.requirement("PW-1", "PW-5", "PW-6")
@pytest.mark.parametrize(
    "password",
    [
        "",
        "7-chars",
        "x7-" * 43,
        "violet\0kettle",
        "violet\nkettle",
        "violet\x7fkettle",
        "\N{GRINNING FACE}" * 7,
        *(
            pytest.param(common, marks=pytest.mark.promise("W5"))
            for common in ("password1", "PASSWORD", "12345678", "qwertyuiop")
        ),
    ],
)
async def test_an_unacceptable_password_is_rejected(
    visitor: Visitor, admin: SignedIn, password: str
) -> None:
    wish = NewUser.of(Account(email=new_email(), password=password))

    answer = await visitor.create_user(admin.access, wish.body)

    assert_invalid(answer, "password")
    is_silent = len(password) < 8 or password not in answer.text
    check("K8", answer, "a message that does not repeat the value", holds=is_silent)


@pytest.mark.promise("W5")
@pytest.mark.requirement("PW-7")
async def test_the_e_mail_address_is_rejected_as_a_password(
    visitor: Visitor, admin: SignedIn
) -> None:
    email = new_email()
    wish = NewUser.of(Account(email=email, password=email.upper()))

    answer = await visitor.create_user(admin.access, wish.body)

    assert_invalid(answer, "password")


@pytest.mark.promise("W7")
@pytest.mark.requirement("PW-7")
@pytest.mark.parametrize(
    "password",
    [
        *("Password123!", "Summer2026!", "Welcome123!", "password2026", "!!sunshine99"),
        *("latchkey1", "Latchkey-2026", "abcdefgh1", "87654321!", "abcd1234"),
        *("aaaaaaaa", " " * 8, "xyxyxyxy", "\N{FOX FACE}" * 8),
        *("hedwigmeyer", "Hedwig Meyer", "hedwig12", "MEYER-2026", "hedwig.m1", "acme-mail!"),
    ],
)
async def test_a_password_that_is_easily_guessed_is_rejected(
    visitor: Visitor, admin: SignedIn, password: str
) -> None:
    account = Account(
        email=f"hedwig.m@{new_email().partition('@')[0]}.acme-mail.example",
        name="Hedwig Meyer",
        password=password,
    )

    answer = await visitor.create_user(admin.access, NewUser.of(account).body)

    assert_invalid(answer, "password")


@pytest.mark.promise("W7")
@pytest.mark.requirement("PW-7")
@pytest.mark.parametrize(
    "password",
    ["violet summer 41", "not password123", "meyer and hedwig", "summer20262027", "zqjvkxwy11"],
)
async def test_a_password_may_contain_what_is_easily_guessed(
    visitor: Visitor, admin: SignedIn, password: str
) -> None:
    account = Account(email=new_email(), name="Hedwig Meyer", password=password)

    answer = await visitor.create_user(admin.access, NewUser.of(account).body)

    assert_status(answer, 201)


@pytest.mark.promise("W2")
@pytest.mark.requirement("PW-4")
async def test_both_encodings_of_an_accented_letter_are_the_same_password(
    visitor: Visitor, make_user: MakeUser
) -> None:
    account = await make_user(password=f"caf{E_ACUTE}-au-lait")

    await _expect_logins(visitor, account, right=[f"caf{E_AND_ACUTE}-au-lait"])


@pytest.mark.promise("W2")
@pytest.mark.requirement("PW-2", "PW-3", "PW-4")
@pytest.mark.parametrize(
    ("password", "other"),
    [
        ("of\N{LATIN SMALL LIGATURE FI}ce-hours", "office-hours"),
        (" leading-blank", "leading-blank"),
        ("trailing-blank ", "trailing-blank"),
        ("Capital-letter", "capital-letter"),
        ("\N{FULLWIDTH LATIN SMALL LETTER V}iolet-kettle", "violet-kettle"),
    ],
)
async def test_a_password_is_not_changed_otherwise(
    visitor: Visitor, make_user: MakeUser, password: str, other: str
) -> None:
    account = await make_user(password=password)

    await _expect_logins(visitor, account, right=[password], wrong=[other])


@pytest.mark.promise("W3")
@pytest.mark.requirement("PW-3")
@pytest.mark.parametrize("length", [72, 73, 127])
async def test_every_byte_of_a_long_password_counts(
    visitor: Visitor, make_user: MakeUser, length: int
) -> None:
    password = ("violet-Kettle-41-harbour-" * 6)[:length]
    account = await make_user(password=password)

    wrong = [password + "x", password[:-1], password[:-1] + "!"]
    await _expect_logins(visitor, account, right=[password], wrong=wrong)


@pytest.mark.promise("W3")
async def test_a_password_with_many_bytes_in_few_characters_is_not_truncated(
    visitor: Visitor, make_user: MakeUser
) -> None:
    password = "\N{GRINNING FACE}" * 18 + FACES
    account = await make_user(password=password)

    cut = "\N{GRINNING FACE}" * 18
    await _expect_logins(visitor, account, right=[password], wrong=[cut])


@pytest.mark.promise("W6")
@pytest.mark.requirement("PW-6")
async def test_a_password_repeated_after_a_nul_is_a_different_one(
    visitor: Visitor, make_user: MakeUser
) -> None:
    account = await make_user(password="zqjvkxwy")

    answer = await visitor.login({"email": account.email, "password": "zqjvkxwy\0zqjvkxwy"})

    assert_problem(answer, 401, "invalid_credentials")
