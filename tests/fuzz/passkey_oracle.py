"""What passkeys come to: Y8, Y13 and Y14 of docs/flow.md, written once more."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from typing_extensions import override

from fuzz.factor_oracle import LASTS, OK, Challenge, FactorOracle, signed_in_at
from fuzz.oracle import Life, Oracle, Outcome, Person, milliseconds
from latchkey.testing.soft_authenticator import Json, SoftPasskey

MOST: Final = 10
INVALID: Final = Outcome(code="challenge_invalid")


@dataclass(slots=True, kw_only=True, eq=False)
class Key:
    """A passkey: what differs from side to side, and the last challenge that it has answered."""

    person: Person
    made: dict[str, SoftPasskey] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    last: tuple[int, int] | None = None


@dataclass(slots=True, kw_only=True, eq=False)
class Asked:
    """A challenge for a passkey, any passkey.

    Attributes:
        at: When it was issued, in milliseconds, and as which of all.
    """

    at: tuple[int, int]
    issued_at: datetime
    options: dict[str, Json] = field(default_factory=dict)


class PasskeyOracle(FactorOracle):
    """Foresees every answer about passkeys, of users who have no other factor."""

    def __init__(self, oracle: Oracle) -> None:
        """Share the sessions."""
        super().__init__(oracle)
        self._keys: defaultdict[int, list[Key]] = defaultdict(list)

    def keys(self, person: Person) -> list[Key]:
        """Return the passkeys of a person, oldest first."""
        return self._keys[person.number]

    @override
    def challenge(self, person: Person, password: int, now: datetime) -> Challenge | None:
        is_right = password == person.password and not person.is_disabled
        if not is_right or not self.keys(person):
            return None
        return Challenge(person=person, password=password, expires_at=now + LASTS)

    def begin_key(self, life: Life, now: datetime) -> Outcome:
        """Begin to add a passkey (F26)."""
        if refused := self._refused(life, now):
            return refused
        is_full = len(self.keys(life.person)) == MOST
        return Outcome(code="too_many_passkeys") if is_full else OK

    def add_key(self, life: Life, key: Key, now: datetime) -> Outcome:
        """Add a passkey right after that (F30, Y14)."""
        self.keys(life.person).append(key)
        life.audit["second_factor_added"] += 1
        return self._replace(life, now, now)

    def remove_key(self, life: Life, key: Key, now: datetime) -> Outcome:
        """Remove a passkey, perhaps somebody else's (F31)."""
        if refused := self._refused(life, now):
            return refused
        if key not in self.keys(life.person):
            return Outcome(code="factor_not_found")
        self.keys(life.person).remove(key)
        life.audit["second_factor_removed"] += 1
        return self._replace(life, signed_in_at(life), now)

    @override
    def remove(self, life: Life, now: datetime) -> Outcome:
        if refused := self._refused(life, now):
            return refused
        if not self.keys(life.person):
            return Outcome(code="factor_not_found")
        self.keys(life.person).clear()
        life.audit["second_factors_removed"] += 1
        return self._replace(life, signed_in_at(life), now)

    @override
    def reset(self, person: Person) -> None:
        if self.keys(person):
            self.keys(person).clear()
            self._oracle.end_all(person, "revoked")

    def ask(self, now: datetime, number: int) -> Asked:
        """Ask for a challenge (F21)."""
        return Asked(at=(milliseconds(now), number), issued_at=now)

    def sign_in(self, key: Key, asked: Asked, now: datetime) -> Outcome:
        """Sign in with a passkey and a challenge, new or not (F22, Y8)."""
        issued = milliseconds(asked.issued_at)
        if milliseconds(now) >= issued + LASTS.total_seconds() * 1_000:
            return INVALID
        if key not in self.keys(key.person):
            return Outcome(code="passkey_unknown")
        if key.person.is_disabled:
            return Outcome(code="passkey_invalid")
        if key.last is not None and asked.at <= key.last:
            return INVALID
        key.last = asked.at
        return self._oracle.login(key.person, key.person.password, None, now)
