"""Latchkey as production runs it."""

import secrets
from pathlib import Path
from typing import Final

import httpx

from harness.service import Installation
from latchkey.testing.flow.deployments import Account
from latchkey.testing.flow.visitor import Visitor

HOST: Final = "auth.latchkey.example"
ADMIN: Final = Account(email="admin@latchkey.example", password="canary-Kettle-93-harbour")
PROXY: Final = {"Host": HOST, "X-Forwarded-Proto": "https"}
"""What a proxy that ends TLS sends on."""


COOKIE: Final = "__Secure-refresh_token"
"""The default name of the refresh token's cookie in production."""


def visitor_of(http: httpx.AsyncClient) -> Visitor:
    """Return somebody who speaks to a production service."""
    return Visitor(http=http, cookie_name=COOKIE)


def configured(home: Path, dsn: str, latchkey: Path | None = None) -> Installation:
    """Set what production requires, and what saves time."""
    environ = {
        "APP_ENV": "production",
        "DATABASE_URL": dsn,
        "JWT_SECRET": secrets.token_hex(32),
        "ALLOWED_HOSTS": f"{HOST},127.0.0.1",
        "WORKERS": "2",
        "BCRYPT_ROUNDS": "10",
    }
    return Installation(home=home, environ=environ, latchkey=latchkey)


def prepared(home: Path, dsn: str, latchkey: Path | None = None) -> Installation:
    """Prepare a deployment as the manual says: migrate, then create an administrator."""
    production = configured(home, dsn, latchkey)
    migrated = production.run("migrate")
    assert migrated.returncode == 0, migrated.stderr
    created = production.run(
        *("create-admin", "--email", ADMIN.email, "--name", ADMIN.name, "--password-stdin"),
        given=f"{ADMIN.password}\n",
    )
    assert created.returncode == 0, created.stderr
    return production
