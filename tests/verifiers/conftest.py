"""A service that publishes keys, and each verifier that trusts it."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import httpx
import pytest

from harness.postgres import PostgresServer
from harness.service import Installation, free_port
from latchkey.adapters.keys.key_set import ALWAYS
from latchkey.adapters.keys.p256_key import P256Key
from latchkey.testing.flow.issuers import LATER, key_file
from production.deployment import ADMIN
from verifiers.guarded import guarded
from verifiers.programs import PREPARED, Place, verifying


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.import_plugin("harness.databases")


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """A started service that publishes keys, and what a thief of everything would know.

    Attributes:
        url: Its address, which is its issuer.
        key: The private key that signs.
        following: The one that is published and will sign.
        own: An access token for the service itself.
        token: The same for the service `orders`.
    """

    url: str
    key: P256Key
    following: P256Key
    own: str
    token: str


@pytest.fixture(scope="package")
def issuer(
    postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Issuer]:
    key, following = P256Key.generate(), P256Key.generate()
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environ = {
        "PORT": str(port),
        "DATABASE_URL": asyncio.run(postgres_server.create_database()),
        "JWT_KEYS": key_file((key, ALWAYS), (following, LATER)),
        "JWT_ISSUER": url,
        "REFRESH_SECRET": "a-refresh-secret-of-the-tests-3f29c07d",
        "AUDIENCES": "orders,billing",
        "APP_ENV": "test",
        "BCRYPT_ROUNDS": "4",
    }
    installation = Installation(home=tmp_path_factory.mktemp("issuer"), environ=environ)
    create = ("create-admin", "--email", ADMIN.email, "--name", ADMIN.name, "--password-stdin")
    assert installation.run(*create, given=f"{ADMIN.password}\n").returncode == 0
    with installation.serving(), httpx.Client(base_url=url) as http:
        own, token = sign_in(http)
        yield Issuer(url=url, key=key, following=following, own=own, token=token)


def sign_in(http: httpx.Client) -> tuple[str, str]:
    """Log in; return an access token for the service itself, and one for the service `orders`."""
    login = http.post("/api/auth/login", json=ADMIN.credentials).raise_for_status()
    own = login.json()["accessToken"]
    bearer = {"Authorization": f"Bearer {own}"}
    exchanged = http.post("/api/auth/token", json={"audience": "orders"}, headers=bearer)
    return own, exchanged.raise_for_status().json()["accessToken"]


@pytest.fixture(scope="package", params=list(PREPARED))
def verifier(
    request: pytest.FixtureRequest, issuer: Issuer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    """A client of a service that verifies the issuer's tokens."""
    home = tmp_path_factory.mktemp(request.param)
    with ExitStack() as stack:
        place = Place(
            home=home,
            issuer=issuer.url,
            port=free_port(),
            guarded=stack.enter_context(guarded()),
            keys=(issuer.key.verifying, issuer.following.verifying),
        )
        url = stack.enter_context(verifying(PREPARED[request.param], place))
        yield stack.enter_context(httpx.Client(base_url=url))
