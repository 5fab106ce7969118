"""Sessions that rotate when they must not, or not as they must."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from latchkey.adapters.memory.sessions.sessions import MemorySessionRepository
from latchkey.adapters.memory.tables import Tables
from latchkey.domain.sessions.session import UserSession
from latchkey.testing.ports import SessionRepositorySuite
from unit.testing.broken.fault import Decision, Fault, step

Test = Callable[..., bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotating:
    """How a session is rotated: rightly, but for what is given."""

    secret: Test = lambda session, presented: session.secret_hash == presented.secret_hash
    generation: Test = lambda session, current: session.generation == current
    lives: Test = lambda found, now, idle: found.end_reason_at(now, idle) is None
    following: Callable[[Any, Any], int] = lambda _, presented: presented.generation + 1
    also: Callable[[Any, Any], dict[str, Any]] = lambda _session, _now: {}
    races: bool = False

    def method(self) -> Callable[..., Any]:
        async def rotate(
            repository: Any, presented: Any, *, current: int, now: Any, idle: Any
        ) -> Any:
            def decide(tables: Tables) -> Decision:
                session = tables.sessions.get(presented.session_id)
                if session is None or not self.secret(session, presented):
                    return None, []
                account = tables.accounts.get(session.user_id)
                assert account is not None
                found = UserSession(session=session, user=account.user)
                if not self.lives(found, now, idle) or not self.generation(session, current):
                    return None, []
                rotated = self._rotated(session, presented, now)
                return replace(found, session=rotated), [("sessions", session.id, rotated)]

            return await step(repository, decide, races=self.races)

        return rotate

    def _rotated(self, session: Any, presented: Any, now: Any) -> Any:
        changes = {
            "generation": self.following(session, presented),
            "rotated_at": now,
            "previously_rotated_at": session.rotated_at,
        }
        return replace(session, **(changes | self.also(session, now)))


def _rotations() -> Iterator[tuple[str, Any]]:
    yield "IgnoreTheSecret", Rotating(secret=lambda _session, _presented: True)
    yield "IgnoreTheGeneration", Rotating(generation=lambda _session, _current: True)
    yield (
        "IgnoreTheEnd",
        Rotating(
            lives=lambda found, now, idle: (
                not found.user.is_disabled
                and now < min(found.session.expires_at, found.session.rotated_at + idle)
            )
        ),
    )
    yield (
        "IgnoreTheUser",
        Rotating(lives=lambda found, now, idle: found.session.end_reason_at(now, idle) is None),
    )
    yield (
        "IgnoreTheAbsoluteLifetime",
        Rotating(
            lives=lambda found, now, idle: (
                replace(found, session=replace(found.session, expires_at=now + idle)).end_reason_at(
                    now, idle
                )
                is None
            )
        ),
    )
    yield (
        "IgnoreTheIdleLifetime",
        Rotating(
            lives=lambda found, now, _: found.end_reason_at(now, timedelta(days=1000)) is None
        ),
    )
    yield (
        "KnowOneIdleLifetime",
        Rotating(lives=lambda found, now, _: found.end_reason_at(now, timedelta(days=7)) is None),
    )
    yield (
        "LastAnInstantLonger",
        Rotating(
            lives=lambda found, now, idle: (
                found.end_reason_at(now - timedelta(microseconds=1), idle) is None
            )
        ),
    )
    yield (
        "LastASecondLess",
        Rotating(
            lives=lambda found, now, idle: (
                found.end_reason_at(now + timedelta(seconds=1), idle) is None
            )
        ),
    )
    yield "CountFromTheSession", Rotating(following=lambda session, _: session.generation + 1)
    yield (
        "ForgetThePrevious",
        Rotating(also=lambda _session, _now: {"previously_rotated_at": None}),
    )
    yield "KeepTheFirst", Rotating(also=lambda session, _: {"rotated_at": session.rotated_at})
    yield (
        "ProlongTheSession",
        Rotating(
            also=lambda _, now: {"expires_at": now.replace(microsecond=0) + timedelta(days=30)}
        ),
    )
    yield "Race", Rotating(races=True)


def faults() -> Iterator[Fault]:
    """Break the rotation of sessions."""
    for name, rotating in _rotations():
        yield Fault.of(
            f"Rotations{name}",
            SessionRepositorySuite,
            MemorySessionRepository,
            "rotat|idle",
            rotate=rotating.method(),
        )
