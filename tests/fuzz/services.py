"""Services whose own OpenAPI document says what to send them and what to expect."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from functools import partial
from typing import Final

import schemathesis
from litestar.types import ASGIApp
from schemathesis import BaseSchema, Config, Response

from contract.flow.database import fresh_database
from contract.flow.in_process import ADMIN, ENVIRON
from contract.flow.served import served
from fuzz.effort import Effort
from harness.postgres import PostgresServer
from latchkey.adapters.memory import MemoryStorage
from latchkey.entrypoints.http.app import create_app
from latchkey.entrypoints.settings import from_env
from latchkey.testing.flow.deployments import Account
from latchkey.testing.frozen_clock import FrozenClock

USER: Final = Account(email="user@latchkey.example")
ENDER: Final = Account(email="ender@latchkey.example")
"""Whose sessions are ended, so that the others keep theirs."""
REFRESH: Final = "POST /api/auth/refresh"
END: Final = "POST /api/auth/sessions/end"
_DOCUMENT: Final = "/openapi.json"
_AUDIENCES: Final = {"AUDIENCES": "orders"}  # that of the document's example
_ENVIRON: Final = {**ENVIRON, **_AUDIENCES, "REFRESH_LIMIT": "off"}  # the clock stands still
_BEYOND_A_SCHEMA: Final = (
    # no schema can tell which passwords are common, or which domains IDNA refuses
    ("POST /api/auth/bootstrap", "positive_data_acceptance"),
    ("POST /api/admin/users", "positive_data_acceptance"),
    ("POST /api/auth/password-resets", "positive_data_acceptance"),
    ("POST /api/auth/password-resets/complete", "positive_data_acceptance"),
    ("POST /api/auth/registrations", "positive_data_acceptance"),
    ("POST /api/auth/registrations/complete", "positive_data_acceptance"),
    ("POST /api/admin/invitations", "positive_data_acceptance"),
    ("POST /api/auth/password", "positive_data_acceptance"),
    ("POST /api/auth/account/delete", "positive_data_acceptance"),
    ("POST /api/auth/email-changes", "positive_data_acceptance"),
    ("POST /api/auth/email-changes/complete", "positive_data_acceptance"),
    # no schema can tell which names can be seen, and leave the text around them in order
    ("POST /api/auth/account", "positive_data_acceptance"),
    # no schema can tell which links the service has sent
    ("POST /api/auth/links/read", "positive_data_acceptance"),
    # which other services there are is a setting
    ("POST /api/auth/token", "positive_data_acceptance"),
    # no schema can tell what a device signs
    ("POST /api/auth/login/passkey", "positive_data_acceptance"),
    ("POST /api/auth/factors/passkeys", "positive_data_acceptance"),
    ("POST /api/auth/login/enrolment/passkeys", "positive_data_acceptance"),
    # a cursor is the service's own: hardly any text is one
    ("GET /api/orders", "positive_data_acceptance"),
    ("GET /api/admin/users", "positive_data_acceptance"),
    ("GET /api/admin/invitations", "positive_data_acceptance"),
    ("GET /api/auth/sessions", "positive_data_acceptance"),
    ("GET /api/admin/audit", "positive_data_acceptance"),
    ("GET /api/admin/mails", "positive_data_acceptance"),
    ("POST /api/admin/mails/test", "positive_data_acceptance"),
    ("GET /api/admin/users/{user}/sessions", "positive_data_acceptance"),
    # the framework leaves out how many ids there may be
    (END, "positive_data_acceptance"),
    ("POST /api/admin/users/{user}/sessions/end", "positive_data_acceptance"),
    ("POST /api/auth/factors/remembered-devices/forget", "positive_data_acceptance"),
)
"""The check that can't hold for an operation; all others are on for all."""
_REFUSALS: Final = ["400", "401", "403", "404", "409", "410", "413", "414", "415", "429", "431"]
"""What may answer bad input; a random query or header can be too long for a head as well."""


