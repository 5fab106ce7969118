"""Users, for administrators."""

import asyncio
from datetime import timedelta

import pytest

from contract.flow.deployments import Account, Deployment
from contract.flow.expectations import (
    USER_MEMBERS,
    assert_invalid,
    assert_is_id,
    assert_problem,
)
from contract.flow.fixtures import MakeUser, new_email
from contract.flow.visitor import NewUser, SignedIn, Visitor

pytestmark = pytest.mark.anyio

AT_ONCE = 8


@pytest.mark.step("F8", "U2")
@pytest.mark.parametrize("role", ["USER", "ADMIN"])
async def test_an_administrator_adds_a_user_who_can_log_in(
    visitor: Visitor, admin: SignedIn, role: str
) -> None:
    account = Account(email=new_email(), name="Ada \N{LATIN SMALL LETTER E WITH ACUTE}")

    answer = await visitor.create_user(admin.access, NewUser.of(account, role).body)

    created = answer.json()
    assert answer.status_code == 201
    assert set(created) == USER_MEMBERS
    assert_is_id(created["id"])
    assert (created["email"], created["name"], created["role"]) == (
        account.email,
        account.name,
        role,
    )
    signed_in = await visitor.sign_in(account)
    assert (await visitor.me(signed_in.access)).json() == created


@pytest.mark.step("F7", "U1")
async def test_an_administrator_sees_the_users_newest_first(
    visitor: Visitor, admin: SignedIn, make_user: MakeUser, deployment: Deployment
) -> None:
    await deployment.outlast(timedelta(milliseconds=2))
    accounts = [await make_user() for _ in range(3)]

    answer = await visitor.users(admin.access, limit=3)

    listed = answer.json()
    assert answer.status_code == 200
    assert set(listed) == {"items", "nextCursor"}
    assert all(set(user) == USER_MEMBERS for user in listed["items"])
    assert {user["email"] for user in listed["items"]} == {a.email for a in accounts}


@pytest.mark.step("U2", "K8")
async def test_all_that_is_wrong_with_a_new_user_is_told_at_once(
    visitor: Visitor, admin: SignedIn
) -> None:
    wish = NewUser.of(Account(email="nobody", password="short", name=" "))

    answer = await visitor.create_user(admin.access, wish.body)

    assert_invalid(answer, "email", "password", "name")


@pytest.mark.step("U2", "B3")
@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "n" * 201,
        "nul\0",
        "line\nfeed",
        "\N{LINE SEPARATOR}line",
        "\N{ZERO WIDTH SPACE}\N{ZERO WIDTH SPACE}",
        "\N{HANGUL FILLER}",
        "\N{BRAILLE PATTERN BLANK}",
        "\N{RIGHT-TO-LEFT OVERRIDE}resU nimdA",
        "\N{FIRST STRONG ISOLATE}Ada",
    ],
)
async def test_a_name_that_is_none_is_refused(visitor: Visitor, admin: SignedIn, name: str) -> None:
    wish = NewUser.of(Account(email=new_email(), name=name))

    answer = await visitor.create_user(admin.access, wish.body)

    assert_invalid(answer, "name")


@pytest.mark.step("U2", "B3")
@pytest.mark.parametrize(
    "name",
    [
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "\u0dc1\u0dca\u200d\u0dbb\u0dd3",
        "\u05d3\u05d5\u05d3 (David)\N{RIGHT-TO-LEFT MARK}",
        "\N{GRINNING FACE}",
    ],
    ids=["with a ZWNJ", "with a ZWJ", "with a mark", "an emoji"],
)
async def test_a_name_of_any_script_is_kept_as_it_is(
    visitor: Visitor, admin: SignedIn, name: str
) -> None:
    wish = NewUser.of(Account(email=new_email(), name=name))

    answer = await visitor.create_user(admin.access, wish.body)

    assert (answer.status_code, answer.json()["name"]) == (201, name)


@pytest.mark.step("U2", "K8")
@pytest.mark.parametrize("role", ["ROOT", "admin", "", None, 1, ["ADMIN"]])
async def test_a_role_that_is_none_is_refused(
    visitor: Visitor, admin: SignedIn, role: object
) -> None:
    body = NewUser.of(Account(email=new_email())).body | {"role": role}

    answer = await visitor.create_user(admin.access, body)

    assert_invalid(answer, "role")


@pytest.mark.step("U2", "K8")
@pytest.mark.parametrize("missing", ["email", "password", "name", "role"])
async def test_each_member_is_required(visitor: Visitor, admin: SignedIn, missing: str) -> None:
    body = NewUser.of(Account(email=new_email())).body
    del body[missing]

    answer = await visitor.create_user(admin.access, body)

    assert_invalid(answer, missing)


@pytest.mark.step("U2", "K8")
async def test_a_member_that_nobody_knows_is_refused(visitor: Visitor, admin: SignedIn) -> None:
    body = NewUser.of(Account(email=new_email()), id="01890a5d-ac96-774b-bcce-b302099a8057").body

    answer = await visitor.create_user(admin.access, body)

    assert_invalid(answer, "id")


@pytest.mark.step("U2", "M2")
async def test_an_address_in_another_case_is_taken(
    visitor: Visitor, admin: SignedIn, user: Account
) -> None:
    wish = NewUser.of(Account(email=user.email.upper()))

    answer = await visitor.create_user(admin.access, wish.body)

    assert_problem(answer, 409, "email_taken")


@pytest.mark.step("U2")
async def test_of_many_who_want_one_address_at_once_one_gets_it(
    visitor: Visitor, admin: SignedIn
) -> None:
    wish = NewUser.of(Account(email=new_email()))

    answers = await asyncio.gather(
        *(visitor.create_user(admin.access, wish.body) for _ in range(AT_ONCE))
    )

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * (AT_ONCE - 1)


@pytest.mark.step("K15")
async def test_who_may_not_learns_so_before_the_body_is_looked_at(
    visitor: Visitor, somebody: SignedIn
) -> None:
    kinds: list[dict[str, str]] = [{}, somebody.bearer]

    anonymous, unprivileged = [
        await visitor.http.post("/api/admin/users", content=b"{", headers=headers)
        for headers in kinds
    ]

    assert_problem(anonymous, 401, "access_token_missing")
    assert_problem(unprivileged, 403, "insufficient_role")
