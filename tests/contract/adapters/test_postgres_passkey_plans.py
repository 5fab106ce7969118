"""What PostgreSQL reads to find and use the passkey of one of many users."""

from secrets import token_bytes
from typing import Final
from uuid import UUID

import pytest

from contract.adapters.postgres_plans import Filled, copy
from latchkey.adapters.postgres import schema as tables
from latchkey.adapters.postgres.factors import passkeys
from latchkey.domain.kernel.identifier import new_id
from latchkey.testing.frozen_clock import START

pytestmark = pytest.mark.anyio

NOTHING: Final[frozenset[str]] = frozenset()


async def passkey_among_many(filled: Filled) -> tuple[UUID, bytes]:
    """Keep a passkey for each user, and return that of one of them."""
    users = [row["id"] for row in await filled.connection.fetch("SELECT id FROM users")]
    rows = [
        (
            new_id(START),
            user,
            None,
            0,
            True,
            False,
            token_bytes(16),
            token_bytes(77),
            token_bytes(32),
            "auth.example.com",
            "Laptop",
            ["internal"],
        )
        for user in users
    ]
    await copy(filled.connection, tables.passkeys, rows)
    await filled.connection.execute("ANALYZE passkeys")
    return next((row[0], row[6]) for row in rows if row[1] == filled.user_id)


async def test_finding_a_passkey_and_those_of_a_user_reads_few_pages(filled: Filled) -> None:
    _, credential = await passkey_among_many(filled)

    for plan in (
        await filled.explain(passkeys.BY_CREDENTIAL, credential=credential),
        await filled.explain(passkeys.OF_USER, of_user=filled.user_id),
    ):
        assert plan.read_through == NOTHING
        assert plan.pages <= 9


async def test_spending_a_challenge_looks_at_one_passkey(filled: Filled) -> None:
    passkey_id, _ = await passkey_among_many(filled)

    plan = await filled.explain(
        passkeys.SPEND, passkey_id=passkey_id, challenge=new_id(START), count=1, backed_up=True
    )

    assert plan.read_through == NOTHING
    assert plan.pages <= 6
