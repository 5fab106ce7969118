"""Lives of sessions and of second factors, lived together on several sides."""

from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule
from typing_extensions import override

from fuzz.borders import AROUND
from fuzz.factor_oracle import (
    FRESH,
    REQUIRED,
    STEP,
    WRONG,
    App,
    Challenge,
    Codes,
    FactorOracle,
    code_of,
    signed_in_at,
    step_of,
)
from fuzz.factor_sides import Changed, FactorSide
from fuzz.lives import WHICH, Lives
from fuzz.oracle import Outcome, Person
from fuzz.world import Held, World

_OFF: Final = st.sampled_from([0, 0, 0, 1, -1, 2, -2])  # steps
_PAUSE: Final = st.sampled_from([timedelta(0), timedelta(seconds=STEP), FRESH])
_TIMES: Final = st.sampled_from([1, 1, 2])


class FactoredLives(Lives):
    """Does all that `Lives` does, and everything that can be done with second factors."""

    def __init__(self, world: World) -> None:
        """Begin with nobody, and no factor."""
        super().__init__(world)
        self.factors = FactorOracle(self.oracle)
        self.apps: list[App] = []
        self.codes: list[tuple[Person, Codes]] = []
        self.challenges: list[Challenge] = []

    @initialize()
    def the_first_user_adds_an_app(self) -> None:
        """So that there is much to lose from the start."""
        self.a_user_comes_with_an_app(0, 0)

    @rule(which=WHICH)
    def a_user_begins_to_add_an_app(self, which: int) -> None:
        """In a session that lives or not, fresh or not."""
        self._begin(self._held(which))

    @rule(which=WHICH, app=WHICH, off=_OFF)
    def a_user_confirms_an_app(self, which: int, app: int, off: int) -> None:
        """The one that was begun last or another, of whomever, with any code."""
        if self.apps:
            self._confirm(self._held(which), self.apps[-1 - app % len(self.apps)], off)

    @rule(who=WHICH, off=_OFF)
    def a_user_comes_with_an_app(self, who: int, off: int) -> None:
        """Logs in, if the password is enough, and adds it."""
        person = self._person(who)
        before = len(self.held)
        self._login(person, None, is_right=True)
        if len(self.held) > before:
            self._begin(self.held[-1])
            self._confirm(self.held[-1], self.apps[-1], off)

    @rule(who=WHICH, course=st.lists(st.tuples(_PAUSE, _OFF, _TIMES), min_size=1))
    def a_user_logs_in_and_tries_codes(
        self, who: int, course: list[tuple[timedelta, int, int]]
    ) -> None:
        """Of the app and recovery codes in turn, and logs in anew before each."""
        for place, (pause, off, times) in enumerate(course):
            self.clock.move(pause)
            self._login(self._person(who), None, is_right=True)
            if self.challenges:
                self.a_challenge_is_answered_with_an_app(0, off, times)
                self.a_challenge_is_answered_with_a_recovery_code(0, 0, place % 3, times)

    @precondition(lambda self: self.challenges)
    @rule(which=WHICH, off=_OFF, times=_TIMES)
    def a_challenge_is_answered_with_an_app(self, which: int, off: int, times: int) -> None:
        """With the code of any step, once or in two tabs."""
        challenge = self.challenges[-1 - which % len(self.challenges)]
        step = step_of(self.now) + off
        app = self.factors.of(challenge.person).app or self.apps[-1]  # which is removed
        if self._is_told_apart(app, step):
            expected = self.factors.answer_step(challenge, step, self.now)
            texts = {side: code_of(secret, step) for side, secret in app.secrets.items()}
            self._answer(challenge, "totp", texts, expected, times)

    @precondition(lambda self: self.challenges and self.codes)
    @rule(which=WHICH, which_codes=WHICH, place=st.integers(0, 2), times=_TIMES)
    def a_challenge_is_answered_with_a_recovery_code(
        self, which: int, which_codes: int, place: int, times: int
    ) -> None:
        """One that is left, was used or replaced, or is somebody else's."""
        challenge = self.challenges[-1 - which % len(self.challenges)]
        own = [codes for person, codes in self.codes if person is challenge.person]
        given = own or [codes for _, codes in self.codes]
        codes = given[-1 - which_codes % len(given)]
        expected = self.factors.answer_code(challenge, codes, place, self.now)
        texts = {side: shown[place] for side, shown in codes.texts.items()}
        self._answer(challenge, "recovery_code", texts, expected, times)

    @rule(which=WHICH)
    def a_user_replaces_the_recovery_codes(self, which: int) -> None:
        """Whether there are any or not."""
        held = self._held(which)
        expected = self.factors.replace_codes(held.life, self.now)
        self._change(held, expected, lambda side, access: side.replace_codes(access))

    @rule(which=WHICH)
    def a_user_removes_the_factors(self, which: int) -> None:
        """Whether there are any or not."""
        held = self._held(which)
        expected = self.factors.remove(held.life, self.now)
        self._change(held, expected, lambda side, access: side.remove(access))

    @rule(who=WHICH)
    def an_operator_resets_the_factors(self, who: int) -> None:
        """Whether there are any or not."""
        person = self._person(who)
        self.factors.reset(person)
        for side in self.world.sides:
            email = self._account(side, person).email
            self.world.run(side.operator.reset_factors(email))

    @rule(which=WHICH)
    def a_user_looks_at_the_factors(self, which: int) -> None:
        """In a session that lives or not."""
        held = self._held(which)
        me, factors = self.oracle.me(held.life, self.now), self.factors.of(held.life.person)
        for side in self.world.factors:
            shown = self.world.run(side.shown(held.access[side.name]))
            assert (side.name, shown.outcome.code) == (side.name, me.code)
            if me.code == "ok":
                apps = [factors.app.ids[side.name]] if factors.app else []
                assert (side.name, shown.apps) == (side.name, apps)
                assert (side.name, shown.codes_left) == (side.name, len(factors.codes.left))

    @rule(off=st.sampled_from(AROUND))
    def time_passes_up_to_the_next_step(self, off: timedelta) -> None:
        """Just before it, to it, or just past it."""
        left = STEP - (self.now.timestamp() % STEP)
        self.clock.move(max(timedelta(seconds=round(left, 6)) + off, timedelta(0)))

    @rule(which=WHICH, off=st.sampled_from(AROUND))
    def time_passes_until_a_login_is_no_longer_fresh(self, which: int, off: timedelta) -> None:
        """Just before it, to it, or just past it."""
        then = signed_in_at(self._held(which).life) + FRESH + off
        self.clock.move(max(then - self.now, timedelta(0)))

    @precondition(lambda self: self.challenges)
    @rule(which=WHICH, off=st.sampled_from(AROUND))
    def time_passes_up_to_the_end_of_a_challenge(self, which: int, off: timedelta) -> None:
        """Just before it, to it, or just past it."""
        then = self.challenges[-1 - which % len(self.challenges)].expires_at + off
        self.clock.move(max(then - self.now, timedelta(0)))

    @override
    def _login(self, person: Person, carried: Held | None, *, is_right: bool) -> None:
        """Log in; where the password is not enough, keep the challenge."""
        number = person.password if is_right else person.password - 1
        challenge = self.factors.challenge(person, number, self.now)
        if challenge is None:
            super()._login(person, carried, is_right=is_right)
            return
        for side, of_factors in zip(self.world.sides, self.world.factors, strict=True):
            account = self._account(side, person, number)
            code, text = self.world.run(of_factors.challenge(account))
            assert (side.name, code) == (side.name, REQUIRED.code)
            challenge.texts[side.name] = text
        self.challenges.append(challenge)

    def _begin(self, held: Held) -> None:
        expected, app = self.factors.begin(held.life, self.now), App()
        for side in self.world.factors:
            begun = self.world.run(side.begin(held.access[side.name]))
            assert (side.name, begun.outcome) == (side.name, expected)
            app.ids[side.name], app.secrets[side.name] = begun.id, begun.secret
        if expected.code == "ok":
            self.factors.of(held.life.person).pending = app
            self.apps.append(app)

    def _confirm(self, held: Held, app: App, off: int) -> None:
        step = step_of(self.now) + off
        if self._is_told_apart(app, step):
            expected = self.factors.confirm(held.life, app, step, self.now)
            self._change(
                held,
                expected,
                lambda side, access: side.confirm(
                    access, app.ids[side.name], code_of(app.secrets[side.name], step)
                ),
            )

    def _change(
        self,
        held: Held,
        expected: Outcome,
        change: Callable[[FactorSide, str], Coroutine[Any, Any, Changed]],
    ) -> None:
        """Change factors, and keep the session and the codes that come back."""
        new = Held(self.oracle.lives[-1]) if expected.code == "ok" else None
        codes, of_person = Codes(), self.factors.of(held.life.person)
        for side, of_factors in zip(self.world.sides, self.world.factors, strict=True):
            changed = self.world.run(change(of_factors, held.access[side.name]))
            assert (side.name, changed.reply.outcome) == (side.name, expected)
            codes.texts[side.name] = changed.codes
            if new:
                new.keep(side, changed.reply)
        is_new = expected.code == "ok" and of_person.app and not of_person.codes.texts
        assert {bool(texts) for texts in codes.texts.values()} == {bool(is_new)}
        if is_new:
            of_person.codes.texts = codes.texts
            self.codes.append((held.life.person, of_person.codes))
        self.held.extend([new] if new else [])

    def _answer(
        self,
        challenge: Challenge,
        factor: str,
        texts: dict[str, str],
        expected: Outcome,
        times: int,
    ) -> None:
        """Answer a challenge so many times at once; a code that is good is so once."""
        is_good = expected.code == "ok"
        held = Held(self.oracle.lives[-1]) if is_good else None
        again = WRONG if is_good else expected
        for side, of_factors in zip(self.world.sides, self.world.factors, strict=True):
            text, code = challenge.texts[side.name], texts[side.name]
            replies = self.world.run(of_factors.answers(text, factor, code, times))
            outcomes = sorted((reply.outcome for reply in replies), key=lambda each: each.code)
            assert (side.name, outcomes) == (side.name, [expected, *[again] * (times - 1)])
            if held:
                held.keep(side, next(each for each in replies if each.outcome.code == "ok"))
        self.held.extend([held] if held else [])

    def _is_told_apart(self, app: App, step: int) -> bool:
        """Tell whether no two codes around are the same by chance, on any side."""
        now = step_of(self.now)
        steps = {step, now - 1, now, now + 1}
        of_sides = [{code_of(key, each) for each in steps} for key in app.secrets.values()]
        return all(len(codes) == len(steps) for codes in of_sides)
