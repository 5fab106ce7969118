"""Connecting works in environments that asyncpg does not expect, and its failures say why."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from latchkey.adapters.postgres import PostgresConfig
from latchkey.adapters.postgres.engine.connection import connect
from latchkey.domain.kernel.errors import StorageUnavailableError

pytestmark = pytest.mark.anyio

NOBODY = 65_534
REFUSING = "127.0.0.1:1"


@contextmanager
def without_privileges() -> Iterator[None]:
    """Be a user to whom permissions apply."""
    is_root = os.geteuid() == 0
    if is_root:
        os.setresuid(NOBODY, NOBODY, 0)
    try:
        yield
    finally:
        if is_root:
            os.setresuid(0, 0, 0)


async def reason() -> str:
    """Connect to where nobody listens; return why it failed."""
    with pytest.raises(StorageUnavailableError) as failure:
        await connect(PostgresConfig(dsn=f"postgresql://u:violet-kettle@{REFUSING}/db"))
    return str(failure.value.__cause__)


async def test_a_home_of_another_user_does_not_keep_the_service_from_connecting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o000)
    monkeypatch.setenv("HOME", str(home))

    with without_privileges():
        why = await reason()

    assert "ConnectionRefusedError" in why


async def test_a_failure_names_the_place_and_the_reason_and_no_password() -> None:
    why = await reason()

    assert why.startswith(f"{REFUSING}: ConnectionRefusedError: ")
    assert "violet-kettle" not in why
