"""Who finds a place in the queue, and how long the others have to wait."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latchkey.adapters.bcrypt.fair_queue import FairQueue
from latchkey.domain.accounts.errors import PasswordHasherBusyError

ADA, BOB, HOME, OFFICE = "ada", "bob", "home", "office"


def fits(queue: FairQueue, *clients: str) -> bool:
    try:
        queue.enter(clients)
    except PasswordHasherBusyError:
        return False
    return True


def wait(queue: FairQueue) -> timedelta:
    with pytest.raises(PasswordHasherBusyError) as refusal:
        queue.enter([ADA])
    return refusal.value.retry_after


@pytest.mark.requirement("LG-16")
@pytest.mark.parametrize("others", [(ADA, OFFICE), (BOB, HOME)])
def test_who_has_a_share_is_refused_while_others_find_a_place(others: tuple[str, str]) -> None:
    queue = FairQueue(workers=1, waiting=9, share=3)

    mine = [fits(queue, ADA, HOME) for _ in range(5)]

    assert mine == [True, True, True, False, False]
    assert not fits(queue, *others)
    assert fits(queue, BOB, OFFICE)
    assert fits(queue)


def test_a_place_that_is_given_back_is_free_again() -> None:
    queue = FairQueue(workers=1, waiting=2, share=2)
    for _ in range(9):
        assert [fits(queue, ADA) for _ in range(3)] == [True, True, False]
        for _ in range(2):
            queue.leave([ADA])

    assert [fits(queue) for _ in range(4)] == [True, True, True, False]


def test_the_load_is_what_is_hashed_and_what_waits() -> None:
    queue = FairQueue(workers=2, waiting=9, share=9)
    loads = [queue.load]
    for _ in range(5):
        fits(queue, ADA)
        loads.append(queue.load)
    queue.seconds = 0.25

    assert [(load.hashing, load.waiting) for load in loads] == [
        (0, 0),
        (1, 0),
        (2, 0),
        (2, 1),
        (2, 2),
        (2, 3),
    ]
    assert queue.load.seconds == 0.25


@given(st.lists(st.tuples(st.sampled_from([ADA, BOB]), st.sampled_from([HOME, OFFICE]))))
def test_nobody_who_was_refused_takes_a_place(attempts: list[tuple[str, str]]) -> None:
    queue, taken = FairQueue(workers=1, waiting=5, share=2), list[tuple[str, str]]()

    taken += [each for each in attempts if fits(queue, *each)]

    assert len(taken) <= 6
    for name in (ADA, BOB, HOME, OFFICE):
        assert sum(name in each for each in taken) <= 2
    for each in taken:
        queue.leave(each)
    assert [fits(queue, ADA) for _ in range(3)] == [True, True, False]


@pytest.mark.requirement("LG-16")
def test_the_wait_is_what_the_queue_takes() -> None:
    queue = FairQueue(workers=2, waiting=8, share=10)
    for _ in range(10):
        queue.enter([])
    queue.seconds = 0.5

    full = wait(queue)
    queue.seconds = 0.0
    unknown = wait(queue)

    assert full == timedelta(seconds=2.5)
    assert unknown == timedelta(seconds=1)


def test_a_client_that_has_its_share_waits_for_the_whole_queue() -> None:
    queue = FairQueue(workers=1, waiting=99, share=1)
    for client in [ADA, *map(str, range(9))]:
        queue.enter([client])
    queue.seconds = 2.0

    assert wait(queue) == timedelta(seconds=20)
