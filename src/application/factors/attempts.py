"""How often a second factor may be tried.

Attempts are counted per account: over all kinds of factors, challenges, sessions and addresses. A
user who is asked for a factor has proven the password, so nobody else can fill the count. A right
password takes nothing back. Otherwise who knows the password could guess codes without end.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from latchkey.domain.accounts.user import UserId
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.kernel.errors import RetryLaterError
from latchkey.domain.throttling.errors import TooManyAttemptsError
from latchkey.domain.throttling.rate import Rate
from latchkey.domain.throttling.throttle import Count, Throttle


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorAttempts:
    """Counts attempts.

    Attributes:
        rate: How often the factors of one account may be tried, or None for no limit.
    """

    throttle: Throttle
    rate: Rate | None
    clock: Clock

    @asynccontextmanager
    async def counted(self, user_id: UserId) -> AsyncIterator[None]:
        """Count an attempt before it is looked at; take it back if it could not be checked.

        Raises:
            TooManyAttemptsError: The count is full. A right code is refused like a wrong one.
        """
        wait = await self.throttle.hit(*self._counts(user_id), now=self.clock.now())
        if wait is not None:
            raise TooManyAttemptsError(wait)
        try:
            yield
        except RetryLaterError:
            with suppress(RetryLaterError):  # the count expires anyway
                await self.throttle.refund(*self._counts(user_id), now=self.clock.now())
            raise

    async def succeed(self, user_id: UserId) -> None:
        """Take all attempts back, because a sign-in with a second factor is complete."""
        await self.throttle.succeed(*self._counts(user_id), now=self.clock.now())

    def _counts(self, user_id: UserId) -> Iterator[Count]:
        if self.rate is not None:
            yield Count(purpose="factor", parts=(user_id.hex,), rate=self.rate)
