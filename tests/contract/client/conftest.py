"""A started service, a proxy that meddles with its responses, and a session behind the proxy."""

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest

from contract.flow.in_process import ADMIN, ENVIRON
from harness.meddler import Meddler, Reply, meddling
from harness.postgres import PostgresServer
from harness.service import Installation, Service
from harness.trust import TRUST
from latchkey.client import Session
from latchkey.testing.flow.deployments import Account
from latchkey.testing.flow.fixtures import new_email

Get = Callable[[Session, str], httpx.Response]


@pytest.fixture(scope="package")
def installation(postgres_server: PostgresServer) -> Iterator[Installation]:
    dsn = asyncio.run(postgres_server.create_database())
    with TemporaryDirectory(prefix="latchkey-client-") as home:
        settings = {"DATABASE_URL": dsn, "LATCHKEY_HOME": home, "WORKERS": "2"}
        limits = {"REFRESH_LIMIT": "off", "LOGIN_LIMIT_ACCOUNT": "off"}
        yield Installation(home=Path(home), environ={**ENVIRON, **settings, **limits})


@pytest.fixture(scope="package")
def service(installation: Installation) -> Iterator[Service]:
    with installation.serving() as service:
        created = installation.run(
            *("create-admin", "--email", ADMIN.email, "--name", ADMIN.name, "--password-stdin"),
            given=f"{ADMIN.password}\n",
        )
        assert created.returncode == 0, created.stderr
        yield service


@pytest.fixture
def meddler(service: Service) -> Iterator[Meddler]:
    with meddling(service.port) as meddler:
        yield meddler


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "cookies"


@pytest.fixture
def admin(service: Service) -> Session:
    session = Session(service.url)
    session.login(ADMIN.email, ADMIN.password)
    return session


@pytest.fixture
def new_account(admin: Session, service: Service) -> Callable[[], Account]:
    """Create a user."""

    def create() -> Account:
        account = Account(email=new_email())
        body = account.credentials | {"name": account.name, "role": "USER"}
        with httpx.Client(base_url=service.url, auth=admin, verify=TRUST) as http:
            assert http.post("/api/admin/users", json=body).status_code == 201
        return account

    return create


@pytest.fixture
def account(new_account: Callable[[], Account]) -> Account:
    return new_account()


@pytest.fixture
def session(service: Service, meddler: Meddler, file: Path, account: Account) -> Session:
    """A program that was started after its user had logged in, by another program."""
    Session(service.url, cookies=file).login(account.email, account.password)
    return Session(meddler.url, cookies=file)


def get(session: Session, url: str) -> httpx.Response:
    with httpx.Client(auth=session, verify=TRUST) as http:
        return http.get(url)


def get_async(session: Session, url: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(auth=session, verify=TRUST) as http:
            return await http.get(url)

    return asyncio.run(ask())


@pytest.fixture(params=[get, get_async], ids=["sync", "async"])
def ask(request: pytest.FixtureRequest) -> Get:
    """Send a GET with a session, in both ways."""
    chosen: Get = request.param
    return chosen


def problem(status: int, code: str, **headers: str) -> Reply:
    """Return a problem as the service sends it, with headers whose names have underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    body = json.dumps({"type": f"/problems/{code}", "title": code, "status": status, "code": code})
    return Reply(
        status=status,
        body=body,
        headers=(("Content-Type", "application/problem+json"), *named.items()),
    )
