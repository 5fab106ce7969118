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
        '"nobody"@example.com',
        "victim@example.com(x)",
        "x<victim@example.com",
        "<victim@example.com>",
        "a:victim@example.com",
        "victim@example.com,x",
        "victim,x@example.com",
        ".nobody@example.com",
        "no..body@example.com",
        "nobody@example.com.",
        "nobody@[192.0.2.1]",
        "nobody@192.0.2.1",
        "nobody@foo_bar.example",
        "nobody@\N{SNOWMAN}.example",
        "nobody@a\N{ZERO WIDTH JOINER}b.example",
        "e" * 65 + "@example.com",
        "\u00e9" * 33 + "@example.com",
    ],
)
async def test_an_invalid_address_is_rejected(
    visitor: Visitor, admin: SignedIn, email: str
) -> None:
    answer = await visitor.create_user(admin.access, NewUser.of(Account(email=email)).body)

    assert_invalid(answer, "email")


@pytest.mark.promise("M1")
async def test_an_address_of_254_bytes_is_accepted(visitor: Visitor, admin: SignedIn) -> None:
    local, _, domain = new_email().partition("@")
    labels = ".".join(["x" * 63, "y" * 63])
    email = f"{local.ljust(64, 'z')}@{labels}.{domain.rjust(61, 'd')}"
    assert len(email) == 254

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
        ("fa\N{LATIN SMALL LETTER SHARP S}", "fass"),
        ("\u03b2\u03cc\u03bb\u03bf\u03c2", "\u03b2\u03cc\u03bb\u03bf\u03c3"),
        ("\u0646\u0627\u0645\u0647\u200c\u0627\u06cc", "\u0646\u0627\u0645\u0647\u0627\u06cc"),
    ],
    ids=["a sharp s", "a final sigma", "a Persian joiner"],
)
async def test_two_domains_are_two_users(
    visitor: Visitor, make_user: MakeUser, one: str, other: str
) -> None:
    local = new_email().partition("@")[0]
    first = await make_user(email=f"{local}@{one}.example", password="of the first one")
    second = await make_user(email=f"{local}@{other}.example", password="of the second one")

    answers = [
        await visitor.login({"email": mine.email, "password": password})
        for mine in (first, second)
        for password in (first.password, second.password)
    ]

    assert [answer.status_code for answer in answers] == [200, 401, 401, 200]


@pytest.mark.promise("M4")
@pytest.mark.parametrize("around", ["{} ", " {}", "{}\n", "\t{}\N{NO-BREAK SPACE}"])
async def test_a_login_ignores_white_space_around_the_address(
    visitor: Visitor, resident: Account, around: str
) -> None:
    answer = await visitor.login(resident.credentials | {"email": around.format(resident.email)})

    assert answer.status_code == 200


@pytest.mark.promise("M1", "M4")
async def test_a_dot_behind_the_domain_makes_no_second_account(
    visitor: Visitor, admin: SignedIn, user: Account
) -> None:
    again = Account(email=f"{user.email}.")

    created = await visitor.create_user(admin.access, NewUser.of(again).body)
    answer = await visitor.login(again.credentials)

    assert_invalid(created, "email")
    assert_problem(answer, 401, "invalid_credentials")


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
