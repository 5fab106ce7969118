"""Helpers that the suites use to store users and sessions, and to read them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, TypeVar

from latchkey.domain.accounts.user import Role, User
from latchkey.domain.sessions.refresh_token import RefreshToken
from latchkey.domain.sessions.session import Session, UserSession
from latchkey.domain.storage import Storage
from latchkey.testing.factories import ABSOLUTE, UserFactory, password_hash, refresh_token
from latchkey.testing.frozen_clock import START

Row = TypeVar("Row")

IDLE: Final = timedelta(days=7)
MICROSECOND: Final = timedelta(microseconds=1)
SECOND: Final = timedelta(seconds=1)
UTC_ONLY: Final = {timedelta(0)}
AT_ONCE: Final = 16  # tasks in a race
ROUNDS: Final = 25  # of a race whose outcome may vary


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A user who has just logged in."""

    user: User
    token: RefreshToken
    session: Session

    def after_rotation(self, now: datetime) -> Session:
        """Return the session as it should be after its first rotation."""
        return replace(
            self.session,
            generation=self.session.generation + 1,
            rotated_at=now,
            previously_rotated_at=self.session.rotated_at,
        )


async def added_user(storage: Storage, *, role: Role = Role.USER) -> User:
    """Store a new user and return it."""
    user = UserFactory.build(role=role)
    await storage.users.add(user, password_hash())
    return user


async def opened_session(
    storage: Storage,
    user: User | None = None,
    *,
    now: datetime = START,
    generation: int = 0,
    absolute: timedelta = ABSOLUTE,
) -> Opened:
    """Store a session of a user, or of a new user if none is given."""
    owner = user or await added_user(storage)
    token = refresh_token(now, generation=generation, absolute=absolute)
    session = Session.begin(token, owner.id, now)
    assert await storage.sessions.add(session, password_version=1)
    return Opened(user=owner, token=token, session=session)


async def found_session(storage: Storage, token: RefreshToken) -> UserSession:
    """Return a session, which must be stored."""
    found = await storage.sessions.find(token.session_id)
    assert found is not None
    return found


def out_of_order(rows: Sequence[Row]) -> list[Row]:
    """Return rows in an order that is neither that of their insertion nor its reverse."""
    return [*rows[1::2], *rows[::2]]


def offsets(*instants: datetime) -> set[timedelta | None]:
    """Return the UTC offsets of instants: those of aware UTC datetimes are all zero."""
    return {instant.utcoffset() for instant in instants}


def winners(outcomes: Sequence[object], loss: type[Exception]) -> int:
    """Count the calls that succeeded; all others must have raised the error `loss`."""
    assert {type(outcome) for outcome in outcomes} <= {loss, type(None)}
    return sum(outcome is None for outcome in outcomes)
