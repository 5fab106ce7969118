"""As which user the embedded server runs, and which directories are opened for it."""

import asyncio
import os
import shutil
import stat
from pathlib import Path
from uuid import uuid4

import psutil
import pytest

from contract.adapters.embedded_server import answer, postmaster_of
from harness.postgres import PostgresServer
from latchkey.adapters.embedded_postgres import identity
from latchkey.adapters.embedded_postgres.embedded import EmbeddedPostgres, EmbeddedPostgresError

pytestmark = pytest.mark.anyio

CAP_DAC_OVERRIDE = 1  # capabilities(7)
IS_ROOT = os.geteuid() == 0


@pytest.fixture
def home(postgres_server: PostgresServer) -> Path:
    """A directory that is not there yet."""
    return postgres_server.home / uuid4().hex


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
