"""The rules of docs/clients.md on the cookie file, which several processes share."""

import asyncio
import fcntl
import os
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path
from time import monotonic
from typing import Final

import anyio
import httpx
import pytest

from contract.client.conftest import get
from harness.meddler import Fault, Meddler
from harness.service import Service
from latchkey.client import Session
from latchkey.client.cookie_file import CookieFile
from latchkey.testing.flow.deployments import Account

REFRESH: Final = "/api/auth/refresh"
ME: Final = "/api/auth/me"
ORDERS: Final = "/api/orders"
WITHIN: Final = 30.0  # s
KILLS: Final = 8
PROGRAM: Final = """
import sys
from latchkey.client import Session

session = Session(sys.argv[1], cookies=sys.argv[2])
token = session.access_token()
for _ in range(int(sys.argv[3])):
    token = session.access_token(rejected=token)
    print("renewed", flush=True)
"""


def program(url: str, file: Path, renewals: int) -> subprocess.Popen[str]:
    """Start a process that renews the token of a file as fast as it can."""
    command = [sys.executable, "-c", PROGRAM, url, str(file), str(renewals)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own


def refresh_token(file: Path) -> str | None:
    [token] = [each.value for each in CookieFile(file).load().jar if "device" not in each.name]
    return token


def test_only_the_owner_may_read_the_file_and_its_lock(
    service: Service, file: Path, account: Account
) -> None:
    before = os.umask(0)
    try:
        Session(service.url, cookies=file).login(account.email, account.password)
    finally:
        os.umask(before)

    modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in file.parent.iterdir()}
    assert modes == {"cookies": 0o600, "cookies.lock": 0o600}
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_the_file_is_replaced_and_never_changed(session: Session, file: Path) -> None:
    before = file.read_bytes()
    other_name = file.with_name("other")
    other_name.hardlink_to(file)

    session.access_token()

    assert other_name.read_bytes() == before
    assert file.read_bytes() != before


def test_the_file_of_a_link_is_replaced_and_not_the_link(
    session: Session, meddler: Meddler, file: Path, tmp_path: Path
) -> None:
    link = tmp_path / "link"
    link.symlink_to(file)
    before = file.read_bytes()

    Session(meddler.url, cookies=link).access_token()

    assert link.is_symlink()
    assert file.read_bytes() != before
    assert session.access_token()


def test_a_file_that_cannot_be_replaced_stays_as_it_is(
    session: Session, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError("no space left on device")

    before = file.read_bytes()
    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", full)
        with pytest.raises(OSError, match="no space"):
            session.access_token()

    assert file.read_bytes() == before
    assert sorted(each.name for each in file.parent.iterdir()) == ["cookies", "cookies.lock"]
    assert session.access_token()


def test_the_refresh_token_is_in_the_file_before_the_access_token_is_used(
    session: Session, meddler: Meddler, file: Path
) -> None:
    before = refresh_token(file)
    kept: list[str | None] = []
    meddler.plan(ME, Fault(first=lambda: kept.append(refresh_token(file))))

    session.access_token()

    assert kept == [refresh_token(file)]
    assert kept != [before]


def test_processes_with_one_file_refresh_one_after_another(
    session: Session, meddler: Meddler, file: Path
) -> None:
    processes = [program(meddler.url, file, 10) for _ in range(4)]

    assert [process.communicate(timeout=WITHIN)[0].count("renewed") for process in processes] == [
        10
    ] * 4
    assert len(meddler.requests(REFRESH)) == 44
    assert meddler.most_at_once(REFRESH) == 1
    assert len({each.headers["Cookie"] for each in meddler.requests(REFRESH)}) == 44
    assert session.access_token()


def test_a_program_that_is_killed_at_any_moment_loses_no_session(
    session: Session, service: Service, file: Path
) -> None:
    for kill in range(KILLS):
        running = program(service.url, file, 1_000)
        assert running.stdout is not None
        for _ in range(1 + 3 * kill):
            assert running.stdout.readline() == "renewed\n"
        running.send_signal(signal.SIGKILL)
        running.communicate(timeout=WITHIN)

    assert session.access_token()


def test_a_refresh_waits_for_the_lock_that_flock_holds(
    session: Session, meddler: Meddler, file: Path
) -> None:
    with file.with_name("cookies.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        waiting = threading.Thread(target=session.access_token)
        waiting.start()
        waiting.join(0.3)
        seen_meanwhile = len(meddler.seen)
    waiting.join(WITHIN)

    assert seen_meanwhile == 0
    assert len(meddler.requests(REFRESH)) == 1


def test_a_task_that_is_cancelled_leaves_a_session_that_goes_on(
    session: Session, meddler: Meddler, file: Path
) -> None:
    """The refresh ends in its thread, and what it got is in the file."""
    goes_on = threading.Event()
    before = refresh_token(file)

    async def be_cancelled() -> None:
        with anyio.move_on_after(0.2):
            await session.access_token_async()
        goes_on.set()

    meddler.plan(REFRESH, Fault(then=lambda: goes_on.wait(WITHIN)))
    asyncio.run(be_cancelled())

    assert session.access_token()
    assert len(meddler.requests(REFRESH)) == 1
    assert refresh_token(file) != before


def test_a_login_is_kept_even_if_another_process_refreshes_meanwhile(
    session: Session, service: Service, meddler: Meddler, file: Path, account: Account
) -> None:
    def refresh_without_the_lock() -> None:
        cookies = CookieFile(file).load()
        with httpx.Client(base_url=service.url, cookies=cookies.jar) as http:
            assert http.post(REFRESH).status_code == 200
        CookieFile(file).overwrite(cookies)

    meddler.plan("/api/auth/login", Fault(first=refresh_without_the_lock))
    session.login(account.email, account.password)

    assert Session(service.url, cookies=file).access_token()


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make everybody wait for a lock for a moment only."""
    monkeypatch.setattr("latchkey.client.cookie_file._LOCK_TIMEOUT", 0.3)


@pytest.mark.usefixtures("hasty")
def test_a_stuck_process_does_not_keep_the_others_waiting(
    session: Session, meddler: Meddler, file: Path
) -> None:
    with file.with_name("cookies.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        begun = monotonic()

        assert get(session, f"{meddler.url}{ORDERS}").status_code == 200

    assert monotonic() - begun >= 0.3


@pytest.mark.usefixtures("hasty")
def test_a_process_that_was_stuck_does_not_overwrite_a_newer_token(
    session: Session, service: Service, meddler: Meddler, file: Path
) -> None:
    is_stuck, goes_on = threading.Event(), threading.Event()

    def be_stuck() -> None:
        is_stuck.set()
        goes_on.wait(WITHIN)

    meddler.plan(REFRESH, Fault(then=be_stuck))
    stuck = threading.Thread(target=session.access_token)
    stuck.start()
    assert is_stuck.wait(WITHIN)
    other = Session(service.url, cookies=file)
    for _ in range(3):
        other.access_token(rejected=other.access_token())
    newest = refresh_token(file)

    goes_on.set()
    stuck.join(WITHIN)

    assert refresh_token(file) == newest
    assert other.access_token(rejected=other.access_token())
