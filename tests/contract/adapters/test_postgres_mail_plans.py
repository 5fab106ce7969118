"""What PostgreSQL reads to replace one of many mails."""

from typing import Final

import pytest

from contract.adapters.postgres_plans import DAY, ROWS, Filled, copy
from latchkey.adapters.postgres import schema as tables
from latchkey.adapters.postgres.mail import outbox
from latchkey.domain.kernel.identifier import new_id
from latchkey.testing.frozen_clock import START

pytestmark = pytest.mark.anyio

NOTHING: Final[frozenset[str]] = frozenset()


async def test_replacing_a_mail_looks_at_those_to_its_recipient(filled: Filled) -> None:
    rows = []
    for number in range(ROWS):
        email = f"{number}@example.org"
        at = START + number * DAY / ROWS
        mail = (0, "password_reset", "en", email, email, "{}", None)
        rows.append((new_id(at), None, at, START + DAY, *mail))
    await copy(filled.connection, tables.mails, rows)
    await filled.connection.execute("ANALYZE mails")

    plan = await filled.explain(
        outbox.REMOVE_LIKE, recipient="7@example.org", mail_kind="password_reset"
    )

    assert plan.read_through == NOTHING
    assert plan.pages <= 6
