"""How fast passwords may be tried (docs/flow.md, L2 and L7 to L9).

An attempt is counted in several places, one after the other. The first count that is full refuses:

1. the client's network, over all accounts; an IPv6 address is in three, each with its own limit;
2. this account from this network;
3. this account from everywhere, together.

An attacker who guesses from one place fills count 2, and from many places count 3. An attempt from
a device that the account knows is counted by itself, in none of the three:

4. this account from this device.

So nobody without the owner's device token slows the owner's device down. At last, an attempt needs
room for a success:

5. logins to this account that succeed, from everywhere.

Failures leave count 5 alone, so only those who know the password can fill it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from latchkey.domain.throttling.device import Device
from latchkey.domain.throttling.rate import Rate
from latchkey.domain.throttling.throttle import Count, Counting, Throttle

STRANGERS_SHARE: Final = 5  # all strangers together try an account as often as five networks do
WIDTHS: Final = (1, 4, 16)
"""How many times the limit of a client's narrowest network it and the wider ones have.

A site of 65,536 IPv6 lines can so make as many attempts as 16 IPv4 addresses, and a home of 256
lines as many as four. A provider that has one customer on each line has many in a site, so the
limits of the wider networks are higher.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginLimits:
    """How fast logins may be tried; None turns a limit off.

    Attributes:
        account: For one account from one network or device; all strangers together have
            `STRANGERS_SHARE` times as much.
        address: For one network over all accounts; wider networks have more, see `WIDTHS`.
        successes: For logins to one account that succeed.
    """

    account: Rate | None
    address: Rate | None
    successes: Rate | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginClient:
    """Who tries to log in to which account.

    Attributes:
        account: The canonical e-mail address, or any other text that was typed.
        networks: What `networks_of` returns.
        device: The device, if the account knows it.
    """

    account: str = field(repr=False)
    networks: Sequence[str]
    device: Device | None = None

    def with_password(self, version: int | None) -> "LoginClient":
        """Return the client as a stranger if its device was last used with another password.

        Args:
            version: The current version of the password, or None if there is no such account.
        """
        if self.device is None or self.device.password_version == version:
            return self
        return replace(self, device=None)

    @property
    def queues_as(self) -> tuple[str, ...]:
        """Whose shares of the hasher's queue an attempt needs.

        The known devices of an account have one share together, which strangers cannot take.
        """
        if self.device is not None:
            return (f"devices of {self.account}",)
        return (f"account {self.account}", *(f"network {network}" for network in self.networks))


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginThrottle:
    """Counts attempts to log in, to known and unknown accounts alike."""

    throttle: Throttle
    limits: LoginLimits

    async def hit(self, client: LoginClient, now: datetime) -> timedelta | None:
        """Count an attempt.

        Returns:
            None if the login may go on; otherwise how long to wait, timedelta > 0.
        """
        return await self.throttle.hit(*self._counts(client), now=now)

    async def refund(self, client: LoginClient, now: datetime) -> None:
        """Take back an attempt whose password was never checked."""
        await self.throttle.refund(*self._counts(client), now=now)

    async def succeed(self, client: LoginClient, now: datetime) -> None:
        """Take back what a successful login has counted, and count the success.

        This forgets the failures at this account from this network or device, and none elsewhere.
        """
        await self.throttle.succeed(*self._counts(client), now=now)

    async def hit_networks(self, client: LoginClient, now: datetime) -> timedelta | None:
        """Count an attempt with a passkey, whose account is not known yet. Returns as `hit` does.

        Nobody can guess a passkey, so there is no count for an account that could be full.
        """
        return await self.throttle.hit(*self._of_networks(client.networks), now=now)

    async def refund_networks(self, client: LoginClient, now: datetime) -> None:
        """Take back an attempt with a passkey that was never checked."""
        await self.throttle.refund(*self._of_networks(client.networks), now=now)

    async def succeed_with_passkey(self, client: LoginClient, now: datetime) -> None:
        """Take back what a login with a passkey has counted, and count the success."""
        counts = (*self._of_networks(client.networks), *self._of_successes(client))
        await self.throttle.succeed(*counts, now=now)

    def _counts(self, client: LoginClient) -> Iterator[Count]:
        if client.device is None:
            yield from self._of_networks(client.networks)
        if self.limits.account is not None:
            yield from _of_account(client, self.limits.account)
        yield from self._of_successes(client)

    def _of_successes(self, client: LoginClient) -> Iterator[Count]:
        if self.limits.successes is not None:
            yield Count(
                purpose="login.successes",
                parts=(client.account,),
                rate=self.limits.successes,
                counting=Counting.SUCCESSES,
            )

    def _of_networks(self, networks: Sequence[str]) -> Iterator[Count]:
        if self.limits.address is None:
            return
        for network, width in zip(networks, WIDTHS, strict=False):  # IPv4 has no wider ones
            yield Count(
                purpose="login.address",
                parts=(network,),
                rate=self.limits.address.times(width),
                counting=Counting.SHARED,
            )


def _of_account(client: LoginClient, rate: Rate) -> Iterator[Count]:
    account, device = client.account, client.device
    if device is not None:
        yield Count(purpose="login.device", parts=(account, device.id.hex()), rate=rate)
        return
    yield Count(purpose="login.pair", parts=(account, client.networks[0]), rate=rate)
    yield Count(
        purpose="login.strangers",
        parts=(account,),
        rate=rate.times(STRANGERS_SHARE),
        counting=Counting.SHARED,
    )
