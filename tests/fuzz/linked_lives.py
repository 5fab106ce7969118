"""Lives of sessions and of the links that change accounts, lived together on several sides."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from fuzz.borders import AROUND
from fuzz.link_oracle import CHANGE, GOOD, OK, REGISTRATION, RESET, Link, LinkOracle, ended
from fuzz.lives import WHICH, Lives
from fuzz.oracle import Outcome, Person
from fuzz.world import World
from latchkey.testing.flow.deployments import Account

_KINDS: Final = (RESET, REGISTRATION, CHANGE)
_FREE: Final = (1_000, 1_001)  # addresses that nobody has in the beginning
_MOSTLY: Final = st.sampled_from([True, True, True, False])
_INVALID: Final = Outcome(code="link_invalid")


@dataclass(slots=True, eq=False)
class Holding:
    """A link that somebody holds: its token on each side."""

    link: Link
    tokens: dict[str, str] = field(default_factory=dict)


class LinkedLives(Lives):
    """Does all that `Lives` does, and everything that can be done with links and accounts."""

    def __init__(self, world: World) -> None:
        """Begin with nobody, and no link."""
        super().__init__(world)
        self.links = LinkOracle(self.oracle, self.people)
        self.holdings: list[Holding] = []

    @rule(kind=st.sampled_from([RESET, REGISTRATION]), where=WHICH)
    def somebody_asks_for_a_link(self, kind: str, where: int) -> None:
        """To any address, which tells nothing."""
        address = self._address(where)
        link = self.links.ask(kind, address, self.now)
        holding = Holding(link)
        for side in self.world.links:
            email = self._email(side.name, address)
            outcome, token = self.world.run(side.sent(email, side.ask(kind, email)))
            assert (side.name, outcome, token is not None) == (side.name, OK, link.is_sent)
            holding.tokens[side.name] = token or ""
        self.holdings.extend([holding] if link.is_sent else [])

    @rule(which=WHICH, where=WHICH, is_right=_MOSTLY)
    def a_user_asks_for_another_address(self, which: int, where: int, *, is_right: bool) -> None:
        """Free, taken, or the one that they have."""
        held, address = self._held(which), self._address(where)
        number = held.life.person.password - (not is_right)
        expected, link = self.links.ask_to_move(held.life, address, number, self.now)
        holding = Holding(link) if link and link.is_sent else None
        for side in self.world.links:
            email = self._email(side.name, address)
            asking = side.ask_to_move(
                held.access[side.name], email, self._password(held.life.person, number)
            )
            outcome, token = self.world.run(side.sent(email, asking))
            has_token = (token is not None) == (holding is not None)
            assert (side.name, outcome, has_token) == (side.name, expected, True)
            if holding:
                holding.tokens[side.name] = token or ""
        self.holdings.extend([holding] if holding else [])

    @rule(course=st.lists(st.tuples(st.sampled_from(_KINDS), WHICH, _MOSTLY), min_size=2))
    def links_are_asked_for_and_used(self, course: list[tuple[str, int, bool]]) -> None:
        """One after the other, or a former one if the mail has none."""
        for kind, where, is_right in course:
            if kind == CHANGE:
                living = self.held.index(self._living(where))
                self.a_user_asks_for_another_address(
                    len(self.held) - 1 - living, where, is_right=True
                )
            else:
                self.somebody_asks_for_a_link(kind, where)
            if self.holdings:
                self.a_link_is_used(where if where % 2 else 0, is_right=is_right, times=2)

    @rule(which=WHICH)
    def a_user_keeps_the_address(self, which: int) -> None:
        """Whether there is a request to withdraw or not."""
        held = self._held(which)
        expected = self.links.stay(held.life, self.now)
        for side in self.world.links:
            outcome = self.world.run(side.stay(held.access[side.name]))
            assert (side.name, outcome) == (side.name, expected)

    @precondition(lambda self: self.holdings)
    @rule(which=WHICH, is_right=_MOSTLY, times=st.sampled_from([1, 1, 2]))
    def a_link_is_used(self, which: int, *, is_right: bool, times: int) -> None:
        """Once or again, with the right password or another one."""
        holding = self.holdings[-1 - which % len(self.holdings)]
        link = holding.link
        password = self._number_for(link, is_right=is_right)
        for _ in range(times):
            was_good = self.links.meaning(link, self.now) == GOOD
            expected = self.links.use(link, password, self.now)
            person = link.person or Person(number=len(self.people))
            for side in self.world.links:
                text = self._password(person, password)
                used = self.world.run(side.use(link.kind, holding.tokens[side.name], text))
                assert (side.name, was_good, used.outcome) == (side.name, was_good, expected)
                has_user = expected == OK and link.kind != RESET
                email = self._email(side.name, person.address) if has_user else None
                assert (side.name, used.email) == (side.name, email)

    @precondition(lambda self: self.holdings)
    @rule(which=WHICH, elsewhere=st.sampled_from(_KINDS))
    def a_link_is_read_and_used_for_something_else(self, which: int, elsewhere: str) -> None:
        """Which changes nothing."""
        holding = self.holdings[-1 - which % len(self.holdings)]
        meaning = self.links.meaning(holding.link, self.now)
        refused = ended("expired") if meaning == "expired" else _INVALID
        reading = ended("used" if meaning == "repeatable" else meaning)
        for side in self.world.links:
            token = holding.tokens[side.name]
            read = self.world.run(side.read(token))
            assert (side.name, read.outcome) == (side.name, OK if meaning == GOOD else reading)
            if meaning == GOOD:
                assert read.email == self._email(side.name, holding.link.address)
            if elsewhere != holding.link.kind:
                used = self.world.run(side.use(elsewhere, token, self._password(Person(number=0))))
                assert (side.name, used.outcome) == (side.name, refused)

    @rule(which=WHICH, is_right=st.booleans())
    def a_user_deletes_the_account(self, which: int, *, is_right: bool) -> None:
        """In a session that lives or not, with the right password or another one."""
        held = self._held(which)
        number = held.life.person.password - (not is_right)
        expected = self.links.delete(held.life, number, self.now)
        for side in self.world.links:
            text = self._password(held.life.person, number)
            outcome = self.world.run(side.delete(held.access[side.name], text))
            assert (side.name, outcome) == (side.name, expected)

    @rule(which=WHICH, where=WHICH)
    def somebody_tries_the_password_of_another_address(self, which: int, where: int) -> None:
        """Such as the one that they had before, or had before they were deleted."""
        person = self._held(which).life.person
        address = self._address(where)
        if address != person.address or person.is_deleted:
            for side in self.world.sides:
                account = Account(
                    email=self._email(side.name, address), password=self._password(person)
                )
                reply = self.world.run(side.login(account, None))
                assert (side.name, reply.outcome.code) == (side.name, "invalid_credentials")

    @precondition(lambda self: self.holdings)
    @rule(which=WHICH, off=st.sampled_from(AROUND))
    def time_passes_up_to_the_end_of_a_link(self, which: int, off: timedelta) -> None:
        """Just before it, to it, or just past it."""
        then = self.holdings[-1 - which % len(self.holdings)].link.expires_at + off
        self.clock.move(max(then - self.now, timedelta(0)))

    def _number_for(self, link: Link, *, is_right: bool) -> int:
        """Choose the number of the password that is presented with a link."""
        if link.kind == CHANGE:
            assert link.person is not None
            return link.person.password - (not is_right)
        if link.result is not None:
            return link.result - (not is_right)
        return link.person.password + 1 if link.person else 0

    def _address(self, where: int) -> int:
        """Choose an address that somebody has, had, or may get."""
        known = {person.number for person in self.people}
        addresses = sorted(known | {person.address for person in self.people} | {*_FREE})
        return addresses[where % len(addresses)]
