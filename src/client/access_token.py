"""The access token, and when it is time for the next one."""

import time
from dataclasses import dataclass, field
from typing import Final, Self

from latchkey.client.waiting import jitter

_MARGIN: Final = 30.0  # s; with the jitter, up to twice as long before it expires


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessToken:
    """An opaque text, which is kept in memory only.

    Attributes:
        value: The token.
        good_for: Seconds from its arrival until it is renewed.
        wall: When it arrived, by the wall clock, in Unix seconds.
        steady: When it arrived, by a clock that nobody sets, in seconds. While the computer
            sleeps this clock may stand still, which the wall clock does not.
    """

    value: str = field(repr=False)
    good_for: float
    wall: float
    steady: float

    @classmethod
    def arrived(cls, value: str, expires_in: float) -> Self:
        """Create the token of a response that has just arrived.

        Args:
            value: The token.
            expires_in: Seconds, > 0.
        """
        return cls(
            value=value,
            good_for=renewal_delay(expires_in, jitter()),
            wall=time.time(),
            steady=time.monotonic(),
        )

    @property
    def is_due(self) -> bool:
        """Whether it expires soon, or the wall clock was set back, so that nobody knows."""
        by_wall, by_steady = time.time() - self.wall, time.monotonic() - self.steady
        return by_wall < 0 or max(by_wall, by_steady) >= self.good_for


def renewal_delay(expires_in: float, by_chance: float) -> float:
    """Return when to renew a token, in seconds from its arrival.

    This is half a minute to a minute before it expires, or earlier in proportion if it expires
    within two minutes.

    Args:
        expires_in: Seconds, > 0.
        by_chance: From 0 up to 1; keeps clients that began together from refreshing together.
    """
    return expires_in - min(_MARGIN, expires_in / 4) * (1 + by_chance)
