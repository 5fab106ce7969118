"""The flow against one deployment after the other: `--deployment`, or `--base-url` for another."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from contract.flow.deployments import Account, Deployment, Forger, Operator, Process, Storage
from contract.flow.fixtures import Deploy, MakeUser, new_email
from contract.flow.kinds import KINDS, Kind
from contract.flow.ledger import Ledger, tag
from contract.flow.visitor import NewUser, SignedIn, Visitor
from latchkey.testing.frozen_clock import FrozenClock

CAPABILITIES = ("clock", "operator", "forger", "storage", "process", "deploy")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "step(*ids): the promises of docs/flow.md that it shows")
    if config.getoption("--base-url"):
        config.pluginmanager.register(Ledger())


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "kind" in metafunc.fixturenames:
        url = metafunc.config.getoption("--base-url")
        names = ["elsewhere"] if url else metafunc.config.getoption("--deployment").split(",")
        metafunc.parametrize("kind", names, indirect=True, scope="session")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Take out what a deployment of ours has not got by its nature; see README.md for what."""
    tag(items)
    left_out = [item for item in items if _is_beyond(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not _is_beyond(item)]


def _is_beyond(item: pytest.Item) -> bool:
    params = getattr(getattr(item, "callspec", None), "params", {})
    kind = KINDS.get(params.get("kind", ""))
    wanted = set(getattr(item, "fixturenames", ()))
    return kind is not None and bool(wanted & kind.lacks)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def kind(request: pytest.FixtureRequest) -> Kind:
    return KINDS[request.param](request)


@pytest.fixture(scope="session")
async def deployment(kind: Kind) -> AsyncIterator[Deployment]:
    async with kind.deploy() as deployment:
        yield deployment


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
    """Deploy for a whole module, whose tests leave nothing behind that matters."""
    async with _deploying(kind) as deploy:
        yield deploy


@pytest.fixture
async def visitor(deployment: Deployment) -> AsyncIterator[Visitor]:
    async with deployment.client() as http:
        yield Visitor(http=http, cookie_name=deployment.cookie_name)


@pytest.fixture
async def admin(deployment: Deployment, visitor: Visitor) -> SignedIn:
    if deployment.admin is None:
        pytest.skip("needs an administrator: --admin-email and LATCHKEY_PROVE_ADMIN_PASSWORD")
    return await visitor.sign_in(deployment.admin)


@pytest.fixture
async def make_user(admin: SignedIn, visitor: Visitor) -> MakeUser:
    async def make_user(*, email: str | None = None, password: str | None = None) -> Account:
        chosen = {} if password is None else {"password": password}
        account = Account(email=email or new_email(), **chosen)
        answer = await visitor.create_user(admin.access, NewUser.of(account).body)
        assert answer.status_code == 201, answer.text
        return account

    return make_user


@pytest.fixture
async def user(make_user: MakeUser) -> Account:
    return await make_user()


@pytest.fixture
async def somebody(user: Account, visitor: Visitor) -> SignedIn:
    return await visitor.sign_in(user)


@pytest.fixture
def clock(deployment: Deployment) -> FrozenClock:
    if deployment.clock is None:
        pytest.skip("needs a clock that can be moved")
    return deployment.clock


@pytest.fixture
def operator(deployment: Deployment) -> Operator:
    if deployment.operator is None:
        pytest.skip("needs an operator, who has a way in beside the API")
    return deployment.operator


@pytest.fixture
def forger(deployment: Deployment) -> Forger:
    if deployment.forger is None:
        pytest.skip("needs a forger, who knows the secrets")
    return deployment.forger


@pytest.fixture
def storage(deployment: Deployment) -> Storage:
    if deployment.storage is None:
        pytest.skip("needs a database that can be cut off")
    return deployment.storage


@pytest.fixture
def process(deployment: Deployment) -> Process:
    if deployment.process is None:
        pytest.skip("needs the service's process")
    return deployment.process
