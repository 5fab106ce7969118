"""E-mail addresses: which are accepted, which are the same, and how they are shown."""

import pytest

from latchkey.testing.flow.deployments import Account
from latchkey.testing.flow.expectations import assert_invalid, assert_problem, assert_status
from latchkey.testing.flow.fixtures import MakeUser, new_email
from latchkey.testing.flow.visitor import NewUser, SignedIn, Visitor

pytestmark = pytest.mark.anyio


@pytest.mark.promise("M1")
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
async def test_an_invalid_address_is_rejected(
    visitor: Visitor, admin: SignedIn, email: str
) -> None:
    answer = await visitor.create_user(admin.access, NewUser.of(Account(email=email)).body)

    assert_invalid(answer, "email")


@pytest.mark.promise("M1")
async def test_an_address_of_254_bytes_is_accepted(visitor: Visitor, admin: SignedIn) -> None:
    domain = f"@{new_email().partition('@')[2]}"
    unique = new_email().partition("@")[0]
    email = unique + "x" * (254 - len(unique) - len(domain)) + domain

    answer = await visitor.create_user(admin.access, NewUser.of(Account(email=email)).body)

    assert_status(answer, 201)


@pytest.mark.promise("M2", "M3")
async def test_an_address_matches_in_any_case_and_is_shown_as_it_was_given(
    visitor: Visitor, make_user: MakeUser
) -> None:
    account = await make_user(email=f"Ann.{new_email()}")

    answer = await visitor.login(account.credentials | {"email": account.email.swapcase()})

    assert_status(answer, 200)
    assert answer.json()["user"]["email"] == account.email


@pytest.mark.promise("M2")
@pytest.mark.requirement("LG-9")
async def test_both_forms_of_an_internationalized_domain_are_one_address(
    visitor: Visitor, admin: SignedIn, make_user: MakeUser
) -> None:
    local = new_email().partition("@")[0]
    await make_user(email=f"{local}@b\N{LATIN SMALL LETTER U WITH DIAERESIS}cher.example")
    again = Account(email=f"{local}@xn--bcher-kva.example")

    answer = await visitor.create_user(admin.access, NewUser.of(again).body)

    assert_problem(answer, 409, "email_taken")


@pytest.mark.promise("M2")
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
async def test_letters_that_only_look_alike_are_different_addresses(
    visitor: Visitor, make_user: MakeUser, one: str, other: str
) -> None:
    rest = new_email()
    account = await make_user(email=f"{one}{rest}")

    answer = await visitor.login(account.credentials | {"email": f"{other}{rest}"})

    assert_problem(answer, 401, "invalid_credentials")
