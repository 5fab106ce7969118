"""What the hot statements cost PostgreSQL, counted in pages instead of time."""

from datetime import timedelta
from secrets import token_bytes
from typing import Final
from uuid import UUID

import pytest

from contract.adapters.postgres_plans import (
    DAY,
    OF_ONE_USER,
    ROWS,
    SECRET_HASH,
    USERS,
    Filled,
    Plan,
    copy,
    order_row,
    session_row,
)
from latchkey.adapters.postgres import schema as tables
from latchkey.adapters.postgres.accounts import password_credentials, users
from latchkey.adapters.postgres.engine.statement import Statement
from latchkey.adapters.postgres.orders import orders
from latchkey.adapters.postgres.sessions import statements as sessions
from latchkey.adapters.postgres.sessions import user_sessions
from latchkey.adapters.postgres.throttling.statements import CHANGE, hit
from latchkey.domain.kernel.identifier import new_id
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.testing.frozen_clock import START

pytestmark = pytest.mark.anyio

PAGE: Final = 21  # rows, one more than are shown
NOTHING: Final[frozenset[str]] = frozenset()
OTHER_COUNTS: Final = [(START, token_bytes(16)) for _ in range(ROWS)]
KINDS: Final = (False, False, True)  # the last one is only looked at
ALL_HIT: Final = (False, False, False)
THREE: Final = {
    "now": START,
    "keys": [token_bytes(16) for _ in range(3)],
}


async def test_finding_a_session_with_its_user_reads_six_pages(filled: Filled) -> None:
    plan = await filled.explain(sessions.FIND, session_id=filled.session_id)

    assert plan == Plan(pages=6, read_through=NOTHING)


async def test_a_rotation_touches_ten_pages_at_most_three_of_them_for_the_user(
    filled: Filled,
) -> None:
    plan = await filled.rotate(filled.session_id)

    assert plan.read_through == NOTHING
    assert plan.pages <= 10


