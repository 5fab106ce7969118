"""Users whom administrators look for."""

from uuid import uuid4

import httpx
import pytest

from latchkey.testing.flow.deployments import Account
from latchkey.testing.flow.expectations import (
    USER_MEMBERS,
    assert_invalid,
    assert_problem,
    assert_status,
)
from latchkey.testing.flow.visitor import NewUser, SignedIn, Visitor

pytestmark = pytest.mark.anyio


async def _added(visitor: Visitor, admin: SignedIn, email: str, name: str) -> str:
    body = NewUser.of(Account(email=email, name=name)).body
    answer = await visitor.create_user(admin.access, body)
    assert_status(answer, 201)
    return str(answer.json()["id"])


def _ids(answer: httpx.Response) -> list[str]:
    assert_status(answer, 200)
    return [item["id"] for item in answer.json()["items"]]


@pytest.mark.promise("F65", "AD1")
async def test_users_are_found_by_the_beginning_of_address_or_name_and_by_id(
    visitor: Visitor, admin: SignedIn
) -> None:
    word = uuid4().hex
    by_name = await _added(visitor, admin, f"x{word}@latchkey.example", f"{word.upper()} Smith")
    by_address = await _added(visitor, admin, f"{word}@latchkey.example", f"Dr {word}")

    found = await visitor.search_users(admin.access, query=word[:20].title())
    limited = await visitor.search_users(admin.access, query=word, limit=1)
    by_id = await visitor.search_users(admin.access, query=by_name)
    inside = await visitor.search_users(admin.access, query=word[1:])

    assert _ids(found) == [by_address, by_name]
    assert set(found.json()) == {"items"}
    assert all(set(item) == USER_MEMBERS for item in found.json()["items"])
    assert _ids(limited) == [by_address]
    assert _ids(by_id) == [by_name]
    assert _ids(inside) == []


@pytest.mark.promise("AD1")
@pytest.mark.parametrize("query", ["100%", "_", "\\", "'; --", "\0", "\U0010ffff"])
async def test_a_query_is_no_pattern(visitor: Visitor, admin: SignedIn, query: str) -> None:
    answer = await visitor.search_users(admin.access, query=f"{query}{uuid4()}")

    assert _ids(answer) == []


@pytest.mark.promise("F65", "AD1", "G1")
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({}, "query"),
        ({"query": ""}, "query"),
        ({"query": "x" * 255}, "query"),
        ({"query": "x", "limit": 0}, "limit"),
        ({"query": "x", "limit": "1e1"}, "limit"),
    ],
    ids=["none", "empty", "too long", "no limit", "another number"],
)
async def test_an_unclear_query_is_rejected(
    visitor: Visitor, admin: SignedIn, query: dict[str, object], field: str
) -> None:
    assert_invalid(await visitor.search_users(admin.access, **query), field)


@pytest.mark.promise("AD1")
@pytest.mark.requirement("AZ-1")
async def test_only_administrators_look_for_users(visitor: Visitor, reader: SignedIn) -> None:
    answer = await visitor.search_users(reader.access, query="a")

    assert_problem(answer, 403, "insufficient_role")
