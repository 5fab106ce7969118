"""Which keys verify, and which one of them signs at an instant."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final, Self

from latchkey.adapters.keys.key import PublicKey, SigningKey, VerifyingKey

ALWAYS: Final = datetime.min.replace(tzinfo=UTC)
"""The start of a key that has no other."""


class VerifyingKeySet:
    """Keys that verify, each found by its `kid`. Nothing in the set can sign."""

    __slots__ = ("_by_kid",)

    def __init__(self, keys: Iterable[VerifyingKey]) -> None:
        """Create a set.

        Raises:
            ValueError: Two keys have the same `kid`, so a token could not say which one it means.
        """
        self._by_kid: dict[str, VerifyingKey] = {}
        for key in keys:
            if self._by_kid.setdefault(key.kid, key) is not key:
                raise ValueError(f"two keys have the kid {key.kid}")

    def __iter__(self) -> Iterator[VerifyingKey]:
        """Iterate over the keys, in the order in which they were given."""
        return iter(self._by_kid.values())

    def find(self, kid: str) -> VerifyingKey | None:
        """Return the key with this `kid`, or None."""
        return self._by_kid.get(kid)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """When a key signs, and how long its signatures are accepted.

    Attributes:
        starts_at: From when it signs, aware UTC.
        accepted_until: When its last token has expired, aware UTC; None while no other key has
            been named to take over.
    """

    key: SigningKey
    starts_at: datetime = ALWAYS
    accepted_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySet:
    """Keys that sign one after another, and all keys whose signatures are accepted.

    The plan is made when the process starts, and is the same in all processes with the same
    configuration. So a key takes over in all of them at one instant, without a message or a
    restart, and looking up which key signs asks nothing but the clock.

    Attributes:
        turns: The keys that sign, in the order of their starts. The first also signs before its
            start, so that there is always a key that signs.
        verifying: Has the verifying part of all `turns`, too. Pass only this to code that must
            not sign.
        guards: Symmetric keys. The first makes the MAC inside a token that a public key verifies,
            and all of them check it before the signature is verified. Empty for no such MAC.
    """

    turns: tuple[Turn, ...]
    verifying: VerifyingKeySet
    guards: tuple[SigningKey, ...] = ()

    def __post_init__(self) -> None:
        """Check that there is a key that signs, and that what is signed can be verified.

        Raises:
            ValueError: `turns` is empty, or the verifying part of one is not in `verifying`.
        """
        if not self.turns:
            raise ValueError("a set of keys needs one that signs")
        for turn in self.turns:
            key = turn.key.verifying
            if self.verifying.find(key.kid) is not key:
                raise ValueError(f"the key {key.kid} signs, but is not among those that verify")

    @classmethod
    def in_order(cls, keys: Sequence[SigningKey]) -> Self:
        """Create a set from a list that is rotated by hand: the first key signs, all keys verify.

        Raises:
            ValueError: The list is empty, or two keys have the same `kid`.
        """
        return cls(
            turns=tuple(Turn(key=key) for key in keys[:1]),
            verifying=VerifyingKeySet(key.verifying for key in keys),
        )

    @classmethod
    def in_turns(
        cls,
        starts: Iterable[tuple[SigningKey, datetime]],
        *,
        kept: timedelta,
        also: Iterable[VerifyingKey] = (),
        guards: Iterable[SigningKey] = (),
    ) -> Self:
        """Create the set of keys that take over from each other at given instants.

        Args:
            starts: Each key, and from when it signs.
            kept: How long a key is accepted after another took over.
            also: Keys that verify and do not sign.
            guards: See the attribute.

        Raises:
            ValueError: There is no key, or two have the same `kid`.
        """
        ordered = sorted(starts, key=lambda each: each[1])
        ends = [after + kept for (_, _), (_, after) in pairwise(ordered)]
        turns = tuple(
            Turn(key=key, starts_at=start, accepted_until=end)
            for (key, start), end in zip(ordered, [*ends, None], strict=True)
        )
        own = (turn.key.verifying for turn in turns)
        return cls(turns=turns, verifying=VerifyingKeySet([*own, *also]), guards=tuple(guards))

    @property
    def is_public(self) -> bool:
        """Whether others can verify what is signed, without being able to sign."""
        return any(isinstance(turn.key.verifying, PublicKey) for turn in self.turns)

    def signing_at(self, now: datetime) -> SigningKey:
        """Return the key that signs at an instant: the last that has started."""
        for turn in reversed(self.turns):
            if turn.starts_at <= now:
                return turn.key
        return self.turns[0].key

    def accepted_until(self, key: VerifyingKey) -> datetime | None:
        """Return the instant from which a key's signatures are rejected, or None for never."""
        ends = [turn.accepted_until for turn in self.turns if turn.key.verifying is key]
        return ends[0] if ends else None

    def published_at(self, now: datetime) -> tuple[PublicKey, ...]:
        """Return the public keys that others need: of what signs, signed lately, or will sign."""
        return tuple(
            turn.key.verifying
            for turn in self.turns
            if isinstance(turn.key.verifying, PublicKey)
            and (turn.accepted_until is None or now < turn.accepted_until)
        )
