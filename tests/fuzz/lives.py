"""Whole lives of sessions, lived on several sides at once and foreseen by the oracle."""

from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from typing_extensions import override

from fuzz.borders import AROUND, BORDERS, PAUSES
from fuzz.oracle import INVALID, Oracle, Outcome, Person
from fuzz.sides import Side
from fuzz.world import Held, World
from latchkey.domain.accounts.user import Role
from latchkey.testing.flow.deployments import GOOD_PASSWORD, Account
from latchkey.testing.frozen_clock import START

WHICH: Final = st.sampled_from([0, 0, 0, 1, 1, 2, 3, 5])
_AGE: Final = st.sampled_from([*[0] * 8, *[1, 2] * 3, 3, 5, -1, -1, -2, -3])
_TABS: Final = st.sampled_from([1, 1, 1, 1, 3])
_PAUSE: Final = st.sampled_from([*PAUSES[:1] * 3, *PAUSES])
_OTHER_SECRET: Final = b"not the sessions"
_BORDER: Final = st.sampled_from([*BORDERS, *["grace", "grace before"] * 3])


class Lives(RuleBasedStateMachine):
    """Does everything that can be done to sessions, everywhere, and compares the answers."""

    def __init__(self, world: World) -> None:
        """Begin with nobody, at the clock's start."""
        super().__init__()
        self.world = world
        self.clock = world.clock
        self.clock.move(START - self.now)
        self.oracle = Oracle()
        self.people: list[Person] = []
        self.held: list[Held] = []
        self.run_id = uuid4().hex[:12]

    @property
    def now(self) -> datetime:
        """The time on all sides."""
        return self.clock.now()

    @initialize()
    def an_administrator_stays(self) -> None:
        """So that nobody else is the last one (AC3, AD6)."""
        for side in self.world.sides:
            keeper = Account(email=f"{side.name}-{self.run_id}-keeper@latchkey.example")
            self.world.run(side.operator.create(keeper, Role.ADMIN))

    @initialize()
    def the_first_user_comes(self) -> None:
        """There is somebody from the start, and signed in."""
        self._settle()
        self._login(self.people[0], None, is_right=True)

    @precondition(lambda self: len(self.people) < 3)
    @rule()
    def a_user_comes(self) -> None:
        """An administrator adds a user."""
        self._settle()

    @rule(who=WHICH, is_right=st.sampled_from([True, True, True, False]))
    def a_user_logs_in(self, who: int, *, is_right: bool) -> None:
        """In a browser that holds no cookie, with the right password or an old or wrong one."""
        self._login(self._person(who), None, is_right=is_right)

    @rule(who=WHICH, which=WHICH)
    def a_user_logs_in_again(self, who: int, which: int) -> None:
        """In a browser that holds a cookie, dead or alive, perhaps another user's."""
        self._login(self._person(who), self._held(which), is_right=True)

    @rule(which=WHICH, course=st.lists(st.tuples(_PAUSE, st.booleans(), _TABS), min_size=2))
    def a_browser_goes_on(self, which: int, course: list[tuple[timedelta, bool, int]]) -> None:
        """With the cookie that it holds, which it goes on holding when an answer is lost."""
        held = self._living(which)
        for pause, is_lost, tabs in course:
            self.clock.move(pause)
            outcome = self._refresh(held, held.generation, tabs)
            if outcome.generation is not None and not is_lost:
                held.generation = outcome.generation

    @rule(which=WHICH, course=st.lists(st.tuples(_PAUSE, _AGE, _TABS), min_size=2))
    def tokens_of_any_age_are_presented(
        self, which: int, course: list[tuple[timedelta, int, int]]
    ) -> None:
        """By a slow network, by a thief, or by somebody who knows the key."""
        held = self._held(which)
        for pause, age, tabs in course:
            self.clock.move(pause)
            self._refresh(held, max(0, held.life.row.generation - age), tabs)

    @rule(which=WHICH, place=st.integers(0, 99))
    def a_character_is_changed(self, which: int, place: int) -> None:
        """No token with another character is genuine, not even of a session that is over."""
        held = self._held(which)
        for side in self.world.sides:
            token = side.token(held.first[side.name], held.life.row.generation)
            other = "A" if token[place] != "A" else "Q"
            forged = f"{token[:place]}{other}{token[place + 1 :]}"
            assert (side.name, self.world.run(side.refresh(forged)).outcome) == (side.name, INVALID)

    @rule(which=WHICH)
    def a_session_is_guessed(self, which: int) -> None:
        """Who knows the key, but not the session's secret, gets no further than its name."""
        held = self._held(which)
        is_past = self.now >= held.life.expires_at
        expected = INVALID if is_past else Outcome(code="session_ended", reason="expired")
        for side in self.world.sides:
            generation = held.life.row.generation
            token = side.token(held.first[side.name], generation, _OTHER_SECRET)
            assert (side.name, self.world.run(side.refresh(token)).outcome) == (side.name, expected)

    @rule(which=WHICH, age=_AGE)
    def a_browser_logs_out(self, which: int, age: int) -> None:
        """With a token of any age."""
        held = self._held(which)
        generation = max(0, held.life.row.generation - age)
        expected = self.oracle.logout(held.life, self.now)
        for side in self.world.sides:
            token = side.token(held.first[side.name], generation)
            assert (side.name, self.world.run(side.logout(token)).outcome) == (side.name, expected)

    @rule(which=WHICH)
    def a_browser_asks(self, which: int) -> None:
        """With its last access token, for what needs the database and what doesn't."""
        held = self._held(which)
        me, orders = (
            ask(held.life, self.now) for ask in (self.oracle.me, self.oracle.authenticate)
        )
        for side in self.world.sides:
            access = held.access[side.name]
            assert (side.name, self.world.run(side.me(access)).outcome) == (side.name, me)
            assert (side.name, self.world.run(side.orders(access)).outcome) == (side.name, orders)

    @rule(who=WHICH, is_final=st.sampled_from([False, False, False, True]))
    def an_operator_changes_a_user(self, who: int, *, is_final: bool) -> None:
        """Gives another role, or shuts out for good."""
        person = self._person(who)
        if is_final:
            person.is_disabled = True
            self.oracle.end_all(person, "user_disabled")
        else:
            person.role = "USER" if person.role == "ADMIN" else "ADMIN"
        for side in self.world.sides:
            email = self._account(side, person).email
            disable, set_role = side.operator.disable, side.operator.set_role
            self.world.run(disable(email) if is_final else set_role(email, Role(person.role)))

    @rule(who=WHICH)
    def an_operator_sets_a_password(self, who: int) -> None:
        """So that the old one is of no more use."""
        person = self._person(who)
        person.password += 1
        self.oracle.end_all(person, "revoked")
        for side in self.world.sides:
            account = self._account(side, person)
            self.world.run(side.operator.set_password(account.email, account.password))

    @rule(which=WHICH, count=st.integers(1, 2))
    def the_database_loses_commits(self, which: int, count: int) -> None:
        """The last rotations of a session that lives have never happened."""
        held = self._held(which)
        if held.life.ended is None and len(held.life.rows) > count:
            del held.life.rows[-count:]
            for side in self.world.sides:
                self.world.run(side.rewind(held.first[side.name], held.life.row))

    @rule(seconds=st.floats(-2, 20))
    def a_moment_passes(self, seconds: float) -> None:
        """Or the clock is corrected."""
        self.clock.move(timedelta(seconds=seconds))

    @rule(which=WHICH, border=_BORDER, off=st.sampled_from(AROUND))
    def time_passes_up_to_a_border(self, which: int, border: str, off: timedelta) -> None:
        """Just before it, to it, or just past it."""
        then = BORDERS[border](self._held(which).life) + off
        self.clock.move(max(then - self.now, timedelta(0)))

    @override
    def teardown(self) -> None:
        """Every session is as it should be, and all that happened is in the audit log."""
        for held in self.held:
            self._refresh(held, held.life.row.generation, tabs=1)
            for side in self.world.sides:
                audited = self.world.run(side.audited(held.first[side.name]))
                assert (side.name, audited) == (side.name, +held.life.audit)

    def _settle(self) -> None:
        person = Person(number=len(self.people))
        self.people.append(person)
        for side in self.world.sides:
            self.world.run(side.operator.create(self._account(side, person), Role.USER))

    def _login(self, person: Person, carried: Held | None, *, is_right: bool) -> None:
        password = person.password if is_right else person.password - 1
        life = carried.life if carried else None
        expected = self.oracle.login(person, password, life, self.now)
        held = Held(self.oracle.lives[-1]) if expected.code == "ok" else None
        for side in self.world.sides:
            account = self._account(side, person, password)
            first = carried.first[side.name] if carried else None
            reply = self.world.run(side.login(account, first))
            assert (side.name, reply.outcome) == (side.name, expected)
            if held:
                held.keep(side, reply)
        self.held.extend([held] if held else [])

    def _refresh(self, held: Held, generation: int, tabs: int) -> Outcome:
        expected = self.oracle.refresh(held.life, generation, self.now, tabs)
        for side in self.world.sides:
            token = side.token(held.first[side.name], generation)
            for reply in self.world.run(side.tabs(token, tabs)):
                assert (side.name, reply.outcome) == (side.name, expected)
                held.keep(side, reply)
        return expected

    def _held(self, which: int) -> Held:
        return self.held[-1 - which % len(self.held)]

    def _living(self, which: int) -> Held:
        """Choose a session that lives; where there is none, somebody new begins one."""
        living = [held for held in self.held if held.life.end_reason_at(self.now) is None]
        if living:
            return living[-1 - which % len(living)]
        self._settle()
        self._login(self.people[-1], None, is_right=True)
        return self.held[-1]

    def _person(self, who: int) -> Person:
        """Choose somebody who has an account; where there is nobody, somebody new comes."""
        if all(person.is_deleted for person in self.people):
            self._settle()
        there = [person for person in self.people if not person.is_deleted]
        return there[who % len(there)]

    def _account(self, side: Side, person: Person, password: int | None = None) -> Account:
        email = self._email(side.name, person.address)
        return Account(email=email, password=self._password(person, password))

    def _email(self, side: str, address: int) -> str:
        return f"{side}-{self.run_id}-{address}@latchkey.example"

    def _password(self, person: Person, number: int | None = None) -> str:
        return f"{GOOD_PASSWORD}{person.number}-{person.password if number is None else number}"