@pytest.mark.alone("any transaction of the server keeps rows from being pruned")
async def test_a_rotation_leaves_all_indexes_alone(filled: Filled) -> None:
    await filled.connection.execute("COMMIT")
    before = await filled.updates(tables.sessions)

    for session_id in filled.session_ids[: ROWS // 5]:
        await filled.rotate(session_id)

    after = await filled.updates(tables.sessions)
    assert after.total - before.total == ROWS / 5
    assert (after.heap_only - before.heap_only) / (ROWS / 5) >= 0.9  # 0 with an index that changes


async def test_the_end_of_a_session_touches_twelve_pages_at_most(filled: Filled) -> None:
    plan = await filled.explain(
        sessions.END,
        session_id=filled.session_id,
        presented_hash=SECRET_HASH,
        reason=EndReason.REVOKED,
    )

    assert plan.read_through == NOTHING
    assert plan.pages <= 12  # it leaves the index of those that have not ended


async def test_the_end_of_all_sessions_of_a_user_looks_at_these_alone(filled: Filled) -> None:
    plan = await filled.explain(
        sessions.END_ALL, user_id=filled.user_id, reason=EndReason.REVOKED, limit=None
    )

    assert plan.read_through == NOTHING
    assert plan.pages <= 16 * OF_ONE_USER


async def test_a_login_looks_at_no_session_that_has_ended(filled: Filled) -> None:
    births = [START - timedelta(seconds=number) for number in range(ROWS // 5)]
    ended = [session_row(new_id(birth), filled.user_id, birth, "replaced") for birth in births]
    await copy(filled.connection, tables.sessions, ended)

    plan = await filled.explain(
        sessions.REPLACE,
        user_id=filled.user_id,
        reason=EndReason.REPLACED,
        session_ids=[filled.session_id],
        hashes=[SECRET_HASH],
        keep=OF_ONE_USER - 2,
        limit=100,
    )

    assert plan.read_through == NOTHING
    assert plan.pages <= 16 * 2 + 4 * OF_ONE_USER  # two of them end


@pytest.mark.parametrize("statement", [user_sessions.FIRST_PAGE, user_sessions.NEXT_PAGE])
async def test_a_page_of_ones_own_sessions_looks_at_these_alone(
    filled: Filled, statement: Statement
) -> None:
    plan = await filled.explain(
        statement,
        user_id=filled.user_id,
        now=START,
        idle_since=START - DAY,
        after=UUID(int=2**128 - 1),
        limit=PAGE,
    )

    assert plan.read_through == NOTHING
    assert plan.pages <= 5 + OF_ONE_USER


async def test_ending_named_sessions_looks_at_these_alone(filled: Filled) -> None:
    named = filled.session_ids[:3]

    plan = await filled.explain(
        user_sessions.END, user_id=filled.user_id, session_ids=named, reason=EndReason.REVOKED
    )

    assert plan.read_through == NOTHING
    assert plan.pages <= 3 * 16


async def test_pruning_looks_at_no_more_sessions_than_it_deletes(filled: Filled) -> None:
    plan = await filled.explain(
        sessions.PRUNE,
        after=UUID(int=0),
        first_kept=filled.session_id,
        limit=20,
    )

    assert plan.read_through == NOTHING
    assert plan.pages <= 15 * 20


async def test_pruning_does_not_look_again_at_what_it_has_deleted(filled: Filled) -> None:
    last, until = filled.session_ids[ROWS // 4], filled.session_id
    await filled.connection.execute("DELETE FROM sessions WHERE id <= $1", last)

    plan = await filled.explain(sessions.PRUNE, after=last, first_kept=until, limit=20)

    assert plan.read_through == NOTHING
    assert plan.pages <= 15 * 20


@pytest.mark.parametrize("by_email", [users.BY_EMAIL, password_credentials.BY_EMAIL])
async def test_finding_a_user_by_email_reads_three_pages(
    filled: Filled, by_email: Statement
) -> None:
    plan = await filled.explain(by_email, email="500@example.org")

    assert plan == Plan(pages=3, read_through=NOTHING)


async def test_the_first_page_of_orders_reads_little_more_than_its_rows(filled: Filled) -> None:
    plan = await filled.explain(orders.FIRST_PAGE, user_id=filled.user_id, limit=PAGE)

    assert plan.read_through == NOTHING
    assert plan.pages <= PAGE + 5


async def test_the_last_administrator_is_found_without_reading_other_users(
    filled: Filled,
) -> None:
    await filled.connection.execute("UPDATE users SET role = 'ADMIN' WHERE id = $1", filled.user_id)

    plan = await filled.explain(users.IS_LAST_ADMIN, user_id=filled.user_id)

    assert plan.read_through == NOTHING
    assert plan.pages <= 12


async def test_a_page_far_down_the_orders_reads_no_more_than_the_first(filled: Filled) -> None:
    births = [START - timedelta(seconds=number) for number in range(ROWS)]
    owner = filled.user_id
    await copy(filled.connection, tables.orders, [order_row(owner, birth) for birth in births])

    plan = await filled.explain(
        orders.NEXT_PAGE,
        user_id=owner,
        after_at=births[ROWS // 2],
        after_id=new_id(births[ROWS // 2]),
        limit=PAGE,
    )

    assert plan.read_through == NOTHING
    assert plan.pages <= PAGE + 5


async def test_a_page_far_down_the_users_reads_little_more_than_its_rows(filled: Filled) -> None:
    plan = await filled.explain(
        users.NEXT_PAGE,
        after_at=START + timedelta(seconds=USERS // 2),
        after_id=filled.user_id,
        limit=PAGE,
    )

    assert plan.read_through == NOTHING
    assert plan.pages <= PAGE + 5


async def test_a_hit_looks_at_its_counts_alone(filled: Filled) -> None:
    await copy(filled.connection, tables.throttle_counts, OTHER_COUNTS)

    plan = await filled.explain(hit(*KINDS), costs=[DAY] * 3, rooms=[DAY] * 3, **THREE)

    assert plan.read_through == NOTHING
    assert plan.pages <= 3 * 18


async def test_taking_hits_back_looks_at_their_counts_alone(filled: Filled) -> None:
    await copy(filled.connection, tables.throttle_counts, OTHER_COUNTS)

    plan = await filled.explain(CHANGE, refunds=[DAY] * 3, expiries=[START] * 3, **THREE)

    assert plan.read_through == NOTHING
    assert plan.pages <= 3 * 18


@pytest.mark.alone("any transaction of the server keeps rows from being pruned")
async def test_hits_leave_the_index_alone(filled: Filled) -> None:
    await filled.connection.execute("COMMIT")
    costs, rooms = [DAY] * 3, [ROWS * DAY] * 3
    await filled.explain(hit(*ALL_HIT), costs=costs, rooms=rooms, **THREE)
    before = await filled.updates(tables.throttle_counts)

    for _ in range(ROWS // 50):
        await filled.explain(hit(*ALL_HIT), costs=costs, rooms=rooms, **THREE)

    after = await filled.updates(tables.throttle_counts)
    assert after.total - before.total == (total := 3 * ROWS // 50)
    assert (after.heap_only - before.heap_only) / total >= 0.9  # as above
