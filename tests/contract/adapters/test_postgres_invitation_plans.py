"""What PostgreSQL reads to list and withdraw a few invitations among many links."""

from typing import Final
from uuid import UUID

import pytest

from contract.adapters.postgres_plans import DAY, ROWS, Filled, copy
from latchkey.adapters.postgres import schema as tables
from latchkey.adapters.postgres.engine.statement import Statement
from latchkey.adapters.postgres.links import invitations
from latchkey.domain.kernel.identifier import new_id
from latchkey.testing.frozen_clock import START

pytestmark = pytest.mark.anyio

NOTHING: Final[frozenset[str]] = frozenset()
SECRET: Final = bytes(16)
PAGE: Final = 21  # rows, one more than are shown


async def _links(filled: Filled) -> None:
    """Keep many links that invite nobody."""
    email = "nobody@example.org"
    asked = (None, None, "registration", email, SECRET, email, None, None)
    ids = [new_id(START + number * DAY / ROWS) for number in range(ROWS)]
    rows = [(each, None, START + DAY, *asked) for each in ids]
    await copy(filled.connection, tables.links, rows)
    await filled.connection.execute("ANALYZE links")


async def _invitation(filled: Filled) -> UUID:
    """Keep an invitation of an address that no user has."""
    link_id = new_id(START)
    email = f"{link_id}@example.org"
    invited = ("invitation", email, SECRET, email, "USER", filled.user_id)
    await copy(
        filled.connection, tables.links, [(link_id, None, START + DAY, None, None, *invited)]
    )
    return link_id


async def test_withdrawing_invitations_looks_at_those_of_one_address(filled: Filled) -> None:
    await _links(filled)

    plan = await filled.explain(
        invitations.WITHDRAW_OTHERS, email="nobody@example.org", kept="ADMIN"
    )

    assert plan.read_through == NOTHING
    assert plan.pages <= 4


async def test_withdrawing_an_invitation_looks_at_those_of_its_address(filled: Filled) -> None:
    await _links(filled)
    invitation = await _invitation(filled)

    plan = await filled.explain(invitations.WITHDRAW, link_id=invitation)

    assert plan.read_through == NOTHING
    assert plan.pages <= 20


@pytest.mark.parametrize("statement", [invitations.FIRST_PAGE, invitations.NEXT_PAGE])
async def test_a_page_of_invitations_looks_at_no_other_links(
    filled: Filled, statement: Statement
) -> None:
    await _links(filled)
    for _ in range(PAGE):
        await _invitation(filled)

    plan = await filled.explain(statement, now=START, after=UUID(int=2**128 - 1), limit=PAGE)

    assert plan.read_through == NOTHING
    assert plan.pages <= 10 * PAGE
