"""How often a password may be tried besides logins (docs/flow.md, LK5 and CP1).

Strangers can fill the counts of logins (docs/flow.md, L2). They must not keep the owner of an
account from changing the password meanwhile. So attempts with a link, and attempts in a session,
are counted by themselves: only who holds the link, or the session, can fill its count.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from uuid import UUID

from latchkey.domain.kernel.clock import Clock
from latchkey.domain.kernel.errors import RetryLaterError
from latchkey.domain.links.link_token import LinkId
from latchkey.domain.sessions.session_id import SessionId
from latchkey.domain.throttling.errors import TooManyAttemptsError
from latchkey.domain.throttling.rate import Rate
from latchkey.domain.throttling.throttle import Count, Throttle


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who tries a password: the holder of one link, or of one session.

    Attributes:
        purpose: What is counted, such as "password.link".
        id: That of the link or the session.
    """

    purpose: str
    id: UUID

    @property
    def queues_as(self) -> tuple[str, ...]:
        """Whose share of the hasher's queue an attempt needs."""
        return (f"{self.purpose} {self.id}",)


def of_link(link_id: LinkId) -> Holder:
    """Return the holder of a link."""
    return Holder(purpose="password.link", id=link_id)


def of_session(session_id: SessionId) -> Holder:
    """Return the holder of a session."""
    return Holder(purpose="password.session", id=session_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordAttempts:
    """Counts attempts.

    Attributes:
        rate: How often one holder may try, or None for no limit.
    """

    throttle: Throttle
    rate: Rate | None
    clock: Clock

    @asynccontextmanager
    async def counted(self, holder: Holder) -> AsyncIterator[None]:
        """Count an attempt, and take it back if its password could not be checked.

        Raises:
            TooManyAttemptsError: The count is full.
        """
        wait = await self.throttle.hit(*self._counts(holder), now=self.clock.now())
        if wait is not None:
            raise TooManyAttemptsError(wait)
        try:
            yield
        except RetryLaterError:
            with suppress(RetryLaterError):  # the count expires anyway
                await self.throttle.refund(*self._counts(holder), now=self.clock.now())
            raise

    def _counts(self, holder: Holder) -> Iterator[Count]:
        if self.rate is not None:
            yield Count(purpose=holder.purpose, parts=(holder.id.hex,), rate=self.rate)
