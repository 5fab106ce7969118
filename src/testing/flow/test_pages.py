"""Paged lists."""

import asyncio
from datetime import datetime, timedelta

import pytest

from latchkey.domain.orders.order import OrderStatus
from latchkey.testing.flow.deployments import Deployment, Operator
from latchkey.testing.flow.expectations import assert_invalid, assert_is_id, assert_status
from latchkey.testing.flow.fixtures import MakeUser
from latchkey.testing.flow.visitor import JsonObject, SignedIn, Visitor

pytestmark = pytest.mark.anyio

MOMENT = timedelta(milliseconds=2)
ORDER_MEMBERS = {"id", "status", "totalCents", "currency", "createdAt"}


async def _walk(visitor: Visitor, access: str, limit: int) -> list[JsonObject]:
    items: list[JsonObject] = []
    cursor: dict[str, str] = {}
    while True:
        answer = await visitor.orders(access, limit=limit, **cursor)
        assert_status(answer, 200)
        page = answer.json()
        assert len(page["items"]) <= limit
        items += page["items"]
        if page["nextCursor"] is None:
            return items
        cursor = {"cursor": page["nextCursor"]}


@pytest.mark.promise("F6", "E1", "G2")
async def test_a_user_without_orders_gets_an_empty_list(visitor: Visitor, reader: SignedIn) -> None:
    answer = await visitor.orders(reader.access)

    assert_status(answer, 200)
    assert answer.json() == {"items": [], "nextCursor": None}


@pytest.mark.promise("F6", "E1")
@pytest.mark.requirement("AZ-3")
async def test_a_user_gets_their_own_orders_newest_first(
    visitor: Visitor, newcomer: SignedIn, make_user: MakeUser, operator: Operator
) -> None:
    other = await make_user()
    await operator.add_orders(newcomer.account.email, [100, 200, 300])
    await operator.add_orders(other.email, [999])

    items = (await visitor.orders(newcomer.access)).json()["items"]

    assert [item["totalCents"] for item in items] == [300, 200, 100]
    for item in items:
        assert set(item) == ORDER_MEMBERS
        assert_is_id(item["id"])
        assert item["status"] in set(OrderStatus)
        assert item["currency"].isupper()
        assert item["createdAt"].endswith("Z")
        assert datetime.fromisoformat(item["createdAt"]).utcoffset() == timedelta()


@pytest.mark.promise("E1")
@pytest.mark.requirement("AZ-3")
async def test_asking_for_the_orders_of_another_user_returns_ones_own(
    visitor: Visitor, newcomer: SignedIn, admin: SignedIn, operator: Operator
) -> None:
    await operator.add_orders(newcomer.account.email, [100])
    theirs = (await visitor.me(newcomer.access)).json()["id"]

    answer = await visitor.orders(admin.access, user_id=theirs, userId=theirs)

    assert all(item["totalCents"] != 100 for item in answer.json().get("items", []))


@pytest.mark.promise("G1", "G2")
@pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
async def test_pages_of_any_size_contain_every_item_once(
    visitor: Visitor, newcomer: SignedIn, operator: Operator, limit: int
) -> None:
    await operator.add_orders(newcomer.account.email, range(7))

    items = await _walk(visitor, newcomer.access, limit)

    assert [item["totalCents"] for item in items] == [6, 5, 4, 3, 2, 1, 0]


@pytest.mark.promise("G2")
async def test_an_item_added_meanwhile_neither_repeats_nor_hides_another(
    visitor: Visitor, newcomer: SignedIn, operator: Operator
) -> None:
    await operator.add_orders(newcomer.account.email, range(4))
    first = (await visitor.orders(newcomer.access, limit=2)).json()
    await operator.add_orders(newcomer.account.email, [77])

    second = (await visitor.orders(newcomer.access, limit=2, cursor=first["nextCursor"])).json()

    totals = [item["totalCents"] for item in first["items"] + second["items"]]
    assert totals == [3, 2, 1, 0]
    assert second["nextCursor"] is None


@pytest.mark.promise("G1")
async def test_a_page_has_twenty_items_unless_asked_otherwise(
    visitor: Visitor, newcomer: SignedIn, operator: Operator
) -> None:
    await operator.add_orders(newcomer.account.email, range(21))

    page = (await visitor.orders(newcomer.access)).json()

    assert len(page["items"]) == 20
    assert page["nextCursor"]


@pytest.mark.promise("G1", "K8")
@pytest.mark.parametrize(
    "limit",
    [
        "0",
        "101",
        "-1",
        "+1",
        " 1",
        "",
        "x",
        "1,0",
        "1e1",
        "1e2",
        "5.0",
        "9" * 400,
        "\N{DEVANAGARI DIGIT FIVE}",
    ],
)
async def test_a_limit_out_of_range_is_a_bad_request(
    visitor: Visitor, admin: SignedIn, limit: str
) -> None:
    answers = [
        await visitor.orders(admin.access, limit=limit),
        await visitor.users(admin.access, limit=limit),
    ]

    for answer in answers:
        assert_invalid(answer, "limit")


@pytest.mark.promise("G1")
async def test_two_limits_are_a_bad_request(visitor: Visitor, admin: SignedIn) -> None:
    bearer = {"Authorization": f"Bearer {admin.access}"}

    for path in ("/api/orders", "/api/admin/users"):
        answer = await visitor.http.get(f"{path}?limit=5&limit=6", headers=bearer)

        assert_invalid(answer, "limit")


@pytest.mark.promise("G2", "K8")
@pytest.mark.parametrize(
    "cursor", ["", "x", "AAAA", "null", "../..", "A" * 400, "\0", "\N{BULLET}"]
)
async def test_an_unknown_cursor_is_a_bad_request(
    visitor: Visitor, admin: SignedIn, cursor: str
) -> None:
    answers = [
        await visitor.orders(admin.access, cursor=cursor),
        await visitor.users(admin.access, cursor=cursor),
    ]

    for answer in answers:
        assert_invalid(answer, "cursor")


@pytest.mark.promise("G2", "U1")
async def test_the_list_of_users_has_pages_too(
    visitor: Visitor, admin: SignedIn, make_user: MakeUser, deployment: Deployment
) -> None:
    await deployment.outlast(MOMENT)
    accounts = await asyncio.gather(*(make_user() for _ in range(3)))
    emails = {account.email for account in accounts}

    found = await visitor.users_one_by_one(admin.access, emails)

    assert sorted(found) == sorted(emails)
