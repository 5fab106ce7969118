"""Which keys verify, and which one of them signs."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from latchkey.adapters.keys.key import SigningKey, VerifyingKey


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
class KeySet:
    """A key that signs, and all keys whose signatures are accepted.

    Attributes:
        signing: Signs everything that is new.
        verifying: Includes the verifying part of `signing`. Pass only this to code that must not
            sign.
    """

    signing: SigningKey
    verifying: VerifyingKeySet

    def __post_init__(self) -> None:
        """Check that what is signed can be verified.

        Raises:
            ValueError: The verifying part of `signing` is not in `verifying`.
        """
        key = self.signing.verifying
        if self.verifying.find(key.kid) is not key:
            raise ValueError(f"the key {key.kid} signs, but is not among those that verify")

    @classmethod
    def in_order(cls, keys: Sequence[SigningKey]) -> Self:
        """Create a set from a list of keys: the first key signs, all keys verify.

        Raises:
            ValueError: The list is empty, or two keys have the same `kid`.
        """
        if not keys:
            raise ValueError("a set of keys needs one that signs")
        return cls(signing=keys[0], verifying=VerifyingKeySet(key.verifying for key in keys))
