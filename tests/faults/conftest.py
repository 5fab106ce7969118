"""PostgreSQL servers that may be killed, and services on them as production runs them."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from harness.nodes import Node
from harness.postgres import kept_server
from harness.service import Installation, Service
from latchkey.testing.flow.deployments import Account
from latchkey.testing.flow.fixtures import new_email
from latchkey.testing.flow.visitor import NewUser, Visitor
from production.deployment import ADMIN, PROXY, prepared, visitor_of

CALM = {
    "TRUSTED_PROXIES": "127.0.0.1/32",
    "LOGIN_LIMIT_ACCOUNT": "off",
    "LOGIN_LIMIT_ADDRESS": "off",
    "MAIL_LIMIT_SOURCE": "off",
    "LOGIN_LIMIT_SUCCESSES": "off",
    "REFRESH_LIMIT": "off",
    "REFRESH_GRACE": "60s",  # longer than any outage here, on a busy machine, too
}
"""A client is behind a proxy, and never refused for being busy or for having been cut off."""


@pytest.fixture(scope="package")
def home() -> Iterator[Path]:
    """A directory whose servers are stopped at the end; there is one already."""
    with kept_server() as home:
        yield home


@pytest.fixture(scope="package")
def node(home: Path) -> Node:
    return Node(home / "postgres")


@pytest.fixture(scope="package")
def production(node: Node, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    return prepared(tmp_path_factory.mktemp("faults"), node.dsn)


@pytest.fixture(scope="package")
def service(production: Installation) -> Iterator[Service]:
    """One service through all faults of its database."""
    with production.serving(**CALM) as service:
        yield service


@pytest.fixture
async def visitor(service: Service) -> AsyncIterator[Visitor]:
    async with service.client(PROXY) as http:
        yield visitor_of(http)


@pytest.fixture
async def account(visitor: Visitor) -> Account:
    admin = await visitor.sign_in(ADMIN)
    account = Account(email=new_email())
    answer = await visitor.create_user(admin.access, NewUser.of(account).body)
    assert answer.status_code == 201, answer.text
    return account
