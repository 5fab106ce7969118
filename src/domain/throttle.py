"""How fast passwords may be tried, and the port that counts the attempts.

An attempt is counted in three places, one after the other; the first that is full refuses it and
the later ones aren't touched, so that nobody can use up what belongs to others:

1. the client address, over all accounts;
2. this account from this address;
3. this account from all addresses that it was never logged in from.

Whoever guesses from one place fills 2, whoever guesses from many fills 3, and the owner, whose
address is known by an earlier login, is counted in 1 and 2 alone.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, ip_address, ip_network
from typing import Final

STRANGERS_SHARE: Final = 5  # all strange addresses together try an account as often as five do

_IPV6_PREFIX: Final = 64  # bits: what a single line is given, to take any address of it


def source_of(address: str) -> str:
    """Tell what is counted as one client: an IPv4 address, or an IPv6 network.

    Args:
        address: An IP address; anything else, such as "", is a source by itself.

    Source: RFC 4291, sections 2.5.4 and 2.5.5.2; RFC 6177.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ip_network((parsed, _IPV6_PREFIX), strict=False))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """So many attempts in so much time: at once or spread, one comes back each `interval`.

    Attributes:
        count: Attempts, >= 1.
        period: timedelta > 0.
    """

    count: int
    period: timedelta

    @property
    def interval(self) -> timedelta:
        """How long one attempt takes to be forgotten, in whole microseconds.

        Rounded down, for `count` of them must fit into the period.
        """
        return self.period // self.count

    def times(self, factor: int) -> "Rate":
        """Allow so many times as many attempts in the same time."""
        return Rate(count=self.count * factor, period=self.period)

    def wait(self, full_until: datetime | None, now: datetime) -> timedelta | None:
        """Tell how long the next attempt has to wait, or None if it may go on.

        The generic cell rate algorithm: one instant per count says all.

        Args:
            full_until: When all counted attempts will be forgotten; None for none counted.
            now: The instant of the attempt.

        Source: ITU-T I.371, annex A (virtual scheduling).
        """
        wait = self.counted(full_until, now) - now - self.period
        return wait if wait > timedelta(0) else None

    def counted(self, full_until: datetime | None, now: datetime) -> datetime:
        """Count an attempt: give the new instant at which all will be forgotten."""
        return max(full_until or now, now) + self.interval


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginLimits:
    """How fast logins may be tried; None turns a limit off.

    Attributes:
        account: For one account from one address; all strange addresses together have
            `STRANGERS_SHARE` times as much.
        address: For one address over all accounts.
    """

    account: Rate | None
    address: Rate | None


class LoginThrottle(ABC):
    """Counts attempts to log in for all replicas together."""

    @abstractmethod
    async def admit(self, account: str, address: str, now: datetime) -> timedelta | None:
        """Count an attempt, known account or not, in one atomic step.

        Args:
            account: The canonical e-mail address that is tried, or any other text.
            address: Where the client is, as `source_of` tells.
            now: The instant of the attempt.

        Returns:
            None if it may go on; otherwise how long to wait, timedelta > 0.
        """

    @abstractmethod
    async def absolve(self, account: str, address: str, now: datetime) -> None:
        """Take back what a login that succeeded has counted, and know its address from now on.

        What failed from this address at this account is forgotten; what failed elsewhere isn't.
        """

    @abstractmethod
    async def prune(self, now: datetime, *, limit: int) -> int:
        """Delete at most `limit` counts that say nothing any more; tell how many.

        While somebody else prunes, none are.
        """
