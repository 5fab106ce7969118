"""What a copy of the database is worth to somebody who wants to pass a second factor."""

from base64 import b32encode
from hashlib import sha256

import asyncpg
import pytest

from contract.flow.in_process import ADMIN, ENVIRON, deployed, make_admin
from latchkey.adapters.postgres import PostgresStorage
from latchkey.adapters.postgres.engine.columns import metadata
from latchkey.entrypoints.settings import from_env
from latchkey.testing.flow.authenticator import enrolled
from latchkey.testing.flow.visitor import Visitor
from latchkey.testing.frozen_clock import FrozenClock

pytestmark = pytest.mark.anyio


@pytest.mark.requirement("MF-5")
async def test_no_value_of_the_database_is_a_secret_of_a_factor(
    postgres: PostgresStorage, observer: asyncpg.Connection, clock: FrozenClock
) -> None:
    async with deployed(from_env(ENVIRON), postgres, clock) as deployment:
        await make_admin(deployment)
        async with deployment.client() as http:
            known = await enrolled(Visitor(http=http), ADMIN, deployment)
        rows = [row for name in metadata.tables for row in await observer.fetch(f"TABLE {name}")]

    codes = [code.replace("-", "").encode() for code in known.codes]
    secret = known.app.secret
    hashes = [hashed(code) for code in codes for hashed in (_sha256, _hex)]
    values = b"\n".join(_raw(value) for row in rows for value in row.values())
    assert len(codes) == 10
    assert len(values) > 1_000
    for each in (secret, secret.hex().encode(), b32encode(secret), *codes, *hashes):
        assert each not in values


def _raw(value: object) -> bytes:
    if isinstance(value, list):
        return b"\n".join(map(_raw, value))
    return value if isinstance(value, bytes) else str(value).encode()


def _sha256(code: bytes) -> bytes:
    return sha256(code).digest()


def _hex(code: bytes) -> bytes:
    return sha256(code).hexdigest().encode()
