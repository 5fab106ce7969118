"""The fixtures of the suite: a deployment, what it offers besides HTTP, and accounts.

Password hashes take most of the time that the suite needs, so tests share accounts and sessions
where their promises allow it; each fixture says what a test may do with what it gets.
"""

from collections.abc import AsyncIterator, Generator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Final

import pytest

from latchkey.testing.flow.deployments import (
    Account,
    Deployment,
    Forger,
    Operator,
    Process,
    Storage,
)
from latchkey.testing.flow.expectations import assert_status, noted
from latchkey.testing.flow.fixtures import Deploy, MakeUser, admin_of, new_email
from latchkey.testing.flow.issuers import issuing, publishes
from latchkey.testing.flow.kinds import Kind
from latchkey.testing.flow.passkey_users import PasskeyUser
from latchkey.testing.flow.shared_sessions import SharedSessions
from latchkey.testing.flow.visitor import NewUser, SignedIn, Visitor
from latchkey.testing.frozen_clock import FrozenClock

CAPABILITIES: Final = {
    "clock": "a clock that can be moved",
    "operator": "an operator's access besides the API",
    "forger": "the signing secrets",
    "storage": "a database that can be disconnected",
    "process": "processes that can be killed",
    "rotation": "operators who rotate the keys meanwhile (--watch-rotation)",
}
"""What a deployment may offer besides HTTP: the fixture, which is also the attribute, in words."""


def pytest_configure(config: pytest.Config) -> None:
    for marker in (
        "promise(*ids): the promises of docs/flow.md that the test shows, its own one first",
        "requirement(*ids): the requirements of docs/security.md that the test shows",
    ):
        config.addinivalue_line("markers", marker)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, None, None]:
    """Fail a test that has noticed a broken promise besides its own."""
    noted.clear()
    yield
    if noted:
        raise noted[0]


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
async def deployment(kind: Kind) -> AsyncIterator[Deployment]:
    async with kind.deploy() as deployment:
        yield deployment


@pytest.fixture(autouse=True)
def _skip_without_capabilities(request: pytest.FixtureRequest, deployment: Deployment) -> None:
    """Skip a test before its accounts are made, if the deployment lacks what it needs."""
    for name, needed in CAPABILITIES.items():
        if name in request.fixturenames and getattr(deployment, name) is None:
            pytest.skip(f"needs {needed}")


@pytest.fixture(scope="session")
def shared(deployment: Deployment) -> SharedSessions:
    return SharedSessions(deployment)


@asynccontextmanager
async def _deploying(kind: Kind) -> AsyncIterator[Deploy]:
    if not kind.can_deploy:
        pytest.skip("needs a deployment with other settings")
    async with AsyncExitStack() as stack:

        async def deploy(*, has_admin: bool = True, **environ: str) -> Deployment:
            return await stack.enter_async_context(kind.deploy(environ, has_admin=has_admin))

        yield deploy


@pytest.fixture
async def deploy(kind: Kind) -> AsyncIterator[Deploy]:
    async with _deploying(kind) as deploy:
        yield deploy


@pytest.fixture(scope="module")
async def deploy_once(kind: Kind) -> AsyncIterator[Deploy]:
    """Like `deploy`, for all tests of a module; they must leave nothing behind that matters."""
    async with _deploying(kind) as deploy:
        yield deploy


@pytest.fixture
async def visitor(deployment: Deployment) -> AsyncIterator[Visitor]:
    async with deployment.client() as http:
        yield Visitor(http=http, cookie_name=deployment.cookie_name)


@pytest.fixture
async def admin(deployment: Deployment, shared: SharedSessions) -> SignedIn:
    """Return the administrator's session; a test may use its access token only."""
    return await shared.session_of(admin_of(deployment))


