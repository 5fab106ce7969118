"""Users, for administrators."""

import asyncio
from datetime import timedelta
from itertools import product

import pytest

from latchkey.testing.flow.deployments import Account, Deployment
from latchkey.testing.flow.expectations import (
    USER_MEMBERS,
    assert_invalid,
    assert_is_id,
    assert_problem,
    assert_status,
)
from latchkey.testing.flow.fixtures import MakeUser, new_email
from latchkey.testing.flow.visitor import NewUser, SignedIn, Visitor

pytestmark = pytest.mark.anyio

AT_ONCE = 4
MOMENT = timedelta(milliseconds=2)


@pytest.mark.promise("F8", "U2")
@pytest.mark.parametrize("role", ["USER", "ADMIN"])
async def test_an_administrator_creates_a_user_who_can_log_in(
    visitor: Visitor, admin: SignedIn, role: str
) -> None:
    account = Account(email=new_email(), name="Ada \N{LATIN SMALL LETTER E WITH ACUTE}")

    answer = await visitor.create_user(admin.access, NewUser.of(account, role).body)

    assert_status(answer, 201)
    created = answer.json()
    assert set(created) == USER_MEMBERS
    assert_is_id(created["id"])
    assert (created["email"], created["name"], created["role"]) == (
        account.email,
        account.name,
        role,
    )
    signed_in = await visitor.sign_in(account)
    assert (await visitor.me(signed_in.access)).json() == created


@pytest.mark.promise("F7", "U1")
async def test_an_administrator_lists_the_users_newest_first(
    visitor: Visitor, admin: SignedIn, make_user: MakeUser, deployment: Deployment
) -> None:
    accounts = []
    for _ in range(3):
        await deployment.outlast(MOMENT)
        accounts.append(await make_user())

    answer = await visitor.users(admin.access, limit=100)

    assert_status(answer, 200)
    listed = answer.json()
    assert set(listed) == {"items", "nextCursor"}
    assert all(set(user) == USER_MEMBERS for user in listed["items"])
    emails = [account.email for account in reversed(accounts)]
    assert [user["email"] for user in listed["items"] if user["email"] in emails] == emails


@pytest.mark.promise("F7", "AD8")
async def test_a_role_and_a_status_leave_only_users_who_have_both(
    visitor: Visitor, admin: SignedIn, deployment: Deployment
) -> None:
    await deployment.outlast(MOMENT)
    ids = dict[tuple[str, str], str]()
    for role, status in product(("ADMIN", "USER"), ("active", "disabled")):
        body = NewUser.of(Account(email=new_email()), role).body
        made = (await visitor.create_user(admin.access, body)).json()
        ids[role, status] = made["id"]
        if status == "disabled":
            await visitor.change_user(admin.access, made["id"], {"disabled": True})

    async def listed(**query: object) -> list[str]:
        answer = await visitor.users(admin.access, limit=100, **query)
        assert_status(answer, 200)
        return [user["id"] for user in answer.json()["items"] if user["id"] in ids.values()]

    for (role, status), user_id in ids.items():
        assert await listed(role=role, status=status) == [user_id]
        assert set(await listed(role=role)) == {ids[role, "active"], ids[role, "disabled"]}
        assert set(await listed(status=status)) == {ids["ADMIN", status], ids["USER", status]}


@pytest.mark.promise("F7", "AD8", "G1")
async def test_pages_of_a_role_go_on_where_the_one_before_ended(
    visitor: Visitor, admin: SignedIn, make_user: MakeUser
) -> None:
    emails = [(await make_user()).email for _ in range(3)]

    found = await visitor.users_one_by_one(admin.access, {*emails}, role="USER")

    assert found == emails[::-1]


@pytest.mark.promise("AD8")
@pytest.mark.parametrize("field", ["role", "status"])
async def test_an_unknown_role_or_status_is_rejected(
    visitor: Visitor, admin: SignedIn, field: str
) -> None:
    assert_invalid(await visitor.users(admin.access, **{field: "none"}), field)


@pytest.mark.promise("U2", "K8")
async def test_all_faults_of_a_new_user_are_listed_at_once(
    visitor: Visitor, admin: SignedIn
) -> None:
    wish = NewUser.of(Account(email="nobody", password="short", name=" "))

    answer = await visitor.create_user(admin.access, wish.body)

    assert_invalid(answer, "email", "password", "name")


@pytest.mark.promise("U2", "B3")
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
async def test_an_invalid_name_is_rejected(visitor: Visitor, admin: SignedIn, name: str) -> None:
    wish = NewUser.of(Account(email=new_email(), name=name))

    answer = await visitor.create_user(admin.access, wish.body)

    assert_invalid(answer, "name")


@pytest.mark.promise("U2", "B3")
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


@pytest.mark.promise("U2", "K8")
@pytest.mark.parametrize("role", ["ROOT", "admin", "", None, 1, ["ADMIN"]])
async def test_an_unknown_role_is_rejected(visitor: Visitor, admin: SignedIn, role: object) -> None:
    body = NewUser.of(Account(email=new_email())).body | {"role": role}

    answer = await visitor.create_user(admin.access, body)

    assert_invalid(answer, "role")


@pytest.mark.promise("U2", "K8")
@pytest.mark.parametrize("missing", ["email", "password", "name", "role"])
async def test_each_member_is_required(visitor: Visitor, admin: SignedIn, missing: str) -> None:
    body = NewUser.of(Account(email=new_email())).body
    del body[missing]

    answer = await visitor.create_user(admin.access, body)

    assert_invalid(answer, missing)


@pytest.mark.promise("U2", "K8")
async def test_an_unknown_member_is_rejected(visitor: Visitor, admin: SignedIn) -> None:
    body = NewUser.of(Account(email=new_email()), id="01890a5d-ac96-774b-bcce-b302099a8057").body

    answer = await visitor.create_user(admin.access, body)

    assert_invalid(answer, "id")


@pytest.mark.promise("U2", "M2")
async def test_an_address_in_another_case_is_taken(
    visitor: Visitor, admin: SignedIn, resident: Account
) -> None:
    wish = NewUser.of(Account(email=resident.email.upper()))

    answer = await visitor.create_user(admin.access, wish.body)

    assert_problem(answer, 409, "email_taken")


@pytest.mark.promise("U2")
async def test_of_many_concurrent_requests_for_one_address_exactly_one_succeeds(
    visitor: Visitor, admin: SignedIn
) -> None:
    wish = NewUser.of(Account(email=new_email()))

    answers = await asyncio.gather(
        *(visitor.create_user(admin.access, wish.body) for _ in range(AT_ONCE))
    )

    created = [answer for answer in answers if answer.status_code == 201]
    assert len(created) == 1
    for answer in answers:
        if answer not in created:
            assert_problem(answer, 409, "email_taken")


@pytest.mark.promise("K15")
async def test_a_client_that_may_not_is_rejected_before_the_body_is_read(
    visitor: Visitor, reader: SignedIn
) -> None:
    kinds: list[dict[str, str]] = [{}, reader.bearer]

    anonymous, unprivileged = [
        await visitor.http.post("/api/admin/users", content=b"{", headers=headers)
        for headers in kinds
    ]

    assert_problem(anonymous, 401, "access_token_missing")
    assert_problem(unprivileged, 403, "insufficient_role")
