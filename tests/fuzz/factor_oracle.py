"""What second factors come to: section Y of docs/flow.md, written once more.

It knows nothing of how the service is built and shares no code with it.
"""

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from fuzz.oracle import ABSOLUTE, Life, Oracle, Outcome, Person, Row, milliseconds

STEP: Final = 30  # s
FRESH: Final = timedelta(minutes=5)
LASTS: Final = timedelta(minutes=5)  # a challenge
CODES: Final = 10
OK: Final = Outcome()
REQUIRED: Final = Outcome(code="second_factor_required")
WRONG: Final = Outcome(code="second_factor_invalid")


def step_of(now: datetime) -> int:
    """Return the number of the step (RFC 6238, 4.2)."""
    return milliseconds(now) // (1_000 * STEP)


def code_of(secret: bytes, step: int) -> str:
    """Return the code of a step (RFC 4226, 5.3)."""
    mac = hmac.new(secret, step.to_bytes(8, "big"), hashlib.sha1).digest()
    at = mac[19] % 16
    return f"{(int.from_bytes(mac[at : at + 4], 'big') % 2**31) % 1_000_000:06}"


@dataclass(slots=True, kw_only=True, eq=False)
class App:
    """An authenticator app: what differs from side to side, and the last step that was spent."""

    ids: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, bytes] = field(default_factory=dict)
    spent: int | None = None

    def accepts(self, step: int, now: datetime) -> bool:
        """Tell whether the code of a step is good (Y3)."""
        return abs(step - step_of(now)) <= 1 and (self.spent is None or step > self.spent)


@dataclass(slots=True, kw_only=True, eq=False)
class Codes:
    """Recovery codes: their texts on each side, and which of them are left."""

    texts: dict[str, list[str]] = field(default_factory=dict)
    left: set[int] = field(default_factory=lambda: set(range(CODES)))


@dataclass(slots=True, kw_only=True, eq=False)
class Factors:
    """The second factors of a person."""

    app: App | None = None
    pending: App | None = None
    codes: Codes = field(default_factory=lambda: Codes(left=set()))


@dataclass(slots=True, kw_only=True, eq=False)
class Challenge:
    """A login that lacks its second factor."""

    person: Person
    password: int
    expires_at: datetime
    texts: dict[str, str] = field(default_factory=dict)


class FactorOracle:
    """Foresees every answer about second factors."""

    def __init__(self, oracle: Oracle) -> None:
        """Share the sessions."""
        self._oracle = oracle
        self._factors: dict[int, Factors] = {}

    def of(self, person: Person) -> Factors:
        """Return the factors of a person."""
        return self._factors.setdefault(person.number, Factors())

    def challenge(self, person: Person, password: int, now: datetime) -> Challenge | None:
        """Log in; return the challenge if the password was right and is not enough (Y1, Y2)."""
        is_right = password == person.password and not person.is_disabled
        if not is_right or self.of(person).app is None:
            return None
        expires_at = (now + LASTS).replace(microsecond=0)
        return Challenge(person=person, password=password, expires_at=expires_at)

    def refusal(self, challenge: Challenge, now: datetime) -> Outcome | None:
        """Tell why a challenge is no longer good, or None (Y1)."""
        person = challenge.person
        is_true = challenge.password == person.password and not person.is_disabled
        if now >= challenge.expires_at or not is_true or self.of(person).app is None:
            return Outcome(code="challenge_invalid")
        return None

    def answer_step(self, challenge: Challenge, step: int, now: datetime) -> Outcome:
        """Answer a challenge with the code of a step (Y3, Y4)."""
        if refusal := self.refusal(challenge, now):
            return refusal
        app = self.of(challenge.person).app
        if app is None or not app.accepts(step, now):
            return WRONG
        app.spent = step
        return self._oracle.login(challenge.person, challenge.password, None, now)

    def answer_code(self, challenge: Challenge, codes: Codes, place: int, now: datetime) -> Outcome:
        """Answer a challenge with a recovery code, of these codes or of former ones (Y6)."""
        if refusal := self.refusal(challenge, now):
            return refusal
        if codes is not self.of(challenge.person).codes or place not in codes.left:
            return WRONG
        codes.left.remove(place)
        return self._oracle.login(challenge.person, challenge.password, None, now)

    def begin(self, life: Life, now: datetime) -> Outcome:
        """Begin to add an app (F25, Y12)."""
        return self._refused(life, now) or OK

    def confirm(self, life: Life, app: App, step: int, now: datetime) -> Outcome:
        """Confirm an app with the code of a step (F29, Y14)."""
        factors = self.of(life.person)
        if refused := self._stale(life, now) or self._refused(life, now):
            return refused
        if app is not factors.pending:
            return Outcome(code="factor_not_found")
        if not app.accepts(step, now):
            life.audit["second_factor_failed"] += 1
            return Outcome(code="invalid_request")
        if factors.app is None:
            factors.codes = Codes()
        factors.app, factors.pending, app.spent = app, None, step
        life.audit["second_factor_added"] += 1
        return self._replace(life, now, now)

    def replace_codes(self, life: Life, now: datetime) -> Outcome:
        """Replace all recovery codes (F27)."""
        factors = self.of(life.person)
        if refused := self._refused(life, now):
            return refused
        if factors.app is None:
            return Outcome(code="factor_not_found")
        factors.codes = Codes()
        life.audit["recovery_codes_replaced"] += 1
        return self._replace(life, signed_in_at(life), now)

    def remove(self, life: Life, now: datetime) -> Outcome:
        """Remove app and codes (F28)."""
        if refused := self._refused(life, now):
            return refused
        if self.of(life.person).app is None:
            return Outcome(code="factor_not_found")
        self._factors[life.person.number] = Factors()
        life.audit["second_factors_removed"] += 1
        return self._replace(life, signed_in_at(life), now)

    def reset(self, person: Person) -> None:
        """Remove app and codes, as an operator (Y17)."""
        if self.of(person).app is not None:
            self._factors[person.number] = Factors()
            self._oracle.end_all(person, "revoked")

    def _refused(self, life: Life, now: datetime) -> Outcome | None:
        """Tell why a session must not change factors, or None."""
        me = self._oracle.me(life, now)
        return me if me.code != "ok" else self._stale(life, now)

    def _stale(self, life: Life, now: datetime) -> Outcome | None:
        """Tell whether the access token shows a login that is too long ago, or None (Y12)."""
        if (shown := self._oracle.authenticate(life, now)) != OK:
            return shown
        is_stale = now - signed_in_at(life) > FRESH
        return Outcome(code="reauthentication_required") if is_stale else None

    def _replace(self, life: Life, since: datetime, now: datetime) -> Outcome:
        """End all sessions, and open one that is as old as the login (Y14)."""
        person = life.person
        self._oracle.end_all(person, "revoked")
        new = Life(
            person=person,
            born=(milliseconds(since), len(self._oracle.lives)),
            expires_at=(since + ABSOLUTE).replace(microsecond=0),
            rows=[Row(generation=0, rotated_at=now, previously_rotated_at=None)],
            role=person.role,
            issued_at=now,
        )
        self._oracle.lives.append(new)
        return new.told(now)


def signed_in_at(life: Life) -> datetime:
    """Return when the login was, to the millisecond (Y12)."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=life.born[0])
