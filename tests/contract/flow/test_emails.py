"""E-mail addresses: which are accepted, which are the same, and how they are shown."""

import pytest

from contract.flow.deployments import Account
from contract.flow.expectations import assert_invalid, assert_problem
from contract.flow.fixtures import MakeUser, new_email
from contract.flow.visitor import NewUser, SignedIn, Visitor

pytestmark = pytest.mark.anyio


@pytest.mark.step("M1")
@pytest.mark.requirement("LG-9")
@pytest.mark.parametrize(
    "email",
    [
        "",
        "nobody",
        "@example.com",
        "nobody@",
        "two@at@example.com",
        "a blank@example.com",
        "tab\t@example.com",
        "nul\0@example.com",
        "line\r\nfeed@example.com",
        "right\N{RIGHT-TO-LEFT MARK}mark@example.com",
        "e" * 243 + "@example.com",
        "nobody@-..example.com",
    ],
)
async def test_what_is_no_address_is_refused(visitor: Visitor, admin: SignedIn, email: str) -> None:
    answer = await visitor.create_user(admin.access, NewUser.of(Account(email=email)).body)

    assert_invalid(answer, "email")


@pytest.mark.step("M1")
async def test_an_address_of_254_bytes_is_accepted(visitor: Visitor, admin: SignedIn) -> None:
    domain = f"@{new_email().partition('@')[2]}"
    unique = new_email().partition("@")[0]
    email = unique + "x" * (254 - len(unique) - len(domain)) + domain

    answer = await visitor.create_user(admin.access, NewUser.of(Account(email=email)).body)

    assert answer.status_code == 201, answer.text


@pytest.mark.step("M2", "M3")
async def test_an_address_is_found_in_any_case_and_shown_as_given(
    visitor: Visitor, make_user: MakeUser
) -> None:
    account = await make_user(email=f"Ann.{new_email()}")

    answer = await visitor.login(account.credentials | {"email": account.email.swapcase()})

    assert answer.status_code == 200
    assert answer.json()["user"]["email"] == account.email


@pytest.mark.step("M2")
@pytest.mark.requirement("LG-9")
async def test_two_spellings_of_one_address_are_one_user(
    visitor: Visitor, admin: SignedIn, make_user: MakeUser
) -> None:
    local = new_email().partition("@")[0]
    await make_user(email=f"{local}@b\N{LATIN SMALL LETTER U WITH DIAERESIS}cher.example")
    again = Account(email=f"{local}@xn--bcher-kva.example")

    answer = await visitor.create_user(admin.access, NewUser.of(again).body)

    assert_problem(answer, 409, "email_taken")


@pytest.mark.step("M2")
@pytest.mark.requirement("LG-9")
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("i", "\N{LATIN SMALL LETTER DOTLESS I}"),
        ("\N{LATIN SMALL LETTER E WITH ACUTE}", "\N{LATIN CAPITAL LETTER E WITH ACUTE}"),
        ("fi", "\N{LATIN SMALL LIGATURE FI}"),
    ],
    ids=["dotless i", "an accented letter in upper case", "a ligature"],
)
async def test_no_letter_is_taken_for_another(
    visitor: Visitor, make_user: MakeUser, one: str, other: str
) -> None:
    rest = new_email()
    account = await make_user(email=f"{one}{rest}")

    answer = await visitor.login(account.credentials | {"email": f"{other}{rest}"})

    assert_problem(answer, 401, "invalid_credentials")
