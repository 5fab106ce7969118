"""How fast passwords may be tried (docs/flow.md, L2 and L7).

An attempt is counted in three places, one after the other. The first count that is full refuses:

1. the client's address, over all accounts;
2. this account from this address;
3. this account from all addresses that have never signed in to it, together.

An attacker who guesses from one place fills count 2, and from many places count 3. The address of
the owner is known from an earlier login, so the owner is only counted in 1 and 2.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from latchkey.domain.throttling.rate import Rate
from latchkey.domain.throttling.throttle import Admission, Count, Exemption, Throttle

STRANGERS_SHARE: Final = 5  # all unknown addresses together try an account as often as five do
KNOWN_FOR: Final = timedelta(days=400)
"""How long an address stays known to an account after the last login from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginLimits:
    """How fast logins may be tried; None turns a limit off.

    Attributes:
        account: For one account from one address; all unknown addresses together have
            `STRANGERS_SHARE` times as much.
        address: For one address over all accounts.
    """

    account: Rate | None
    address: Rate | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginThrottle:
    """Counts attempts to log in, to known and unknown accounts alike.

    Accounts are canonical e-mail addresses, or any other text that was typed; addresses are what
    `network_of` returns.
    """

    throttle: Throttle
    limits: LoginLimits

    async def admit(self, account: str, address: str, now: datetime) -> Admission:
        """Count an attempt.

        Returns:
            How long to wait, and whether the account knows the address. While the limit of an
            account is off, addresses are not told apart: all count as known.
        """
        admission = await self.throttle.admit(*self._counts(account, address), now=now)
        return admission if self.limits.account else replace(admission, is_exempt=True)

    async def hit(self, account: str, address: str, now: datetime) -> timedelta | None:
        """Count an attempt.

        Returns:
            None if it may go on; otherwise how long to wait, timedelta > 0.
        """
        return (await self.admit(account, address, now)).wait

    async def clear(self, account: str, address: str, now: datetime) -> None:
        """Take back what a successful login has counted, and make its address known.

        This forgets the failures at this account from this address, and no failures elsewhere.
        """
        counts = self._counts(account, address)
        await self.throttle.clear(*counts, now=now, grant=_known(account, address))

    def _counts(self, account: str, address: str) -> Iterator[Count]:
        per_account, per_address = self.limits.account, self.limits.address
        if per_address is not None:
            yield Count(purpose="login.address", parts=(address,), rate=per_address, is_shared=True)
        if per_account is not None:
            yield Count(purpose="login.pair", parts=(account, address), rate=per_account)
            yield Count(
                purpose="login.strangers",
                parts=(account,),
                rate=per_account.times(STRANGERS_SHARE),
                is_shared=True,
                exemption=_known(account, address),
            )


def _known(account: str, address: str) -> Exemption:
    return Exemption(purpose="login.known", parts=(account, address), lifetime=KNOWN_FOR)