@pytest.fixture
async def make_user(admin: SignedIn, visitor: Visitor) -> MakeUser:
    async def make_user(*, email: str | None = None, password: str | None = None) -> Account:
        chosen = {} if password is None else {"password": password}
        account = Account(email=email or new_email(), **chosen)
        response = await visitor.create_user(admin.access, NewUser.of(account).body)
        assert_status(response, 201)
        return account

    return make_user


@pytest.fixture
async def user(make_user: MakeUser) -> Account:
    """Return a new account, with which a test may do anything."""
    return await make_user()


@pytest.fixture
async def newcomer(user: Account, visitor: Visitor) -> SignedIn:
    """Return a session of a new account, with which a test may do anything."""
    return await visitor.sign_in(user)


@pytest.fixture
async def resident(shared: SharedSessions, make_user: MakeUser) -> Account:
    """Return an account that tests share; a test must neither change it nor fail to log in."""
    return await shared.resident(make_user)


@pytest.fixture
async def somebody(visitor: Visitor, resident: Account) -> SignedIn:
    """Return a new session of the shared account, with which a test may do anything."""
    return await visitor.sign_in(resident)


@pytest.fixture
async def survivor(shared: SharedSessions, resident: Account) -> AsyncIterator[SignedIn]:
    """Return a session that a test must leave alive: the next test goes on with it.

    A test may refresh with its token, but not with that token's successor.
    """
    async with shared.lent(resident) as session:
        yield session


@pytest.fixture
async def reader(shared: SharedSessions, make_user: MakeUser) -> SignedIn:
    """Return a session that tests share; a test may use its access token only."""
    return await shared.session_of(await shared.reader(make_user))


@pytest.fixture
async def passkey_user(shared: SharedSessions, make_user: MakeUser) -> PasskeyUser:
    """Return a user whom tests share; a test may log in with the passkey, and change nothing."""
    return await shared.passkey_user(make_user)


@pytest.fixture(scope="session")
async def issuer(kind: Kind, deployment: Deployment) -> AsyncIterator[Deployment]:
    """Return a deployment that publishes keys: this one, or one with such settings."""
    if await publishes(deployment):
        yield deployment
    elif not kind.can_deploy:
        pytest.skip("needs a deployment that publishes keys (JWT_KEYS_FILE)")
    else:
        async with kind.deploy(issuing(deployment.base_url)) as issuer:
            yield issuer


@pytest.fixture
async def verifier(issuer: Deployment) -> AsyncIterator[Visitor]:
    """Return a visitor of the issuer."""
    async with issuer.client() as http:
        yield Visitor(http=http, cookie_name=issuer.cookie_name)


@pytest.fixture(scope="session")
def shared_at_issuer(issuer: Deployment) -> SharedSessions:
    return SharedSessions(issuer)


@pytest.fixture
async def issued(issuer: Deployment, shared_at_issuer: SharedSessions) -> SignedIn:
    """Return the administrator's session at the issuer; a test may use its access token only."""
    return await shared_at_issuer.session_of(admin_of(issuer))


@pytest.fixture
async def holder(issuer: Deployment, verifier: Visitor) -> SignedIn:
    """Return a new session at the issuer, with which a test may do anything."""
    return await verifier.sign_in(admin_of(issuer))


@pytest.fixture
def issuer_storage(issuer: Deployment) -> Storage:
    if issuer.storage is None:
        pytest.skip(f"needs {CAPABILITIES['storage']}")
    return issuer.storage


@pytest.fixture
def clock(deployment: Deployment) -> FrozenClock | None:
    return deployment.clock


@pytest.fixture
def operator(deployment: Deployment) -> Operator | None:
    return deployment.operator


@pytest.fixture
def forger(deployment: Deployment) -> Forger | None:
    return deployment.forger


@pytest.fixture
def storage(deployment: Deployment) -> Storage | None:
    return deployment.storage


@pytest.fixture
def rotation(deployment: Deployment) -> timedelta | None:
    return deployment.rotation


@pytest.fixture
def process(deployment: Deployment) -> Process | None:
    return deployment.process
