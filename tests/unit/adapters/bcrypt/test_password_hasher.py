"""How much work is done, by whom, and when."""

import asyncio
import os
import re
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from time import monotonic
from typing import Final

import bcrypt
import pytest

from adapters.bcrypt import BcryptPasswordHasher
from domain.errors import PasswordHasherBusyError
from domain.password import Password, PasswordHash
from unit.adapters.bcrypt.vectors import PLAIN, PREHASHED, UNREADABLE

PASSWORD: Final = Password("correct horse battery staple")
LONG: Final = Password("0" * 128)
ROUNDS: Final = 6
PATIENCE: Final = 10  # seconds until a test gives up; nothing waits that long unless it is broken


def _made_at(cost: int, password: Password = PASSWORD) -> PasswordHash:
    return PasswordHash(bcrypt.hashpw(password.reveal().encode(), bcrypt.gensalt(cost)).decode())


@pytest.fixture
def hasher() -> Iterator[BcryptPasswordHasher]:
    hasher = BcryptPasswordHasher(rounds=ROUNDS, workers=1, queue=2)
    yield hasher
    hasher.close()


@dataclass
class Meter:
    """Counts what bcrypt is asked to do, in units of one round."""

    work: int = 0

    def watch(self, function: Callable[[bytes, bytes], object]) -> Callable[[bytes, bytes], object]:
        def counted(password: bytes, setting: bytes) -> object:
            cost = re.match(rb"\$2[aby]\$([0-9]{2})\$", setting)
            assert cost
            self.work += 2 ** int(cost[1])
            return function(password, setting)

        return counted


@pytest.fixture
def meter(monkeypatch: pytest.MonkeyPatch) -> Meter:
    meter = Meter()
    for name in ("hashpw", "checkpw"):
        monkeypatch.setattr(bcrypt, name, meter.watch(getattr(bcrypt, name)))
    return meter


@dataclass
class Gate:
    """Holds every hash until it is opened, and notes which threads have come to it."""

    opened: threading.Event = field(default_factory=threading.Event)
    arrived: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    threads: list[int] = field(default_factory=list)

    def hashpw(self, _password: bytes, setting: bytes) -> bytes:
        self.threads.append(threading.get_native_id())
        self.arrived.release()
        assert self.opened.wait(PATIENCE)
        return setting + b"0" * 31

    async def reached(self) -> None:
        """Wait until a hash has begun."""
        assert await asyncio.to_thread(self.arrived.acquire, timeout=PATIENCE)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    gate = Gate()
    monkeypatch.setattr(bcrypt, "hashpw", gate.hashpw)
    yield gate
    gate.opened.set()


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


@pytest.mark.anyio
@pytest.mark.parametrize(("password", "encoded"), [*PLAIN, *PREHASHED])
async def test_a_published_hash_knows_its_password_and_no_other(
    hasher: BcryptPasswordHasher, password: str, encoded: str
) -> None:
    stored = PasswordHash(encoded)

    assert await hasher.verify(Password(password), stored)
    assert not await hasher.verify(Password("x" + password[1:]), stored)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("password", "stored"),
    [
        pytest.param(PASSWORD, _made_at(ROUNDS), id="right"),
        pytest.param(Password("wrong horse"), _made_at(ROUNDS), id="wrong"),
        pytest.param(PASSWORD, None, id="nobody"),
        pytest.param(PASSWORD, _made_at(4), id="right, of two costs less"),
        pytest.param(Password("wrong horse"), _made_at(4), id="wrong, of two costs less"),
        pytest.param(LONG, _made_at(ROUNDS), id="too long for it"),
        pytest.param(LONG, None, id="long, nobody"),
        pytest.param(Password("0" * 4000), _made_at(ROUNDS), id="much too long"),
        pytest.param(Password("short"), _made_at(ROUNDS), id="too short"),
        pytest.param(Password(""), _made_at(ROUNDS), id="empty"),
        pytest.param(Password("with\0nul in it"), _made_at(ROUNDS), id="NUL"),
        pytest.param(Password("\ud800 a lone surrogate"), _made_at(ROUNDS), id="surrogate"),
        *(pytest.param(PASSWORD, PasswordHash(text), id="unreadable") for text in UNREADABLE),
    ],
)
async def test_every_check_takes_the_work_of_the_configured_cost(
    hasher: BcryptPasswordHasher, meter: Meter, password: Password, stored: PasswordHash | None
) -> None:
    await hasher.verify(password, stored)

    assert meter.work == 2**ROUNDS


@pytest.mark.anyio
@pytest.mark.parametrize("encoded", UNREADABLE, ids=range(len(UNREADABLE)))
async def test_a_hash_that_can_not_be_read_is_no_ones(
    hasher: BcryptPasswordHasher, encoded: str
) -> None:
    assert not await hasher.verify(PASSWORD, PasswordHash(encoded))


@pytest.mark.anyio
async def test_a_nul_does_not_repeat_a_password(hasher: BcryptPasswordHasher) -> None:
    stored = _made_at(ROUNDS, Password("password"))
    repeated = "password\0password"
    assert bcrypt.checkpw(repeated.encode(), stored.encoded.encode()), "bcrypt sees no difference"

    assert not await hasher.verify(Password(repeated), stored)


@pytest.mark.anyio
async def test_a_hash_is_made_at_the_configured_cost(
    hasher: BcryptPasswordHasher, meter: Meter
) -> None:
    stored = [await hasher.hash(password) for password in (PASSWORD, LONG)]

    assert meter.work == 2 * 2**ROUNDS
    assert stored[0].encoded.startswith("$2b$06$")
    assert stored[1].encoded.startswith("$bcrypt-sha256$v=2,t=2b,r=6$")


@pytest.mark.parametrize(
    ("encoded", "is_outdated"),
    [
        ("$2b$06$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", False),
        ("$2b$07$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", False),
        ("$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", True),
        ("$2a$06$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", True),
        ("$2y$12$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", True),
        (
            "$bcrypt-sha256$v=2,t=2b,r=6$CCCCCCCCCCCCCCCCCCCCC.$E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
            False,
        ),
        (
            "$bcrypt-sha256$v=2,t=2b,r=5$CCCCCCCCCCCCCCCCCCCCC.$E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
            True,
        ),
        ("plain text", True),
    ],
)
def test_a_hash_of_lower_cost_or_older_scheme_is_outdated(
    hasher: BcryptPasswordHasher, encoded: str, *, is_outdated: bool
) -> None:
    assert hasher.is_outdated(PasswordHash(encoded)) is is_outdated


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
    assert hashing == min(before + 10, 19)
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == before


def _threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("bcrypt")]


def test_to_make_a_hasher_starts_no_thread_and_hashes_nothing(meter: Meter) -> None:
    before = _threads()

    hasher = BcryptPasswordHasher(rounds=31, workers=4, queue=4)

    assert _threads() == before
    assert meter.work == 0
    hasher.close()


@pytest.mark.anyio
async def test_a_closed_hasher_has_no_threads(hasher: BcryptPasswordHasher) -> None:
    await hasher.hash(PASSWORD)
    assert _threads()

    hasher.close()

    assert not _threads()


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


def test_no_password_is_shown(hasher: BcryptPasswordHasher) -> None:
    assert "horse" not in f"{hasher!r} {PASSWORD!r} {PASSWORD} {vars(hasher)!r}"
