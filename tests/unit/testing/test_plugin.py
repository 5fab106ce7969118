"""The fixtures of the pytest plugin."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import httpx
import pytest
from litestar.types import ASGIApp

from latchkey.testing.frozen_clock import FrozenClock
from latchkey.testing.service import Account, InProcessService
from latchkey.testing.transport import asgi_transport

INERT: Final = """
import sys

def test_nothing_is_imported():
    heavy = ("litestar", "sqlalchemy", "asyncpg", "httpx", "hypothesis", "latchkey.domain")
    assert [name for name in heavy if name in sys.modules] == []
"""


@pytest.mark.anyio
async def test_nobody_is_logged_in_at_first(latchkey_client: httpx.AsyncClient) -> None:
    response = await latchkey_client.get("/api/auth/me")

    assert response.status_code == 401


@pytest.mark.anyio
async def test_each_role_has_a_user_who_is_logged_in(
    latchkey_user: Account,
    latchkey_admin: Account,
    latchkey_user_client: httpx.AsyncClient,
    latchkey_admin_client: httpx.AsyncClient,
) -> None:
    user = (await latchkey_user_client.get("/api/auth/me")).json()
    admin = (await latchkey_admin_client.get("/api/auth/me")).json()

    assert (user["id"], user["role"]) == (str(latchkey_user.id), "USER")
    assert (admin["id"], admin["role"]) == (str(latchkey_admin.id), "ADMIN")


@pytest.mark.anyio
async def test_a_client_that_is_logged_in_can_refresh(
    latchkey_user_client: httpx.AsyncClient,
) -> None:
    first = await latchkey_user_client.post("/api/auth/refresh")
    second = await latchkey_user_client.post("/api/auth/refresh")

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.headers["set-cookie"] != second.headers["set-cookie"]


@pytest.mark.anyio
async def test_time_passes_when_it_is_moved(
    latchkey_clock: FrozenClock, latchkey_user_client: httpx.AsyncClient
) -> None:
    before = await latchkey_user_client.get("/api/auth/me")
    latchkey_clock.move(timedelta(minutes=15))
    after = await latchkey_user_client.get("/api/auth/me")

    assert (before.status_code, after.status_code) == (200, 401)


@pytest.mark.anyio
async def test_the_application_can_be_called_by_itself(latchkey_app: ASGIApp) -> None:
    async with httpx.AsyncClient(transport=asgi_transport(latchkey_app)) as client:
        response = await client.get("http://any.example/health/ready")

    assert response.status_code == 200


def test_the_clock_stands_at_the_present(latchkey_clock: FrozenClock) -> None:
    now = latchkey_clock.now()

    assert abs(datetime.now(UTC) - now) < timedelta(minutes=1)
    assert latchkey_clock.now() == now


def test_a_synchronous_client_gets_the_same_responses(
    latchkey_service: InProcessService, latchkey_sync_client: httpx.Client
) -> None:
    account = latchkey_service.create_user(
        email="ada@latchkey.example", password="violet kettle 41"
    )
    body = {"email": "ada@latchkey.example", "password": "violet kettle 41"}

    login = latchkey_sync_client.post("/api/auth/login", json=body)
    refresh = latchkey_sync_client.post("/api/auth/refresh")
    me = latchkey_service.sync_client(account).get("/api/auth/me")

    assert (login.status_code, refresh.status_code) == (200, 200)
    assert me.json()["email"] == "ada@latchkey.example"


def test_a_wrong_password_is_refused(
    latchkey_user: Account, latchkey_sync_client: httpx.Client
) -> None:
    body = {"email": latchkey_user.email, "password": "amber lantern 17"}

    response = latchkey_sync_client.post("/api/auth/login", json=body)

    assert response.status_code == 401


@pytest.mark.anyio
async def test_users_are_created_and_logged_in_within_asynchronous_tests_too(
    latchkey_service: InProcessService,
) -> None:
    account = latchkey_service.create_user()

    response = await latchkey_service.client(account).get("/api/auth/me")

    assert response.json()["id"] == str(account.id)


def test_a_password_is_not_shown(latchkey_user: Account) -> None:
    assert latchkey_user.password not in repr(latchkey_user)


@pytest.mark.parametrize("mode", [(), ("-W", "error"), ("--strict-markers", "--assert=plain")])
def test_until_a_fixture_is_asked_for_nothing_is_imported(
    tmp_path: Path, mode: tuple[str, ...]
) -> None:
    (tmp_path / "test_inert.py").write_text(INERT)
    plugins = ("-p", "latchkey.testing.plugin")
    environ = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(sys.path),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }

    done = subprocess.run(  # noqa: S603 - our own plugin
        [sys.executable, "-m", "pytest", "-q", *plugins, *mode],
        cwd=tmp_path,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
