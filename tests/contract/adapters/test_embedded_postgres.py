"""The embedded server starts whatever happened before, and runs as long as somebody uses it."""

import asyncio
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import asyncpg
import psutil
import pytest

from harness.postgres import PostgresServer
from latchkey.adapters.embedded_postgres import identity
from latchkey.adapters.embedded_postgres import program as embedded_program
from latchkey.adapters.embedded_postgres.embedded import EmbeddedPostgres, EmbeddedPostgresError
from latchkey.adapters.embedded_postgres.server import NO_SETTINGS

pytestmark = pytest.mark.anyio

USER = Path(__file__).with_name("embedded_user.py")
IS_ROOT = os.geteuid() == 0
CAP_DAC_OVERRIDE = 1  # capabilities(7)
GONE = r"No such file|refused"
LONG_ENOUGH_TO_FAIL = 0.5  # s


@pytest.fixture
def home(postgres_server: PostgresServer) -> Path:
    """A directory that is not there yet."""
    return postgres_server.home / uuid4().hex


@contextmanager
def other_process(home: Path) -> Iterator[subprocess.Popen[str]]:
    """Use a server in another process."""
    command = [sys.executable, str(USER), str(home)]
    with subprocess.Popen(  # noqa: S603 - the file beside this one
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process


def dsn_from(process: subprocess.Popen[str]) -> str:
    """Wait until another process has started its server."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def postmaster_of(home: Path) -> int:
    """Tell the number of the server's process."""
    return int((home / "postgres" / "postmaster.pid").read_text().splitlines()[0])


def begin_to_stop(home: Path) -> None:
    """Have a server stop as soon as its last client has gone."""
    os.kill(postmaster_of(home), signal.SIGTERM)
    while "stopping" not in (home / "postgres" / "postmaster.pid").read_text():
        time.sleep(0.01)


async def answer(dsn: str, query: str = "SELECT true") -> object:
    """Ask a server something."""
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def test_the_first_start_makes_the_data_and_later_ones_find_it(home: Path) -> None:
    with EmbeddedPostgres(home) as server:
        await answer(server.dsn, "CREATE TABLE kept AS SELECT 1")

    with EmbeddedPostgres(home) as server:
        assert await answer(server.dsn, "SELECT count(*) FROM kept") == 1


async def test_it_stops_when_its_last_user_does(home: Path) -> None:
    first, second = EmbeddedPostgres(home), EmbeddedPostgres(home)
    first.start()
    second.start()
    dsn = first.dsn

    first.stop()
    assert await answer(dsn)

    second.stop()
    with pytest.raises(OSError, match=GONE):
        await answer(dsn)


async def test_another_process_uses_the_server_that_runs(home: Path) -> None:
    with EmbeddedPostgres(home) as server, other_process(home) as process:
        assert dsn_from(process) == server.dsn
        postmaster = postmaster_of(home)

        process.communicate()

        assert postmaster_of(home) == postmaster
        assert await answer(server.dsn)


async def test_a_server_whose_user_was_killed_is_found_and_stopped_by_the_next(home: Path) -> None:
    with other_process(home) as process:
        dsn = dsn_from(process)
        process.kill()
    postmaster = postmaster_of(home)

    with EmbeddedPostgres(home) as server:
        assert (server.dsn, postmaster_of(home)) == (dsn, postmaster)
        assert await answer(dsn)

    with pytest.raises(OSError, match=GONE):
        await answer(dsn)


async def test_it_starts_after_the_server_itself_was_killed(home: Path) -> None:
    with EmbeddedPostgres(home):
        killed = psutil.Process(postmaster_of(home))
        family = [killed, *killed.children()]
        killed.kill()
        psutil.wait_procs(family, timeout=10)

        with EmbeddedPostgres(home) as server:
            assert await answer(server.dsn)


async def test_it_starts_when_its_old_process_number_belongs_to_somebody_else(
    home: Path, postgres_server: PostgresServer
) -> None:
    other = str(postmaster_of(postgres_server.home))
    with EmbeddedPostgres(home):
        lock_files = [home / "postgres" / name for name in ("postmaster.pid", ".s.PGSQL.5432.lock")]
        contents = [file.read_text() for file in lock_files]
        postmaster = str(postmaster_of(home))
    for file, content in zip(lock_files, contents, strict=True):
        file.write_text(content.replace(postmaster, other))

    with EmbeddedPostgres(home) as server:
        assert await answer(server.dsn)


async def test_many_first_starts_at_once_lead_to_one_server(home: Path) -> None:
    with other_process(home) as one, other_process(home) as two, other_process(home) as three:
        dsns = {dsn_from(process) for process in (one, two, three)}

        assert len(dsns) == 1
        assert await answer(dsns.pop())


async def test_it_waits_for_a_server_that_is_stopping(home: Path) -> None:
    with EmbeddedPostgres(home) as server:
        connection = await asyncpg.connect(server.dsn)
        begin_to_stop(home)
        again = EmbeddedPostgres(home)
        starting = asyncio.create_task(asyncio.to_thread(again.start))
        await asyncio.wait([starting], timeout=LONG_ENOUGH_TO_FAIL)

        await connection.close()
        await starting

        assert await answer(again.dsn)
        again.stop()


@pytest.mark.parametrize("name", ["a b", "a'b", 'a"b', "a$(b)", "a,b", "ä%20b", "x" * 90])
async def test_its_home_may_have_any_name(home: Path, name: str) -> None:
    with EmbeddedPostgres(home / name) as server:
        assert await answer(server.dsn)


async def test_what_was_begun_and_never_finished_is_begun_anew(home: Path) -> None:
    unfinished = home / "postgres.new"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18")

    with EmbeddedPostgres(home) as server:
        assert await answer(server.dsn)


async def test_nobody_else_can_enter_its_directory(home: Path) -> None:
    with EmbeddedPostgres(home):
        mode = (home / "postgres").stat().st_mode

    assert stat.S_IMODE(mode) == 0o700


def modes_of(*directories: Path) -> list[int]:
    return [stat.S_IMODE(each.stat().st_mode) for each in directories]


@pytest.mark.skipif(not IS_ROOT, reason="only root has to let another user pass")
async def test_root_opens_its_home_for_passing_through_and_nothing_else(
    home: Path, postgres_server: PostgresServer
) -> None:
    of_group, own = home / "a", home / "a" / "b"
    for directory, mode in ((home, 0o755), (of_group, 0o750), (own, 0o700)):
        directory.mkdir()
        directory.chmod(mode)
    os.chown(of_group, 0, (postgres_server.home / "postgres").stat().st_gid)

    with EmbeddedPostgres(own) as server:
        assert await answer(server.dsn)

    assert modes_of(home, of_group, own) == [0o755, 0o750, 0o701]


@pytest.mark.skipif(not IS_ROOT, reason="only root has to let another user pass")
@pytest.mark.parametrize("unshare", [None, "/bin/false"])
def test_root_leaves_a_closed_directory_above_its_home_closed(
    home: Path, monkeypatch: pytest.MonkeyPatch, unshare: str | None
) -> None:
    monkeypatch.setattr("shutil.which", lambda _: unshare)
    home.mkdir(mode=0o700)

    with pytest.raises(EmbeddedPostgresError, match=f"cannot enter {home}: run this as"):
        EmbeddedPostgres(home / "own").start()

    assert modes_of(home) == [0o700]


@pytest.mark.skipif(not IS_ROOT, reason="only root has to let another user pass")
def test_root_gives_its_privileges_up_where_nobody_else_can_enter(home: Path) -> None:
    if not identity._allowed("unshare", "--user"):  # noqa: SLF001 - what the system allows
        pytest.skip("this system lets nobody make a user namespace")
    home.mkdir(mode=0o700)

    for _ in range(2):
        with EmbeddedPostgres(home / "own") as server:
            assert asyncio.run(answer(server.dsn))
            postmaster = psutil.Process(postmaster_of(home / "own"))
            assert "CapEff:\t0000000000000000" in status_of(postmaster)

    assert modes_of(home) == [0o700]
    assert (home / "own" / "postgres").stat().st_uid == 0


@pytest.mark.skipif(not IS_ROOT, reason="only root has to let another user pass")
def test_without_user_namespaces_another_user_may_enter_all_directories(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    which = shutil.which
    monkeypatch.setattr("shutil.which", lambda name: None if name == "unshare" else which(name))
    home.mkdir(mode=0o700)

    for _ in range(2):
        with EmbeddedPostgres(home / "own") as server:
            assert asyncio.run(answer(server.dsn))
            status = status_of(psutil.Process(postmaster_of(home / "own")))
            assert f"CapEff:\t{1 << CAP_DAC_OVERRIDE:016x}" in status

    assert modes_of(home) == [0o700]
    assert (home / "own" / "postgres").stat().st_uid != 0


def status_of(process: psutil.Process) -> str:
    return Path(f"/proc/{process.pid}/status").read_text()


async def test_data_of_another_release_are_left_alone(home: Path) -> None:
    (home / "postgres").mkdir(parents=True)
    (home / "postgres" / "PG_VERSION").write_text("16\n")

    with pytest.raises(EmbeddedPostgresError, match="made by PostgreSQL 16"):
        EmbeddedPostgres(home).start()


async def test_a_server_that_does_not_start_says_why(home: Path) -> None:
    server = EmbeddedPostgres(home, {"shared_buffers": "none"})

    with pytest.raises(EmbeddedPostgresError, match="invalid value for parameter"):
        server.start()

    with EmbeddedPostgres(home, NO_SETTINGS) as other:
        assert await answer(other.dsn)


async def test_without_its_binaries_it_says_what_to_install(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded_program, "_PACKAGE", "not_installed")

    with pytest.raises(EmbeddedPostgresError, match="pip install"):
        EmbeddedPostgres(home).start()


async def test_it_has_no_address_before_it_starts(home: Path) -> None:
    with pytest.raises(EmbeddedPostgresError, match="no server runs"):
        _ = EmbeddedPostgres(home).dsn


def test_who_never_started_it_may_stop_it(home: Path) -> None:
    EmbeddedPostgres(home).stop()

    assert not home.exists()
