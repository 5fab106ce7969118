"""Whatever happens to sessions, in whatever order: every side answers as the document says."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from datetime import timedelta
from itertools import product
from typing import Final

import pytest
from hypothesis.stateful import run_state_machine_as_test

from fuzz.borders import AROUND, BORDERS, PAUSES
from fuzz.effort import Effort
from fuzz.factored_lives import FactoredLives
from fuzz.linked_lives import LinkedLives
from fuzz.lives import Lives
from fuzz.passkey_lives import PasskeyLives
from fuzz.ways import on_memory, on_postgres
from fuzz.world import World
from harness.postgres import PostgresServer
from latchkey.testing.frozen_clock import FrozenClock

NO_TIME: Final = timedelta(0)


WANTED, ANOTHER = -1, -2  # of the addresses in their order
NEWEST: Final = -1  # of the people


def _moves(lives: LinkedLives) -> None:
    lives.a_user_asks_for_another_address(0, ANOTHER, is_right=True)
    lives.a_link_is_used(0, is_right=True, times=1)


def _taken(lives: LinkedLives, where: int) -> None:
    lives.somebody_asks_for_a_link("registration", where)
    lives.a_link_is_used(0, is_right=True, times=1)


def _moves_and_is_followed(lives: LinkedLives) -> None:
    _moves(lives)
    _taken(lives, 0)


def _leaves(lives: LinkedLives) -> None:
    lives.a_user_deletes_the_account(0, is_right=True)


def _leaves_and_is_followed(lives: LinkedLives) -> None:
    _leaves(lives)
    _taken(lives, 0)


EVENTS: Final[dict[str, Callable[[LinkedLives], None]]] = {
    "nothing": lambda _: None,
    "another password": lambda lives: lives.an_operator_sets_a_password(NEWEST),
    "a disable": lambda lives: lives.an_operator_changes_a_user(NEWEST, is_final=True),
    "another role": lambda lives: lives.an_operator_changes_a_user(NEWEST, is_final=False),
    "a deletion": _leaves,
    "a deletion, and a successor": _leaves_and_is_followed,
    "a withdrawal": lambda lives: lives.a_user_keeps_the_address(0),
    "a move": _moves,
    "a move, and a successor": _moves_and_is_followed,
    "a rival": lambda lives: _taken(lives, WANTED),
    "a day": lambda lives: lives.time_passes_up_to_the_end_of_a_link(0, NO_TIME),
    "nearly a day": lambda lives: lives.time_passes_up_to_the_end_of_a_link(0, AROUND[0]),
}


@pytest.fixture(scope="module")
def world(postgres_server: PostgresServer) -> Iterator[World]:
    clock = FrozenClock()
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        try:
            ways = [
                runner.run(stack.enter_async_context(on_memory(clock))),
                *runner.run(stack.enter_async_context(on_postgres(clock, postgres_server))),
            ]
            yield World(
                runner,
                clock,
                [way.side for way in ways],
                [way.links for way in ways],
                [way.factors for way in ways],
                [way.passkeys for way in ways],
            )
        finally:
            runner.run(stack.aclose())


@pytest.mark.requirement("RS-2", "RS-3")
def test_a_token_of_every_age_means_what_the_table_says_around_the_grace(world: World) -> None:
    lives = Lives(world)
    lives.the_first_user_comes()

    for before, since, age in product(PAUSES, PAUSES, range(-3, 5)):
        lives.a_user_logs_in(0, is_right=True)
        rotations = [(NO_TIME, 0, 1), (NO_TIME, 0, 1), (before, 0, 1)]
        lives.tokens_of_any_age_are_presented(0, [*rotations, (since, age, 1)])

    lives.teardown()


def test_everything_ends_to_the_microsecond(world: World) -> None:
    lives = Lives(world)
    lives.the_first_user_comes()

    for border, off in product(BORDERS, AROUND):
        lives.a_user_logs_in(0, is_right=True)
        lives.time_passes_up_to_a_border(0, border, off)
        lives.a_browser_asks(0)
        lives.tokens_of_any_age_are_presented(0, [(NO_TIME, 0, 1)])

    lives.teardown()


@pytest.mark.requirement("EC-3")
@pytest.mark.parametrize("is_used", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("kind", ["password_reset", "registration", "email_change"])
def test_a_link_means_what_the_document_says_whatever_happens_before_or_after_its_use(
    world: World,
    kind: str,
    is_used: bool,  # noqa: FBT001 - given by pytest
) -> None:
    for happens in EVENTS.values():
        lives = LinkedLives(world)
        lives.the_first_user_comes()
        lives.an_administrator_stays()
        if kind == "email_change":
            lives.a_user_asks_for_another_address(0, WANTED, is_right=True)
        else:
            lives.somebody_asks_for_a_link(kind, WANTED if kind == "registration" else 0)
        if is_used:
            lives.a_link_is_used(0, is_right=True, times=1)
            lives.a_user_logs_in(NEWEST, is_right=True)
        happens(lives)
        first = len(lives.holdings) - 1

        lives.a_link_is_read_and_used_for_something_else(first, "email_change")
        lives.a_link_is_used(first, is_right=False, times=2)
        lives.a_link_is_used(first, is_right=True, times=2)
        lives.a_link_is_read_and_used_for_something_else(first, "password_reset")

        lives.teardown()


@pytest.mark.requirement("MF-2", "MF-4")
@pytest.mark.parametrize("off", AROUND, ids=["before", "at", "after"])
def test_a_code_means_what_the_document_says_around_each_step(world: World, off: timedelta) -> None:
    lives = FactoredLives(world)
    lives.the_first_user_comes()
    lives.a_user_comes_with_an_app(0, 2)
    lives.a_user_confirms_an_app(0, 0, 0)

    for step, times in product(range(-2, 3), (1, 2)):
        lives.a_user_logs_in(0, is_right=True)
        lives.time_passes_up_to_the_next_step(off)
        lives.a_challenge_is_answered_with_an_app(0, step, times)
        lives.a_challenge_is_answered_with_an_app(0, step, times)
        lives.a_challenge_is_answered_with_a_recovery_code(0, 0, times, 2)
    lives.a_user_replaces_the_recovery_codes(0)
    lives.a_challenge_is_answered_with_a_recovery_code(0, 1, 0, 1)
    lives.time_passes_until_a_login_is_no_longer_fresh(0, off)
    lives.a_user_removes_the_factors(0)
    lives.a_user_logs_in(0, is_right=True)
    lives.a_challenge_is_answered_with_an_app(0, 0, 1)

    lives.teardown()


@pytest.mark.requirement("MF-9")
@pytest.mark.parametrize("off", AROUND, ids=["before", "at", "after"])
def test_a_passkey_means_what_the_document_says_whatever_it_answers(
    world: World, off: timedelta
) -> None:
    lives = PasskeyLives(world)
    lives.the_first_user_comes()
    lives.the_first_user_adds_a_passkey()

    for challenge, times in product(range(3), (2, 1)):
        lives.a_browser_asks_for_a_challenge()
        lives.a_passkey_answers_a_challenge(0, challenge, times)
        lives.a_passkey_answers_a_challenge(0, 0, times)
    lives.time_passes_up_to_the_end_of_a_challenge(0, off)
    lives.a_passkey_answers_a_challenge(0, 0, 1)
    lives.a_user_signs_in_again_and_again(0, [(NO_TIME, 0, 1)])
    lives.a_user_adds_a_passkey(0)
    lives.time_passes_until_a_login_is_no_longer_fresh(0, off)
    lives.a_user_removes_a_passkey(0, 1)
    lives.a_user_looks_at_the_passkeys(0)
    lives.a_user_signs_in_again_and_again(1, [(NO_TIME, 0, 1)])
    lives.a_user_removes_a_passkey(0, 0)
    lives.a_user_removes_all_factors(0)
    lives.a_user_logs_in(0, is_right=True)

    lives.teardown()


@pytest.mark.parametrize("machine", [Lives, LinkedLives, FactoredLives, PasskeyLives])
def test_every_answer_to_every_life_is_as_foreseen_on_every_side(
    world: World, effort: Effort, machine: type[Lives]
) -> None:
    run_state_machine_as_test(
        lambda: machine(world),  # type: ignore[arg-type]  # any factory will do
        settings=effort.of_lives,
    )
