"""The deployment to prove: whether it answers, and who its administrator is."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import httpx

from latchkey.testing.flow.deployments import Account
from latchkey.testing.flow.elsewhere import ElsewhereDeployment, become_admin
from latchkey.testing.flow.expectations import BrokenPromiseError
from latchkey.testing.flow.fixtures import new_email
from latchkey.testing.flow.set_cookie import SetCookie

PASSWORD: Final = "LATCHKEY_PROVE_ADMIN_PASSWORD"
"""The environment variable with the administrator's password, so that no shell keeps it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The deployment to prove.

    Attributes:
        url: Its address.
        admin: An administrator, or None to create one by bootstrap.
        rotation: Within which time its operators rotate the keys, or None.
        smtp: Host and port of this machine to which it sends its mails, or None.
    """

    url: str
    admin: Account | None
    rotation: timedelta | None = None
    smtp: tuple[str, int] | None = None


class CannotRunError(Exception):
    """The suite cannot run against this deployment; the message says why."""


def checked_url(url: str) -> str:
    """Return the address without a trailing slash.

    Raises:
        CannotRunError: The address has more than a scheme and an authority, or lacks one.
    """
    try:
        parts = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise CannotRunError(f"{url!r} is not an address: {error}") from error
    is_bare = parts.raw_path in {b"", b"/"} and not parts.userinfo and not parts.fragment
    if parts.scheme not in {"http", "https"} or not parts.host or not is_bare:
        raise CannotRunError(
            f"{url!r} is not the address of a deployment, such as https://auth.example.com"
        )
    return url.rstrip("/")


def given_admin(email: str | None, environ: Mapping[str, str]) -> Account | None:
    """Return the given administrator, if there is one.

    Raises:
        CannotRunError: The e-mail address is given and the password is not.
    """
    if email is None:
        return None
    if not environ.get(PASSWORD):
        raise CannotRunError(f"--admin-email needs the password in {PASSWORD}")
    return Account(email=email, password=environ[PASSWORD], name="Administrator")


async def check_answers(deployment: ElsewhereDeployment) -> None:
    """Check that a deployment answers and has the operation for login.

    Raises:
        CannotRunError: It does not answer, or a login gets 404.
    """
    try:
        async with deployment.client() as http:
            response = await http.post("/api/auth/login", json={})
    except httpx.HTTPError as error:
        raise CannotRunError(f"{deployment.base_url} does not answer: {error!r}") from error
    if response.status_code == httpx.codes.NOT_FOUND:
        raise CannotRunError(
            f"{deployment.base_url} does not implement the flow: POST /api/auth/login is 404"
        )


async def find_admin(deployment: ElsewhereDeployment, given: Account | None) -> Account | None:
    """Return an administrator who can log in, created by bootstrap if that is enabled.

    Raises:
        CannotRunError: The given administrator cannot log in.
    """
    account = given or Account(email=new_email(), name="Administrator")
    if given and await _can_log_in(deployment, given):
        return given
    if await become_admin(deployment, account):
        await _can_log_in(deployment, account)
        return account
    if given:
        raise CannotRunError(f"{given.email} cannot log in, and bootstrap does not create them")
    return None


async def _can_log_in(deployment: ElsewhereDeployment, account: Account) -> bool:
    """Try to log in, and learn the name of the cookie from the response."""
    async with deployment.client() as http:
        response = await http.post("/api/auth/login", json=account.credentials)
    if response.status_code != httpx.codes.OK:
        return False
    with suppress(BrokenPromiseError):  # a test shows that C1 is broken
        deployment.cookie_name = SetCookie.of(response).name
    return True