class FuzzedService:
    """A service and its document, with callers of each kind.

    Attributes:
        is_taken: Whether it has an administrator from the start.
    """

    def __init__(
        self, load: Callable[[Config], BaseSchema], effort: Effort, *, is_taken: bool
    ) -> None:
        """Test a service whose document can be loaded, to be tried in a configured way."""
        self.is_taken = is_taken
        self._load = load
        self._effort = effort
        self._document = load(Config())

    def as_stranger(self) -> BaseSchema:
        """Give what is to be tried to somebody who isn't signed in."""
        return self._load(_config(self._effort))

    def as_signed_in(self, account: Account) -> BaseSchema:
        """Give what is to be tried to somebody with an access and a refresh token.

        They are of two sessions: a logout ends the one, which the other need not notice.
        """
        access = self._login(account).json()["accessToken"]
        cookie = self._login(account).headers["set-cookie"][0].partition(";")[0]
        ending = self._login(ENDER).json()["accessToken"]
        own = {REFRESH: {"Cookie": cookie}, END: {"Authorization": f"Bearer {ending}"}}
        return self._load(_config(self._effort, {"Authorization": f"Bearer {access}"}, own))

    def create_accounts(self) -> None:
        """Create the administrator, unless there is one, and a user."""
        self._send("/api/auth/bootstrap", ADMIN.credentials | {"name": ADMIN.name})
        access = self._login(ADMIN).json()["accessToken"]
        for account in (USER, ENDER):
            wish = account.credentials | {"name": account.name, "role": "USER"}
            made = self._send("/api/admin/users", wish, Authorization=f"Bearer {access}")
            assert made.status_code == 201, made.text

    def _login(self, account: Account) -> Response:
        answer = self._send("/api/auth/login", account.credentials)
        assert answer.status_code == 200, answer.text
        return answer

    def _send(self, path: str, body: Mapping[str, str], **headers: str) -> Response:
        operation = self._document[path]["POST"]
        wish = operation.Case(body={**body}, media_type="application/json", headers=headers)
        return wish.call()


def _config(
    effort: Effort,
    headers: Mapping[str, str] | None = None,
    own: Mapping[str, Mapping[str, str]] | None = None,
) -> Config:
    """Configure what is tried: all checks but those that can't hold.

    Args:
        effort: How much is tried.
        headers: The headers of all requests.
        own: Further headers of single operations; no bad ones are sent in their place.
    """
    operations = [_without(check, operation) for operation, check in _BEYOND_A_SCHEMA]
    for operation, its_headers in (own or {}).items():
        its = {"headers": dict(its_headers)}
        operations.append(_without("negative_data_rejection", operation) | its)
    seed = {"seed": 1} if effort.is_bounded else {}
    generation = {
        "max-examples": effort.requests,
        "deterministic": effort.is_bounded,
        "database": "none",
    }
    return Config.from_dict(
        {
            **seed,
            "headers": dict(headers or {}),
            "checks": {"negative_data_rejection": {"expected-statuses": _REFUSALS}},
            "generation": generation,
            "operations": operations,
            "output": {"sanitization": {"enabled": False}},  # all secrets here are made up
        }
    )


def _without(check: str, operation: str) -> dict[str, object]:
    return {"include-name": operation, "checks": {check: {"enabled": False}}}


@contextmanager
def in_process(effort: Effort) -> Iterator[FuzzedService]:
    """Give a service in this process, on the memory adapters, with nobody in it."""
    settings, clock = from_env(_ENVIRON), FrozenClock()
    app = create_app(settings, MemoryStorage(clock))
    yield FuzzedService(partial(_from_app, app), effort, is_taken=False)


@contextmanager
def started(effort: Effort, server: PostgresServer) -> Iterator[FuzzedService]:
    """Start a service of two workers on PostgreSQL, with an administrator."""
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        try:
            database = runner.run(stack.enter_async_context(fresh_database(server)))
            deployment = runner.run(stack.enter_async_context(served(database, _AUDIENCES)))
            load = partial(_from_url, deployment.base_url)
            yield FuzzedService(load, effort, is_taken=True)
        finally:
            runner.run(stack.aclose())


def _from_app(app: ASGIApp, config: Config) -> BaseSchema:
    return schemathesis.openapi.from_asgi(_DOCUMENT, app, config=config)


def _from_url(base_url: str, config: Config) -> BaseSchema:
    return schemathesis.openapi.from_url(f"{base_url}{_DOCUMENT}", config=config)
