"""What a repository of sessions promises about rotation."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from hypothesis import example, given
from hypothesis import strategies as st

from latchkey.domain.accounts.user import Role
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.sessions.judge import Verdict, judge
from latchkey.domain.sessions.refresh_token import RefreshToken
from latchkey.domain.sessions.session import SessionPolicy, UserSession
from latchkey.domain.storage import Storage
from latchkey.testing.factories import ABSOLUTE, refresh_token
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.storage import (
    IDLE,
    MICROSECOND,
    SECOND,
    UTC_ONLY,
    Opened,
    found_session,
    offsets,
    opened_session,
)
from latchkey.testing.ports.suite import AsyncSuite, any_adapter

POLICY: Final = SessionPolicy(
    idle=IDLE, absolute=ABSOLUTE, grace=timedelta(seconds=10), per_user=100
)
SOON: Final = START + SECOND


@dataclass(frozen=True, slots=True, kw_only=True)
class Presentation:
    """A session with earlier rotations or none, and a token that is presented to it.

    Attributes:
        absolute: The session's absolute lifetime from `START`.
        first: The generation that the session began with.
        rotations: How often it was rotated since then, at intervals of a second.
        step: The presented generation minus the session's generation.
        current_behind: The presented generation minus the argument `current` of `rotate`.
        age: The time from the last rotation to the presentation.
    """

    absolute: timedelta
    first: int
    rotations: int
    step: int
    current_behind: int
    age: timedelta
    knows_secret: bool
    is_disabled: bool
    ended: EndReason | None


BOUNDARIES: Final = st.sampled_from([timedelta(0), POLICY.grace, IDLE, ABSOLUTE])
AGES: Final = st.builds(
    lambda boundary, step: boundary + step * MICROSECOND,
    BOUNDARIES,
    st.sampled_from([-SECOND // MICROSECOND, -1, 0, 1, SECOND // MICROSECOND]),
)
PRESENTATIONS: Final = st.builds(
    Presentation,
    absolute=st.sampled_from([POLICY.grace, IDLE, ABSOLUTE]),
    first=st.sampled_from([4, 2**31 - 2, 2**32 - 16]),
    rotations=st.integers(0, 3),
    step=st.integers(-4, 4) | st.sampled_from([0, 1]),
    current_behind=st.sampled_from([0, 1]),
    age=AGES,
    knows_secret=st.integers(0, 7).map(bool),
    is_disabled=st.integers(0, 7).map(lambda number: not number),
    ended=st.none() | st.none() | st.none() | st.sampled_from(EndReason),
)
PLAIN: Final = Presentation(
    absolute=ABSOLUTE,
    first=4,
    rotations=1,
    step=0,
    current_behind=0,
    age=SECOND,
    knows_secret=True,
    is_disabled=False,
    ended=None,
)


async def _rotated(storage: Storage, opened: Opened, times: int) -> None:
    for count in range(times):
        generation = opened.token.generation + count
        await storage.sessions.rotate(
            opened.token.with_generation(generation),
            current=generation,
            now=START + (1 + count) * SECOND,
            idle=IDLE,
        )


async def _arrange(storage: Storage, case: Presentation) -> tuple[UserSession, RefreshToken]:
    opened = await opened_session(storage, generation=case.first, absolute=case.absolute)
    await _rotated(storage, opened, case.rotations)
    if case.ended:
        await storage.sessions.end(opened.token, case.ended)
    if case.is_disabled:
        await storage.users.disable(opened.user.id, START)
    found = await found_session(storage, opened.token)
    presented = opened.token.with_generation(found.session.generation + case.step)
    return found, presented if case.knows_secret else replace(presented, secret=bytes(16))


class SessionRotationSuite(AsyncSuite):
    """A rotation advances the generation of a session, by compare-and-set."""

    async def test_the_current_token_rotates_its_session(self, storage: Storage) -> None:
        opened = await opened_session(storage)

        rotated = await storage.sessions.rotate(opened.token, current=0, now=SOON, idle=IDLE)

        assert rotated == UserSession(session=opened.after_rotation(SOON), user=opened.user)
        assert await storage.sessions.find(opened.session.id) == rotated

    async def test_a_second_rotation_keeps_when_the_first_was(self, storage: Storage) -> None:
        opened, later = await opened_session(storage), SOON + timedelta(days=1, microseconds=7)
        await storage.sessions.rotate(opened.token, current=0, now=SOON, idle=IDLE)

        rotated = await storage.sessions.rotate(
            opened.token.with_generation(1), current=1, now=later, idle=IDLE
        )

        assert rotated is not None
        assert offsets(SOON, rotated.session.rotated_at) == UTC_ONLY
        assert rotated.session.generation == 2
        assert rotated.session.previously_rotated_at == SOON
        assert rotated.session.rotated_at == later

    async def test_a_token_one_ahead_makes_up_for_a_lost_rotation(self, storage: Storage) -> None:
        opened = await opened_session(storage)

        rotated = await storage.sessions.rotate(
            opened.token.with_generation(1), current=0, now=SOON, idle=IDLE
        )

        assert rotated is not None
        assert rotated.session == replace(opened.after_rotation(SOON), generation=2)
        assert await storage.sessions.find(opened.session.id) == rotated

    async def test_a_retired_token_rotates_nothing(self, storage: Storage) -> None:
        opened = await opened_session(storage)
        rotated = await storage.sessions.rotate(opened.token, current=0, now=SOON, idle=IDLE)

        again = await storage.sessions.rotate(opened.token, current=0, now=SOON, idle=IDLE)

        assert again is None
        assert await storage.sessions.find(opened.session.id) == rotated

    async def test_a_rotation_tells_the_user_as_of_now(self, storage: Storage) -> None:
        opened = await opened_session(storage)
        await storage.users.set_role(opened.user.id, Role.ADMIN)

        rotated = await storage.sessions.rotate(opened.token, current=0, now=SOON, idle=IDLE)

        assert rotated is not None
        assert rotated.user == replace(opened.user, role=Role.ADMIN)

    async def test_a_rotation_leaves_other_sessions_alone(self, storage: Storage) -> None:
        opened = await opened_session(storage)
        other = await opened_session(storage, opened.user)

        await storage.sessions.rotate(opened.token, current=0, now=SOON, idle=IDLE)

        assert (await found_session(storage, other.token)).session == other.session

    async def test_a_rotation_moves_no_absolute_expiry(self, storage: Storage) -> None:
        opened = await opened_session(storage, absolute=timedelta(minutes=1))
        expiry = opened.session.expires_at

        late = await storage.sessions.rotate(opened.token, current=0, now=expiry, idle=IDLE)
        in_time = await storage.sessions.rotate(
            opened.token, current=0, now=expiry - MICROSECOND, idle=IDLE
        )

        assert late is None
        assert in_time is not None
        assert in_time.session.expires_at == expiry

    async def test_the_idle_lifetime_is_the_one_asked_for(self, storage: Storage) -> None:
        opened = await opened_session(storage)

        late = await storage.sessions.rotate(opened.token, current=0, now=SOON, idle=SECOND)
        in_time = await storage.sessions.rotate(
            opened.token, current=0, now=SOON, idle=SECOND + MICROSECOND
        )

        assert late is None
        assert in_time is not None

    async def test_an_unknown_session_is_not_rotated(self, storage: Storage) -> None:
        await opened_session(storage)

        rotated = await storage.sessions.rotate(refresh_token(), current=0, now=SOON, idle=IDLE)

        assert rotated is None

    @any_adapter
    @given(case=PRESENTATIONS)
    @example(case=PLAIN)
    @example(case=replace(PLAIN, step=1, current_behind=1))
    @example(case=replace(PLAIN, rotations=0, age=IDLE))
    @example(case=replace(PLAIN, rotations=0, age=IDLE - MICROSECOND))
    @example(case=replace(PLAIN, knows_secret=False))
    @example(case=replace(PLAIN, is_disabled=True))
    @example(case=replace(PLAIN, ended=EndReason.LOGGED_OUT))
    async def test_a_rotation_succeeds_exactly_when_the_domain_says_so(
        self, storage: Storage, case: Presentation
    ) -> None:
        found, presented = await _arrange(storage, case)
        now = found.session.rotated_at + case.age
        verdict = judge(found, presented, now, POLICY)
        expected = {0: Verdict.ROTATE, 1: Verdict.FAST_FORWARD}[case.current_behind]

        rotated = await storage.sessions.rotate(
            presented, current=presented.generation - case.current_behind, now=now, idle=IDLE
        )

        assert (rotated is not None) == (verdict is expected)
        assert await storage.sessions.find(presented.session_id) == (rotated or found)
