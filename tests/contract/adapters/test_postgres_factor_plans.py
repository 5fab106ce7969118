"""What PostgreSQL reads to find and spend the second factor of one of many users."""

from secrets import token_bytes
from typing import Final
from uuid import UUID

import pytest

from contract.adapters.postgres_plans import Filled, copy
from contract.adapters.test_postgres_passkey_plans import passkey_among_many
from latchkey.adapters.postgres import schema as tables
from latchkey.adapters.postgres.factors import factors
from latchkey.domain.kernel.identifier import new_id
from latchkey.testing.frozen_clock import START

pytestmark = pytest.mark.anyio

HASH: Final = b"h" * 32
NOTHING: Final[frozenset[str]] = frozenset()


async def _factor_among_many(filled: Filled) -> UUID:
    """Keep a factor for each user, and return that of one of them."""
    users = [row["id"] for row in await filled.connection.fetch("SELECT id FROM users")]
    rows = [
        (user, new_id(START), None, 7, "key", None, token_bytes(16), None, [HASH]) for user in users
    ]
    await copy(filled.connection, tables.second_factors, rows)
    await filled.connection.execute("ANALYZE second_factors")
    return next(row[1] for row in rows if row[0] == filled.user_id)


async def test_finding_the_factors_of_a_user_reads_few_pages(filled: Filled) -> None:
    await _factor_among_many(filled)
    await passkey_among_many(filled)

    plan = await filled.explain(factors.FIND, of_user=filled.user_id)

    assert plan.read_through == NOTHING
    assert plan.pages <= 9


async def test_spending_a_step_looks_at_one_factor(filled: Filled) -> None:
    factor_id = await _factor_among_many(filled)

    plan = await filled.explain(factors.SPEND, of_user=filled.user_id, factor_id=factor_id, step=8)

    assert plan.read_through == NOTHING
    assert plan.pages <= 6


async def test_spending_a_recovery_code_looks_at_one_row(filled: Filled) -> None:
    await _factor_among_many(filled)

    plan = await filled.explain(factors.SPEND_CODE, of_user=filled.user_id, hashes=[HASH])

    assert plan.read_through == NOTHING
    assert plan.pages <= 6
