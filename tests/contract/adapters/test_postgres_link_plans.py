"""What PostgreSQL reads to find, bind, use and prune one of many links."""

from typing import Final
from uuid import UUID

import pytest

from contract.adapters.postgres_plans import DAY, ROWS, Filled, copy
from latchkey.adapters.postgres import schema as tables
from latchkey.adapters.postgres.links import links, user_links
from latchkey.domain.kernel.identifier import new_id
from latchkey.testing.frozen_clock import START

pytestmark = pytest.mark.anyio

NOTHING: Final[frozenset[str]] = frozenset()
SECRET: Final = bytes(16)


async def _link_among_many(filled: Filled, *, is_bound: bool, kind: str = "password_reset") -> UUID:
    """Keep many links of one user, and return one of them."""
    is_invitation = kind == "invitation"
    role, inviter = ("ADMIN", filled.user_id) if is_invitation else (None, None)
    email = await filled.connection.fetchval(
        "SELECT email_canonical FROM users WHERE id = $1", filled.user_id
    )
    user_id, version = (filled.user_id, 1) if is_bound else (None, None)
    ids = [new_id(START + number * DAY / ROWS) for number in range(ROWS)]
    rows = [
        (each, user_id, START + DAY, version, None, kind, email, SECRET, email, role, inviter)
        for each in ids
    ]
    await copy(filled.connection, tables.links, rows)
    await filled.connection.execute("ANALYZE links")
    return ids[ROWS // 2]


async def test_finding_a_link_with_its_user_reads_few_pages(filled: Filled) -> None:
    link_id = await _link_among_many(filled, is_bound=True)

    plan = await filled.explain(links.FIND, link_id=link_id)

    assert plan.read_through == NOTHING
    assert plan.pages <= 7


async def test_finding_an_invitation_with_its_users_reads_few_pages(filled: Filled) -> None:
    link_id = await _link_among_many(filled, is_bound=False, kind="invitation")

    plan = await filled.explain(links.FIND, link_id=link_id)

    assert plan.read_through == NOTHING
    assert plan.pages <= 14


async def test_using_an_invitation_looks_at_it_alone(filled: Filled) -> None:
    link_id = await _link_among_many(filled, is_bound=False, kind="invitation")

    plan = await filled.explain(links.USE_FOR, link_id=link_id, made=filled.user_id)

    assert plan.read_through == NOTHING
    assert plan.pages <= 13


async def test_binding_a_link_looks_at_one_link_and_one_user(filled: Filled) -> None:
    link_id = await _link_among_many(filled, is_bound=False)

    plan = await filled.explain(links.BIND, link_id=link_id)

    assert plan.read_through == NOTHING
    assert plan.pages <= 15


async def test_using_a_link_looks_at_it_alone(filled: Filled) -> None:
    link_id = await _link_among_many(filled, is_bound=True)

    plan = await filled.explain(links.USE, link_id=link_id, version=2)

    assert plan.read_through == NOTHING
    assert plan.pages <= 10


async def test_the_changes_of_one_user_are_found_and_withdrawn_by_an_index(
    filled: Filled,
) -> None:
    await _link_among_many(filled, is_bound=True)
    stranger = new_id(START)

    found = await filled.explain(user_links.CHANGE_OF, bound_user=stranger)
    withdrawn = await filled.explain(user_links.WITHDRAW_CHANGES, bound_user=stranger)
    deleted = await filled.explain(user_links.DELETE_ALL, bound_user=stranger)

    for plan in (found, withdrawn, deleted):
        assert plan.read_through == NOTHING
        assert plan.pages <= 4


async def test_pruning_looks_at_no_more_links_than_it_deletes(filled: Filled) -> None:
    link_id = await _link_among_many(filled, is_bound=True)

    plan = await filled.explain(links.PRUNE, first_kept=link_id, limit=20)

    assert plan.read_through == NOTHING
    assert plan.pages <= 15 * 20
