"""What a copy of the database is worth to somebody who wants to use the links in mails."""

from base64 import urlsafe_b64encode

import asyncpg
import pytest

from contract.flow.in_process import ENVIRON
from latchkey.adapters.postgres import PostgresStorage
from latchkey.adapters.postgres.engine.columns import metadata
from latchkey.application.mail.request_link import RequestLinkCommand
from latchkey.domain.links.errors import LinkInvalidError
from latchkey.domain.links.link_token import LinkId
from latchkey.entrypoints.container import Container
from latchkey.entrypoints.settings import from_env
from latchkey.testing.factories import SOURCE, UserFactory
from latchkey.testing.ports.storage import added_user

pytestmark = pytest.mark.anyio


async def _values(observer: asyncpg.Connection) -> list[object]:
    rows = [row for name in metadata.tables for row in await observer.fetch(f"TABLE {name}")]
    return [value for row in rows for value in row.values()]


def _spellings(value: object) -> set[str]:
    if isinstance(value, bytes):
        return {value.hex(), urlsafe_b64encode(value).decode().rstrip("=")}
    return {str(value), str(value).replace("-", "")}


@pytest.mark.requirement("RP-2")
async def test_no_value_of_the_database_is_a_link(
    postgres: PostgresStorage, observer: asyncpg.Connection
) -> None:
    container = Container(settings=from_env(ENVIRON), storage=postgres)
    user = await added_user(postgres)
    stranger = UserFactory.build().email.text
    await container.request_reset()(RequestLinkCommand(email=user.email.text, source=SOURCE))
    await container.request_registration()(RequestLinkCommand(email=stranger, source=SOURCE))
    now = postgres.clock.now()
    claims = await postgres.outbox.claim(now, until=now, limit=9)
    for claim in claims:
        await container.prepare_link()(LinkId(claim.mail.id))

    values = await _values(observer)
    assert len(claims) == 2
    assert len(values) > 40
    for text in {each for value in values for each in _spellings(value)}:
        with pytest.raises(LinkInvalidError):
            await container.read_link()(text)
