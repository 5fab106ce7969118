"""The service on a full database, and clients that hold tokens of its sessions."""

import random
import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from uuid import UUID

import asyncpg

from bench.load import BenchError
from bench.scale.filling import AT_CAP, CAP, COST, SECRET, email_of, filled
from harness.service import LATCHKEY, Installation
from latchkey.domain.accounts.user import User
from latchkey.domain.sessions.refresh_token import RefreshToken
from latchkey.domain.sessions.session_id import SessionId
from latchkey.entrypoints.container import Container
from latchkey.entrypoints.settings import from_env
from latchkey.entrypoints.storage import operating

_ACTIVE: Final = """
    SELECT DISTINCT ON (users.id) sessions.id FROM users JOIN sessions ON user_id = users.id
     WHERE email_canonical = ANY ($1) AND disabled_at IS NULL
       AND end_reason IS NULL AND rotated_at > now() - interval '6 days'
       AND secret_hash = sha256($2)
"""
"""Sessions of measured logins have secrets that nobody knows."""
_MORE: Final = 1.1  # as many are drawn, since some users are disabled


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A user and the tokens of one of their sessions.

    Attributes:
        bearer: The value of the Authorization header.
        cookie: The value of the Cookie header.
    """

    user: User
    session_id: SessionId
    bearer: str = field(repr=False)
    cookie: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The service on a database with a number of users.

    Attributes:
        dsn: Where the database is.
        url: Where the service is.
        installation: For commands beside it.
    """

    users: int
    dsn: str = field(repr=False)
    url: str
    installation: Installation
    container: Container

    async def holders(self, wanted: int) -> Sequence[Holder]:
        """Draw users from all over the database, neither administrators nor at the cap.

        Raises:
            BenchError: There are too few.
        """
        others = [
            number for number in range(2, self.users + 1) if number % 1000 and number not in AT_CAP
        ]
        drawn = random.sample(others, min(len(others), round(wanted * _MORE) + 10))
        found = await self._holders([email_of(number) for number in drawn])
        if len(found) < wanted:
            raise BenchError(f"{self.users} users are too few for so many requests")
        return found[:wanted]

    async def administrator(self) -> Holder:
        """Return the first user."""
        [holder] = await self._holders([email_of(1)])
        return holder

    async def _holders(self, emails: Sequence[str]) -> Sequence[Holder]:
        connection = await asyncpg.connect(self.dsn)
        rows = await connection.fetch(_ACTIVE, emails, SECRET)
        await connection.close()
        holders = [await self._holder(row["id"]) for row in rows]
        random.shuffle(holders)  # they come in the order of their users
        return holders

    async def _holder(self, session_id: UUID) -> Holder:
        found = await self.container.storage().sessions.find(SessionId(session_id))
        if found is None:
            raise BenchError("a session was pruned")
        token = RefreshToken(
            session_id=found.session.id,
            generation=found.session.generation,
            expires_at=found.session.expires_at,
            secret=SECRET,
        )
        pair = self.container.issuer().issue(found, token, self.container.storage().clock.now())
        return Holder(
            user=found.user,
            session_id=found.session.id,
            bearer=f"Bearer {pair.access.encoded}",
            cookie=f"{self.container.settings().cookie.name}={pair.refresh}",
        )


@asynccontextmanager
async def opened(dsn: str, users: int) -> AsyncIterator[Site]:
    """Fill a database and serve it with one worker while the block lasts.

    Args:
        dsn: A database of the server.
        users: How many.
    """
    with TemporaryDirectory(prefix="latchkey-bench-") as home:
        async with filled(dsn, users) as own:
            settings = _environ(own)
            installation = Installation(home=Path(home), environ=settings, latchkey=LATCHKEY)
            with installation.serving() as service:
                async with operating(from_env(settings), own) as container:
                    yield Site(
                        users=users,
                        dsn=own,
                        url=service.url,
                        installation=installation,
                        container=container,
                    )


def _environ(dsn: str) -> Mapping[str, str]:
    return {
        "APP_ENV": "test",  # allows cheap password hashes
        "DATABASE_URL": dsn,
        "JWT_SECRET": secrets.token_hex(32),
        "JWT_ACCESS_TTL": "1h",
        "LOGIN_LIMIT_ACCOUNT": "off",
        "LOGIN_LIMIT_ADDRESS": "off",
        "LOGIN_LIMIT_SUCCESSES": "off",
        "REFRESH_LIMIT": "off",
        "LOG_LEVEL": "error",
        "WORKERS": "1",
        "BCRYPT_ROUNDS": str(COST),
        "SESSIONS_PER_USER": str(CAP),
    }
