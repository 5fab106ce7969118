"""Passwords: which are accepted, and that each is verified exactly as it was set."""

from collections.abc import Awaitable, Callable

import pytest

from contract.flow.deployments import Account
from contract.flow.expectations import assert_invalid, assert_problem
from contract.flow.fixtures import MakeUser, new_email
from contract.flow.visitor import NewUser, SignedIn, Visitor

pytestmark = pytest.mark.anyio

Check = Callable[[str], Awaitable[bool]]
E_ACUTE, E_AND_ACUTE = "\N{LATIN SMALL LETTER E WITH ACUTE}", "e\N{COMBINING ACUTE ACCENT}"


async def _logs_in(visitor: Visitor, account: Account, password: str) -> bool:
    answer = await visitor.login({"email": account.email, "password": password})
    assert answer.status_code in {200, 401}, answer.text
    return answer.status_code == 200


@pytest.mark.step("W1", "W2")
@pytest.mark.requirement("PW-1", "PW-2")
@pytest.mark.parametrize(
    "password",
    ["zqjvkxwy", "  blank  s ", "x7-" * 42 + "zz", "\N{GRINNING FACE}\N{PILE OF POO}" * 4],
    ids=["8 of one kind", "blanks around", "128", "8 beyond the basic plane"],
)
async def test_an_acceptable_password_is_set_and_opens_a_session(
    visitor: Visitor, make_user: MakeUser, password: str
) -> None:
    account = await make_user(password=password)

    assert await _logs_in(visitor, account, password)
    assert not await _logs_in(visitor, account, password.swapcase() + "x")


@pytest.mark.step("W1", "W5")
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
        "password1",
        "PASSWORD",
        "12345678",
        "qwertyuiop",
    ],
)
async def test_an_unacceptable_password_is_not_set(
    visitor: Visitor, admin: SignedIn, password: str
) -> None:
    wish = NewUser.of(Account(email=new_email(), password=password))

    answer = await visitor.create_user(admin.access, wish.body)

    assert_invalid(answer, "password")
    assert password not in answer.json()["errors"][0]["message"] or len(password) < 8


@pytest.mark.step("W5")
@pytest.mark.requirement("PW-7")
async def test_the_e_mail_address_is_no_password(visitor: Visitor, admin: SignedIn) -> None:
    email = new_email()
    wish = NewUser.of(Account(email=email, password=email.upper()))

    answer = await visitor.create_user(admin.access, wish.body)

    assert_invalid(answer, "password")


@pytest.mark.step("W2")
@pytest.mark.requirement("PW-4")
async def test_both_spellings_of_an_accented_letter_are_one_password(
    visitor: Visitor, make_user: MakeUser
) -> None:
    account = await make_user(password=f"caf{E_ACUTE}-au-lait")

    assert await _logs_in(visitor, account, f"caf{E_AND_ACUTE}-au-lait")


@pytest.mark.step("W2")
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
async def test_nothing_else_is_changed_in_a_password(
    visitor: Visitor, make_user: MakeUser, password: str, other: str
) -> None:
    account = await make_user(password=password)

    assert not await _logs_in(visitor, account, other)
    assert await _logs_in(visitor, account, password)


@pytest.mark.step("W3")
@pytest.mark.requirement("PW-3")
@pytest.mark.parametrize("length", [71, 72, 73, 100, 127])
async def test_every_byte_of_a_long_password_counts(
    visitor: Visitor, make_user: MakeUser, length: int
) -> None:
    password = ("violet-Kettle-41-harbour-" * 6)[:length]
    account = await make_user(password=password)

    assert await _logs_in(visitor, account, password)
    assert not await _logs_in(visitor, account, password + "x")
    assert not await _logs_in(visitor, account, password[:-1])
    assert not await _logs_in(visitor, account, password[:-1] + "!")


@pytest.mark.step("W3")
async def test_a_password_of_many_bytes_in_few_letters_is_not_cut(
    visitor: Visitor, make_user: MakeUser
) -> None:
    password = "\N{GRINNING FACE}" * 30
    account = await make_user(password=password)

    assert await _logs_in(visitor, account, password)
    assert not await _logs_in(visitor, account, "\N{GRINNING FACE}" * 18)


@pytest.mark.step("W6")
@pytest.mark.requirement("PW-6")
async def test_a_password_repeated_behind_a_nul_is_another_one(
    visitor: Visitor, make_user: MakeUser
) -> None:
    account = await make_user(password="zqjvkxwy")

    answer = await visitor.login({"email": account.email, "password": "zqjvkxwy\0zqjvkxwy"})

    assert_problem(answer, 401, "invalid_credentials")
