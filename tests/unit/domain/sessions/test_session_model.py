"""Whole lives of sessions: the honest are never logged out, and a thief is found out."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.sessions.judge import Over, Verdict, judge
from latchkey.domain.sessions.session import Session, SessionPolicy, UserSession
from latchkey.testing.factories import UserFactory, refresh_token
from latchkey.testing.frozen_clock import START

GRACE: Final = timedelta(seconds=10)
POLICY: Final = SessionPolicy(
    idle=timedelta(days=7), absolute=timedelta(days=3650), grace=GRACE, per_user=1
)
MICROSECOND: Final = timedelta(microseconds=1)


class Server:
    """Does what the verdict says, as refreshing does."""

    def __init__(self) -> None:
        self._first = refresh_token(absolute=POLICY.absolute)
        user = UserFactory.build()
        self._found = UserSession(session=Session.begin(self._first, user.id, START), user=user)

    @property
    def generation(self) -> int:
        return self._found.session.generation

    @property
    def is_over(self) -> bool:
        return self._found.session.end_reason is not None

    def refresh(self, generation: int, now: datetime) -> int | None:
        """Give the generation that the client gets, or None for a refusal."""
        verdict = judge(self._found, self._first.with_generation(generation), now, POLICY)
        if verdict is Verdict.REPLAY:
            return self.generation
        if verdict is Verdict.ROTATE:
            self._change(
                generation=generation + 1,
                rotated_at=now,
                previously_rotated_at=self._found.session.rotated_at,
            )
            return self.generation
        if verdict is Verdict.REUSE:
            self._change(end_reason=EndReason.REUSE_DETECTED)
        assert isinstance(verdict, Over) or verdict in {Verdict.SUPERSEDED, Verdict.REUSE}
        return None

    def _change(self, **changes: Any) -> None:  # noqa: ANN401 - whatever the field holds
        self._found = replace(self._found, session=replace(self._found.session, **changes))


class HonestBrowser(RuleBasedStateMachine):
    """Tabs that share one cookie, on a network that loses answers and delays requests.

    What is sent is at the server within the grace, and two rotations overtake it at most. A
    browser whose answer was lost tries again within the grace.
    """

    def __init__(self) -> None:
        super().__init__()
        self.server = Server()
        self.now = START
        self.cookie = 0
        self.sent: list[int] = []
        self.began_at = START

    @property
    def left(self) -> timedelta:
        """How much of the grace is left to all that was sent since the network was calm."""
        return self.began_at + GRACE - self.now

    @property
    def is_calm(self) -> bool:
        return not self.sent and self.cookie == self.server.generation

    @precondition(lambda self: len(self.sent) < 4)
    @rule()
    def a_tab_refreshes(self) -> None:
        if self.is_calm:
            self.began_at = self.now
        self.sent.append(self.cookie)

    @precondition(lambda self: self.sent)
    @rule(data=st.data(), is_lost=st.booleans())
    def a_request_arrives(self, data: st.DataObject, *, is_lost: bool) -> None:
        oldest = min(self.sent)
        index = data.draw(st.integers(0, len(self.sent) - 1))
        would_overtake_thrice = self.sent[index] - oldest >= 2
        generation = self.sent.pop(self.sent.index(oldest) if would_overtake_thrice else index)

        answer = self.server.refresh(generation, self.now)

        if answer is not None and not is_lost:
            self.cookie = max(self.cookie, answer)

    @precondition(lambda self: not self.is_calm and self.left > timedelta(0))
    @rule(share=st.floats(0, 1))
    def a_moment_passes(self, share: float) -> None:
        self.now += share * self.left

    @precondition(lambda self: self.is_calm)
    @rule(time=st.timedeltas(min_value=timedelta(0), max_value=POLICY.idle - MICROSECOND))
    def time_passes(self, time: timedelta) -> None:
        self.now = min(self.now + time, START + timedelta(days=3000))

    @invariant()
    def nobody_is_logged_out(self) -> None:
        assert not self.server.is_over


TestHonestBrowser = HonestBrowser.TestCase
TestHonestBrowser.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)

AFTER_THE_GRACE: Final = st.timedeltas(
    min_value=GRACE + MICROSECOND, max_value=POLICY.idle - MICROSECOND
)


@pytest.mark.requirement("RS-2")
@given(
    before=st.integers(0, 3),
    turns=st.lists(st.tuples(st.booleans(), AFTER_THE_GRACE), min_size=2, max_size=12),
)
def test_a_thief_is_found_out_as_soon_as_both_went_on_after_the_grace(
    before: int, turns: list[tuple[bool, timedelta]]
) -> None:
    server, now, held = Server(), START, 0
    for _ in range(before):
        now += timedelta(minutes=15)
        held = server.refresh(held, now) or 0
    holds = {True: held, False: held}  # the owner's cookie, and the thief's copy

    for who, pause in turns:
        now += pause
        holds[who] = server.refresh(holds[who], now) or holds[who]

    assert server.is_over == (len({who for who, _ in turns}) == 2)


@given(steps=st.lists(AFTER_THE_GRACE, min_size=1, max_size=12), age=AFTER_THE_GRACE)
def test_an_old_token_ends_the_session_at_its_first_use(
    steps: list[timedelta], age: timedelta
) -> None:
    server, now, held = Server(), START, 0
    for pause in steps:
        now += pause
        held = server.refresh(held, now) or 0

    answer = server.refresh(0, now + age)

    assert answer is None
    assert server.is_over


@given(
    tabs=st.integers(2, 30),
    arrivals=st.lists(st.timedeltas(min_value=timedelta(0), max_value=GRACE), max_size=30),
)
def test_any_number_of_tabs_at_once_get_one_and_the_same_successor(
    tabs: int, arrivals: list[timedelta]
) -> None:
    server = Server()

    answers = {server.refresh(0, START)}
    answers |= {server.refresh(0, START + client) for client in sorted(arrivals)[:tabs]}

    assert answers == {1}
