"""A database, an authority for certificates, and services of the usual kinds."""

import asyncio
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from harness.postgres import PostgresServer
from harness.service import Installation, Service
from production.deployment import HOST, prepared
from production.proxies import KINDS, Proxy, proxied


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.import_plugin("harness.databases")


@pytest.fixture(scope="package")
def production(
    postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Installation:
    dsn = asyncio.run(postgres_server.create_database("template0"))
    return prepared(tmp_path_factory.mktemp("production"), dsn)


@pytest.fixture(scope="package")
def trust() -> ssl.SSLContext:
    return ssl.create_default_context()


@pytest.fixture(scope="package")
def certificate(trust: ssl.SSLContext, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Have a throw-away authority, which `trust` trusts, certify the service."""
    authority, home = trustme.CA(), tmp_path_factory.mktemp("tls")
    authority.configure_trust(trust)
    issued = authority.issue_cert(HOST, "127.0.0.1")
    chain, key = home / "chain.pem", home / "key.pem"
    _write(chain, issued.cert_chain_pems)
    issued.private_key_pem.write_to_path(key)
    return {"TLS_CERT": str(chain), "TLS_KEY": str(key)}


@pytest.fixture(scope="package")
def over_tls(
    production: Installation, certificate: dict[str, str], trust: ssl.SSLContext
) -> Iterator[Service]:
    """A service that ends TLS itself and trusts no proxy."""
    limits = {"LOGIN_LIMIT_ACCOUNT": "3/15m", "LOGIN_LIMIT_ADDRESS": "off"}
    with production.serving(trust, **certificate, **limits) as service:
        yield service


@pytest.fixture(scope="package")
def behind_proxy(production: Installation) -> Iterator[Service]:
    """A service that a proxy on the loopback ends TLS for."""
    limits = {"LOGIN_LIMIT_ACCOUNT": "3/15m", "LOGIN_LIMIT_ADDRESS": "off"}
    with production.serving(TRUSTED_PROXIES="127.0.0.1/32", **limits) as service:
        yield service


@pytest.fixture(scope="package", params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="package")
def proxy(
    kind: str,
    behind_proxy: Service,
    certificate: dict[str, str],
    trust: ssl.SSLContext,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Proxy]:
    home = tmp_path_factory.mktemp(kind)
    with proxied(kind, home, certificate, trust, behind_proxy.port) as started:
        yield started


def _write(path: Path, pems: list[trustme.Blob]) -> None:
    for pem in pems:
        pem.write_to_path(path, append=True)
