"""Where lives of sessions are lived, and what browsers hold of them."""

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from fuzz.factor_sides import FactorSide
from fuzz.link_sides import LinkSide
from fuzz.oracle import Life
from fuzz.passkey_sides import PasskeySide
from fuzz.sides import Reply, Side
from latchkey.testing.frozen_clock import FrozenClock

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class World:
    """Where lives are lived: sides that share a clock, and the loop that they run in.

    `links`, `factors` and `passkeys` have the ways to these things of the same sides.
    """

    runner: asyncio.Runner
    clock: FrozenClock
    sides: Sequence[Side]
    links: Sequence[LinkSide]
    factors: Sequence[FactorSide]
    passkeys: Sequence[PasskeySide]

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Wait for something to be done."""
        return self.runner.run(work)


@dataclass(slots=True)
class Held:
    """What the browser of a session holds.

    Attributes:
        generation: Of the token in its cookie jar.
        first: The session's first refresh token on each side, of which all others can be made.
        access: Its last access token on each side.
    """

    life: Life
    generation: int = 0
    first: dict[str, str] = field(default_factory=dict)
    access: dict[str, str] = field(default_factory=dict)

    def keep(self, side: Side, reply: Reply) -> None:
        """Keep the tokens of a reply, which are those that were to be expected."""
        if reply.outcome.generation is not None:
            self.first.setdefault(side.name, reply.refresh)
            assert reply.refresh == side.token(self.first[side.name], reply.outcome.generation)
            self.access[side.name] = reply.access
