"""Who hashes when: threads that stand back, and how many may wait for them."""

import asyncio
import os
import sys
import threading
from time import monotonic

import bcrypt
import pytest

from latchkey.adapters.bcrypt import BcryptPasswordHasher
from latchkey.domain.accounts.errors import PasswordHasherBusyError
from latchkey.domain.accounts.password import PasswordHash
from unit.adapters.bcrypt.gauges import PASSWORD, PATIENCE, Gate, Meter


def _waiting(hasher: BcryptPasswordHasher, count: int) -> list[asyncio.Task[PasswordHash]]:
    return [asyncio.create_task(hasher.hash(PASSWORD)) for _ in range(count)]


async def _is_busy(hasher: BcryptPasswordHasher) -> bool:
    try:
        await asyncio.wait_for(hasher.hash(PASSWORD), PATIENCE)
    except PasswordHasherBusyError:
        return True
    return False


async def _settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


@pytest.mark.requirement("LG-4")
@pytest.mark.anyio
async def test_beyond_the_queue_the_hasher_is_busy_at_once(
    hasher: BcryptPasswordHasher, gate: Gate
) -> None:
    tasks = _waiting(hasher, 3)
    await gate.reached()

    assert await _is_busy(hasher)
    with pytest.raises(PasswordHasherBusyError):
        await asyncio.wait_for(hasher.verify(PASSWORD, None), PATIENCE)
    gate.opened.set()
    assert len(await asyncio.gather(*tasks)) == 3


@pytest.mark.anyio
async def test_every_place_is_given_back(hasher: BcryptPasswordHasher, gate: Gate) -> None:
    gate.opened.set()

    for _ in range(3):
        await asyncio.gather(*_waiting(hasher, 3))

    assert len(gate.threads) == 9


@pytest.mark.anyio
async def test_who_gives_up_waiting_makes_room_and_is_never_hashed(
    hasher: BcryptPasswordHasher, gate: Gate
) -> None:
    tasks = _waiting(hasher, 3)
    await gate.reached()

    tasks[2].cancel()
    await asyncio.wait(tasks[2:])
    successor = _waiting(hasher, 1)
    await _settle()

    assert await _is_busy(hasher)
    gate.opened.set()
    await asyncio.gather(*tasks[:2], *successor)
    assert len(gate.threads) == 3


@pytest.mark.anyio
async def test_who_gives_up_during_the_hash_keeps_the_place_until_it_ends(
    hasher: BcryptPasswordHasher, gate: Gate
) -> None:
    tasks = _waiting(hasher, 3)
    await gate.reached()

    tasks[0].cancel()
    await asyncio.wait(tasks[:1])
    await _settle()

    assert await _is_busy(hasher)
    gate.opened.set()
    await asyncio.gather(*tasks[1:])
    assert len((await hasher.hash(PASSWORD)).encoded) == 60


@pytest.mark.anyio
async def test_a_hash_that_fails_gives_its_place_back(
    hasher: BcryptPasswordHasher, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> bytes:
        raise MemoryError

    monkeypatch.setattr(bcrypt, "hashpw", fail)
    failed = [await asyncio.gather(hasher.hash(PASSWORD), return_exceptions=True) for _ in range(9)]

    assert [type(outcome) for outcomes in failed for outcome in outcomes] == [MemoryError] * 9


@pytest.mark.anyio
async def test_a_thread_that_can_not_begin_gives_its_place_back(
    hasher: BcryptPasswordHasher, monkeypatch: pytest.MonkeyPatch
) -> None:
    def start(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as machine:
        machine.setattr(threading.Thread, "start", start)
        refused = [await _is_busy(hasher) for _ in range(9)]

    assert refused == [True] * 9
    assert not await _is_busy(hasher)


@pytest.mark.anyio
async def test_a_closed_hasher_is_busy_for_good(hasher: BcryptPasswordHasher) -> None:
    hasher.close()

    assert await _is_busy(hasher)


@pytest.mark.requirement("LG-4")
@pytest.mark.anyio
async def test_no_more_than_the_workers_hash_at_once(gate: Gate) -> None:
    hasher = BcryptPasswordHasher(rounds=4, workers=2, queue=4)
    tasks = _waiting(hasher, 6)
    await gate.reached()
    await gate.reached()
    await _settle()

    at_once = len(gate.threads)

    gate.opened.set()
    await asyncio.gather(*tasks)
    hasher.close()
    assert (at_once, len(gate.threads), len(set(gate.threads))) == (2, 6, 2)


@pytest.mark.requirement("LG-4")
@pytest.mark.anyio
async def test_the_event_loop_goes_on_while_a_password_is_hashed() -> None:
    hasher = BcryptPasswordHasher(rounds=11, workers=1, queue=0)
    task = asyncio.create_task(hasher.hash(PASSWORD))
    turns, deadline = 0, monotonic() + PATIENCE

    while not task.done() and monotonic() < deadline:
        await asyncio.sleep(0.001)
        turns += 1

    hasher.close()
    assert task.done()
    assert turns > 5  # a hash takes 100 ms or more: room for dozens; on the loop itself for two


@pytest.mark.anyio
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has priorities of threads")
async def test_hashes_stand_back_behind_the_event_loop(
    hasher: BcryptPasswordHasher, gate: Gate
) -> None:
    before = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    task = _waiting(hasher, 1)
    await gate.reached()

    hashing = os.getpriority(os.PRIO_PROCESS, gate.threads[0])

    gate.opened.set()
    await asyncio.gather(*task)
    assert hashing == min(before + 1, 19)
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == before


def _threads() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if thread.name.startswith("bcrypt")}


def test_to_make_a_hasher_starts_no_thread_and_hashes_nothing(meter: Meter) -> None:
    others = _threads()

    hasher = BcryptPasswordHasher(rounds=31, workers=4, queue=4)

    assert not _threads() - others
    assert meter.work == 0
    hasher.close()


@pytest.mark.anyio
async def test_a_closed_hasher_has_no_threads(hasher: BcryptPasswordHasher) -> None:
    others = _threads()
    await hasher.hash(PASSWORD)
    assert _threads() - others

    hasher.close()

    assert not _threads() - others


@pytest.mark.anyio
async def test_to_close_a_hasher_cancels_those_that_wait(
    hasher: BcryptPasswordHasher, gate: Gate
) -> None:
    tasks = _waiting(hasher, 3)
    await gate.reached()
    closing = asyncio.create_task(asyncio.to_thread(hasher.close))

    await asyncio.wait(tasks[1:], timeout=PATIENCE)

    gate.opened.set()
    await closing
    await tasks[0]
    assert [task.cancelled() for task in tasks] == [False, True, True]
