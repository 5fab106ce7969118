"""How many mails strangers may ask for (docs/flow.md, PR4).

A request is counted in several places, one after the other. The first count that is full refuses:

1. the client's network, for all addresses; an IPv6 address is in three, each with its own limit;
2. this address, asked for from this network;
3. this address, asked for from everywhere, together.

Whether the address is a user's makes no difference. Requests that were refused count only where
there was room.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from latchkey.domain.accounts.email_address import EmailAddress
from latchkey.domain.mail.errors import TooManyMailsError
from latchkey.domain.throttling.rate import Rate
from latchkey.domain.throttling.source import networks_of
from latchkey.domain.throttling.throttle import Count, Counting, Throttle

STRANGERS_SHARE: Final = 5  # all together may ask for mails to an address as often as five networks
WIDTHS: Final = (1, 4, 16)  # how many times the narrowest network's limit it and wider ones have


@dataclass(frozen=True, slots=True, kw_only=True)
class MailLimits:
    """How many mails may be asked for; None turns a limit off.

    Attributes:
        address: To one address from one network; everybody together has `STRANGERS_SHARE` times
            as much.
        source: From one network to all addresses; wider networks have more, see `WIDTHS`.
    """

    address: Rate | None
    source: Rate | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MailThrottle:
    """Counts the mails that strangers ask for."""

    throttle: Throttle
    limits: MailLimits

    async def hit(self, email: EmailAddress, client: str, now: datetime) -> None:
        """Count a request for a mail.

        Args:
            email: The address that the mail is asked for.
            client: The client's IP address, or "".
            now: The instant of the request, aware UTC.

        Raises:
            TooManyMailsError: A count is full.
        """
        wait = await self.throttle.hit(*self._counts(email.canonical, networks_of(client)), now=now)
        if wait is not None:
            raise TooManyMailsError(wait)

    def _counts(self, address: str, networks: Sequence[str]) -> Iterator[Count]:
        shared = Counting.SHARED
        if (rate := self.limits.source) is not None:
            for network, width in zip(networks, WIDTHS, strict=False):  # IPv4 has no wider ones
                wide = rate.times(width)
                yield Count(purpose="mail.source", parts=(network,), rate=wide, counting=shared)
        if (rate := self.limits.address) is not None:
            yield Count(purpose="mail.pair", parts=(address, networks[0]), rate=rate)
            everybody = rate.times(STRANGERS_SHARE)
            yield Count(purpose="mail.address", parts=(address,), rate=everybody, counting=shared)
