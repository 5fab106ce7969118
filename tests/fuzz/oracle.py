"""What a session's life comes to: the tables of docs/flow.md, written down once more.

It knows nothing of how the service is built and shares no code with it.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

GRACE: Final = timedelta(seconds=10)
IDLE: Final = timedelta(days=7)
ABSOLUTE: Final = timedelta(days=30)
ACCESS: Final = timedelta(minutes=15)
LEEWAY: Final = timedelta(seconds=5)  # that another replica's clock may be ahead
PER_USER: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What an answer comes to, without what differs from one service to another.

    Attributes:
        code: The problem's, or "ok".
        reason: Why the session ended, if that is the problem.
        generation: Of the refresh token that came with it.
        lasts: What is left of the session, in whole seconds.
        role: Of the access token that came with it, or of the user that is shown.
    """

    code: str = "ok"
    reason: str | None = None
    generation: int | None = None
    lasts: int | None = None
    role: str | None = None


INVALID: Final = Outcome(code="refresh_token_invalid")
LOGGED_OUT: Final = Outcome()


@dataclass(slots=True, kw_only=True, eq=False)
class Person:
    """A user: the numbers of address and password, the role, whether they are shut out or gone."""

    number: int
    address: int = -1
    password: int = 0
    role: str = "USER"
    is_disabled: bool = False
    is_deleted: bool = False

    def __post_init__(self) -> None:
        """Begin with an address of one's own."""
        if self.address < 0:
            self.address = self.number


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What the database keeps of a session that lives."""

    generation: int
    rotated_at: datetime
    previously_rotated_at: datetime | None


@dataclass(slots=True, kw_only=True)
class Life:
    """A session.

    Attributes:
        born: When the login was, in milliseconds, and as which of all.
        rows: The row after each commit that was not lost; the last one counts.
        audit: How often what happened to it.
        role: In its last access token.
        issued_at: When that was issued.
    """

    person: Person
    born: tuple[int, int]
    expires_at: datetime
    rows: list[Row]
    role: str
    issued_at: datetime
    ended: str | None = None
    audit: Counter[str] = field(default_factory=lambda: Counter(["login_succeeded"]))

    @property
    def row(self) -> Row:
        """The row as it is."""
        return self.rows[-1]

    def end(self, reason: str) -> None:
        """End it, unless it has ended."""
        if self.ended is None:
            self.ended = reason
            self.audit["session_ended"] += 1

    def end_reason_at(self, now: datetime) -> str | None:
        """Tell why it is over (R2), or None."""
        if self.ended is None and now >= min(self.expires_at, self.row.rotated_at + IDLE):
            return "expired"
        return self.ended

    def is_recent(self, retired_at: datetime | None, now: datetime) -> bool:
        """Tell whether a token that was retired then still counts as honest."""
        return retired_at is not None and now - retired_at <= GRACE

    def told(self, now: datetime) -> Outcome:
        """Give the current tokens."""
        self.role, self.issued_at = self.person.role, now.replace(microsecond=0)
        left = min(self.expires_at, self.row.rotated_at + IDLE) - now
        return Outcome(
            generation=self.row.generation, lasts=int(left.total_seconds()), role=self.role
        )


class Oracle:
    """Foresees every answer."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self.lives: list[Life] = []

    def login(self, person: Person, password: int, carried: Life | None, now: datetime) -> Outcome:
        """Log in, with the cookie of a session or without one (L3, L4, S8)."""
        if person.is_disabled or person.is_deleted or password != person.password:
            return Outcome(code="invalid_credentials")
        life = Life(
            person=person,
            born=(milliseconds(now), len(self.lives)),
            expires_at=(now + ABSOLUTE).replace(microsecond=0),
            rows=[Row(generation=0, rotated_at=now, previously_rotated_at=None)],
            role=person.role,
            issued_at=now,
        )
        self.lives.append(life)
        if carried is not None and now < carried.expires_at:
            carried.end("replaced")
        idlest_last = sorted(
            (own for own in self.of(person) if own.ended is None),
            key=lambda own: (own.row.rotated_at, own.born),
            reverse=True,
        )
        for old in idlest_last[PER_USER:]:
            old.end("replaced")
        return life.told(now)

    def refresh(self, life: Life, generation: int, now: datetime, tabs: int = 1) -> Outcome:
        """Present a token of a generation, in so many tabs at once (R1 to R8, R10)."""
        if now >= life.expires_at:
            return INVALID
        if reason := life.end_reason_at(now):
            return Outcome(code="session_ended", reason=reason)
        row, ahead = life.row, generation - life.row.generation
        if ahead in {0, 1}:
            life.rows.append(
                Row(
                    generation=generation + 1,
                    rotated_at=now,
                    previously_rotated_at=row.rotated_at,
                )
            )
            life.audit["refresh_fast_forwarded"] += ahead
            life.audit["refresh_replayed"] += tabs - 1
            return life.told(now)
        if ahead == -1 and life.is_recent(row.rotated_at, now):
            life.audit["refresh_replayed"] += tabs
            return life.told(now)
        if ahead == -2 and life.is_recent(row.previously_rotated_at, now):
            life.audit["refresh_superseded"] += tabs
            return Outcome(code="refresh_token_superseded")
        life.audit["refresh_never_issued" if ahead > 0 else "refresh_reused"] += 1
        life.end("reuse_detected")
        return Outcome(code="session_ended", reason="reuse_detected")

    def logout(self, life: Life, now: datetime) -> Outcome:
        """Log out with a token of any generation (O1, O2)."""
        if now < life.expires_at:
            life.end("logged_out")
        return LOGGED_OUT

    def authenticate(self, life: Life, now: datetime) -> Outcome:
        """Use the last access token where the database isn't asked (A1, A6)."""
        if life.issued_at > now + LEEWAY or now >= life.issued_at + ACCESS:
            return Outcome(code="access_token_invalid")
        return Outcome()

    def me(self, life: Life, now: datetime) -> Outcome:
        """Use the last access token where the database is asked (A5)."""
        is_true = life.end_reason_at(now) is None and life.role == life.person.role
        if self.authenticate(life, now) != Outcome() or not is_true:
            return Outcome(code="access_token_invalid")
        return Outcome(role=life.role)

    def end_all(self, person: Person, reason: str) -> None:
        """End all sessions of a user (S7)."""
        for life in self.of(person):
            life.end(reason)

    def of(self, person: Person) -> list[Life]:
        """Give the sessions of a user."""
        return [life for life in self.lives if life.person is person]


def milliseconds(at: datetime) -> int:
    """Return an instant as identifiers have it: in whole milliseconds since 1970."""
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
