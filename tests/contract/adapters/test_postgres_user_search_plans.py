"""What PostgreSQL reads to find some of many users."""

from typing import Final

import pytest

from contract.adapters.postgres_plans import Filled
from latchkey.adapters.postgres.accounts import search
from latchkey.adapters.postgres.engine.statement import Statement

pytestmark = pytest.mark.anyio

NOTHING: Final[frozenset[str]] = frozenset()
LIMIT: Final = 20


@pytest.mark.parametrize("plan_cache", ["force_custom_plan", "force_generic_plan"])
@pytest.mark.parametrize(
    ("statement", "first"), [(search.BY_ADDRESS, "1"), (search.BY_NAME, "ada")]
)
async def test_a_search_reads_no_more_users_than_it_finds(
    filled: Filled, statement: Statement, first: str, plan_cache: str
) -> None:
    await filled.connection.execute(f"SET LOCAL plan_cache_mode = {plan_cache}")

    plan = await filled.explain(statement, first=first, end=f"{first}\U0010ffff", limit=LIMIT)

    assert plan.read_through == NOTHING
    assert plan.pages <= 3 * LIMIT
