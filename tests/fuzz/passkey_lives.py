"""Lives of sessions and of passkeys, lived together on several sides."""

from datetime import timedelta
from typing import Final

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule
from typing_extensions import override

from fuzz.borders import AROUND
from fuzz.factor_oracle import FRESH, LASTS, REQUIRED, signed_in_at
from fuzz.lives import WHICH, Lives
from fuzz.oracle import Outcome, Person
from fuzz.passkey_oracle import INVALID, Asked, Key, PasskeyOracle
from fuzz.world import Held, World
from latchkey.testing.soft_authenticator import SoftPasskey

_PAUSE: Final = st.sampled_from([timedelta(0), timedelta(0), timedelta(seconds=30), FRESH])
_TIMES: Final = st.sampled_from([1, 1, 2])


class PasskeyLives(Lives):
    """Does all that `Lives` does, and everything that can be done with passkeys."""

    def __init__(self, world: World) -> None:
        """Begin with nobody, and no passkey."""
        super().__init__(world)
        self.passkeys = PasskeyOracle(self.oracle)
        self.made: list[Key] = []
        self.asked: list[Asked] = []

    @initialize()
    def the_first_user_adds_a_passkey(self) -> None:
        """So that there is much to lose from the start."""
        self.a_user_comes_with_a_passkey(0)
        self.a_browser_asks_for_a_challenge()

    @rule(which=WHICH)
    def a_user_adds_a_passkey(self, which: int) -> None:
        """In a session that lives or not, fresh or not."""
        self._add(self._held(which))

    @rule(who=WHICH)
    def a_user_comes_with_a_passkey(self, who: int) -> None:
        """Logs in, if the password is enough, and adds it."""
        before = len(self.held)
        self._login(self._person(who), None, is_right=True)
        if len(self.held) > before:
            self._add(self.held[-1])

    @rule()
    def a_browser_asks_for_a_challenge(self) -> None:
        """For whomever it will be."""
        asked = self.passkeys.ask(self.now, len(self.asked))
        for side in self.world.passkeys:
            asked.options[side.name] = self.world.run(side.ask())
        self.asked.append(asked)

    @precondition(lambda self: self.made and self.asked)
    @rule(key=WHICH, challenge=WHICH, times=_TIMES)
    def a_passkey_answers_a_challenge(self, key: int, challenge: int, times: int) -> None:
        """One that there is or not, a new challenge or not, once or in two tabs."""
        self._sign_in(self.made[-1 - key % len(self.made)], challenge, times)

    @precondition(lambda self: self.made)
    @rule(key=WHICH, course=st.lists(st.tuples(_PAUSE, WHICH, _TIMES), min_size=1))
    def a_user_signs_in_again_and_again(
        self, key: int, course: list[tuple[timedelta, int, int]]
    ) -> None:
        """With new challenges, and ones that were used or overtaken."""
        used = self.made[-1 - key % len(self.made)]
        for pause, challenge, times in course:
            self.a_browser_asks_for_a_challenge()
            self.clock.move(pause)
            self._sign_in(used, challenge, times)

    @precondition(lambda self: self.made)
    @rule(which=WHICH, key=WHICH)
    def a_user_removes_a_passkey(self, which: int, key: int) -> None:
        """One's own or somebody else's, one that there is or not."""
        removed = self.made[-1 - key % len(self.made)]
        held = self._held(which)
        expected = self.passkeys.remove_key(held.life, removed, self.now)
        self._replace(held, expected, removed.ids)

    @rule(which=WHICH)
    def a_user_removes_all_factors(self, which: int) -> None:
        """Whether there are any or not."""
        held = self._held(which)
        self._replace(held, self.passkeys.remove(held.life, self.now), {})

    @rule(who=WHICH)
    def an_operator_resets_the_factors(self, who: int) -> None:
        """Whether there are any or not."""
        person = self._person(who)
        self.passkeys.reset(person)
        for side in self.world.sides:
            self.world.run(side.operator.reset_factors(self._account(side, person).email))

    @rule(which=WHICH)
    def a_user_looks_at_the_passkeys(self, which: int) -> None:
        """In a session that lives or not."""
        held = self._held(which)
        me, keys = self.oracle.me(held.life, self.now), self.passkeys.keys(held.life.person)
        for side in self.world.passkeys:
            outcome, ids = self.world.run(side.shown(held.access[side.name]))
            assert (side.name, outcome.code) == (side.name, me.code)
            if me.code == "ok":
                assert (side.name, ids) == (side.name, [key.ids[side.name] for key in keys])

    @rule(which=WHICH, off=st.sampled_from(AROUND))
    def time_passes_until_a_login_is_no_longer_fresh(self, which: int, off: timedelta) -> None:
        """Just before it, to it, or just past it."""
        then = signed_in_at(self._held(which).life) + FRESH + off
        self.clock.move(max(then - self.now, timedelta(0)))

    @precondition(lambda self: self.asked)
    @rule(which=WHICH, off=st.sampled_from(AROUND))
    def time_passes_up_to_the_end_of_a_challenge(self, which: int, off: timedelta) -> None:
        """Just before it, to it, or just past it."""
        then = self.asked[-1 - which % len(self.asked)].issued_at + LASTS + off
        self.clock.move(max(then - self.now, timedelta(0)))

    @override
    def _login(self, person: Person, carried: Held | None, *, is_right: bool) -> None:
        """Log in; where the password is not enough, see that every side says so."""
        number = person.password if is_right else person.password - 1
        if self.passkeys.challenge(person, number, self.now) is None:
            super()._login(person, carried, is_right=is_right)
            return
        for side, of_passkeys in zip(self.world.sides, self.world.passkeys, strict=True):
            code = self.world.run(of_passkeys.login(self._account(side, person, number)))
            assert (side.name, code) == (side.name, REQUIRED.code)

    def _add(self, held: Held) -> None:
        expected = self.passkeys.begin_key(held.life, self.now)
        key, options = Key(person=held.life.person), {}
        for way in self.world.passkeys:
            outcome, begun = self.world.run(way.begin(held.access[way.name]))
            assert (way.name, outcome) == (way.name, expected)
            options[way.name] = begun
        if expected.code != "ok":
            return
        told = self.passkeys.add_key(held.life, key, self.now)
        new = Held(self.oracle.lives[-1])
        for side, of_passkeys in zip(self.world.sides, self.world.passkeys, strict=True):
            key.made[side.name] = made = SoftPasskey.made(options[side.name])
            added = of_passkeys.add(held.access[side.name], made, options[side.name])
            reply, key.ids[side.name] = self.world.run(added)
            assert (side.name, reply.outcome) == (side.name, told)
            new.keep(side, reply)
        self.made.append(key)
        self.held.append(new)

    def _sign_in(self, key: Key, challenge: int, times: int) -> None:
        """Sign in so many times at once; a challenge that is good is so once."""
        asked = self.asked[-1 - challenge % len(self.asked)]
        expected = self.passkeys.sign_in(key, asked, self.now)
        is_good = expected.code == "ok"
        held = Held(self.oracle.lives[-1]) if is_good else None
        again = [INVALID if is_good else expected] * (times - 1)
        for side, of_passkeys in zip(self.world.sides, self.world.passkeys, strict=True):
            made, options = key.made[side.name], asked.options[side.name]
            replies = self.world.run(of_passkeys.sign_in(made, options, times))
            outcomes = sorted((each.outcome for each in replies), key=lambda each: each.code)
            wanted = sorted([expected, *again], key=lambda each: each.code)
            assert (side.name, outcomes) == (side.name, wanted)
            if held:
                held.keep(side, next(each for each in replies if each.outcome.code == "ok"))
        self.held.extend([held] if held else [])

    def _replace(self, held: Held, expected: Outcome, ids: dict[str, str]) -> None:
        """Remove the passkey with these ids, or all factors, and keep the new session."""
        new = Held(self.oracle.lives[-1]) if expected.code == "ok" else None
        for side, of_passkeys in zip(self.world.sides, self.world.passkeys, strict=True):
            removed = of_passkeys.remove(held.access[side.name], ids.get(side.name))
            reply = self.world.run(removed)
            assert (side.name, reply.outcome) == (side.name, expected)
            if new:
                new.keep(side, reply)
        self.held.extend([new] if new else [])
