"""A deployment that is there already, and of which only the address is known."""

import asyncio
import ssl
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from typing import Final

import httpx
from typing_extensions import override

from contract.flow.deployments import Account, Deployment, forgetful_jar
from contract.flow.in_process import ADMIN

PASSWORD: Final = "LATCHKEY_PROVE_ADMIN_PASSWORD"
"""The environment variable that has the administrator's password, where no shell keeps it."""
TIMEOUT: Final = 30.0  # s


class ElsewhereDeployment(Deployment):
    """Answers over a socket; time there is everybody's."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url.rstrip("/")

    @override
    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            base_url=self.base_url, cookies=forgetful_jar(), timeout=TIMEOUT, verify=_authorities()
        )

    @override
    async def outlast(self, period: timedelta) -> None:
        await asyncio.sleep(period.total_seconds())


def given_admin(email: str | None, environ: Mapping[str, str]) -> Account | None:
    """Take the administrator who is given: an address, and a password in the environment."""
    password = environ.get(PASSWORD)
    return Account(email=email, password=password) if email and password else None


async def become_admin(deployment: Deployment) -> Account | None:
    """Become the first administrator; None where that isn't open."""
    async with deployment.client() as http:
        wish = ADMIN.credentials | {"name": ADMIN.name}
        answer = await http.post("/api/auth/bootstrap", json=wish)
    return ADMIN if answer.status_code == 201 else None


@cache
def _authorities() -> ssl.SSLContext:
    return ssl.create_default_context()
