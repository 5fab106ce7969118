"""A session that stays alive: the rules of docs/clients.md, in one place."""

import ssl
import time
from collections.abc import AsyncGenerator, Callable, Collection, Generator
from contextlib import suppress
from datetime import timedelta
from functools import cache
from logging import getLogger
from pathlib import Path
from typing import Final, TypeVar

import anyio
import anyio.lowlevel
import httpx
from anyio.to_thread import run_sync
from typing_extensions import override

from latchkey.client.cookie_file import CookieFile
from latchkey.client.errors import ForeignOriginError, ServiceUnavailableError
from latchkey.client.keeper import Credentials, Keeper
from latchkey.client.service import Service, User

_log: Final = getLogger("latchkey.client")
_PATIENCE: Final = timedelta(minutes=2)
T = TypeVar("T")


class Session(httpx.Auth):
    """Adds an access token to each request of an `httpx.Client` or `httpx.AsyncClient`.

    The token is kept in memory and renewed before it expires. If the service rejects it all the
    same, the request is sent once more with another one; for that, bodies are kept until the
    response is there. A `Session` may be shared by threads and tasks, and its file by processes.

    A request raises `SessionEndedError` if there is no session (any more),
    `ServiceUnavailableError` if the service cannot be used for longer than `patience`,
    `UserChangedError` if the file has become somebody else's, and `ForeignOriginError` if its
    server must not see the token.
    """

    def __init__(  # noqa: PLR0913 - all but one have a default
        self,
        url: str,
        *,
        cookies: Path | str | None = None,
        credentials: Callable[[], Credentials] | None = None,
        patience: timedelta = _PATIENCE,
        origins: Collection[str] = (),
        trust: ssl.SSLContext | None = None,
    ) -> None:
        """Use a service and a file; nothing is sent or read yet.

        Args:
            url: Scheme and authority of the service, such as `https://auth.example.com`.
            cookies: A file for the refresh token and the device token, with mode 600; None keeps
                them in memory.
            credentials: Returns e-mail address and password. It is called when there is no
                session, and may ask for them on the terminal.
            patience: How long a call may wait for the service, in all, before it gives up.
            origins: Other servers that may see the access token, such as
                `https://orders.example.com`.
            trust: What certificates are checked with; None is what the platform trusts.
        """
        self._origins = {_origin(httpx.URL(each)) for each in (url, *origins)}
        self._patience = patience.total_seconds()
        service = Service(url, trust or _of_the_platform())
        file = CookieFile(Path(cookies) if cookies is not None else None)
        self._keeper = Keeper(service, file, credentials)
        self._turns: anyio.lowlevel.RunVar[anyio.Lock] = anyio.lowlevel.RunVar("turns")

    @property
    def user(self) -> User | None:
        """Whose session it is, as of the last login or refresh; None before the first."""
        return self._keeper.user

    def login(self, email: str, password: str) -> User:
        """Open a session in place of the one in the file.

        Raises:
            InvalidCredentialsError: The address or the password is wrong.
            ServiceUnavailableError: The service cannot be used. If the response was lost, the
                login is not repeated, because it may have opened a session.
        """
        return self._patiently(self._keeper.login(email, password))

    async def login_async(self, email: str, password: str) -> User:
        """Do what `login` does, without blocking the event loop."""
        return await self._patiently_async(self._keeper.login(email, password))

    def logout(self) -> None:
        """End the session, and repeat that until the service confirms it.

        The file stays, because the device token in it lets the next login through when
        strangers guess the password.

        Raises:
            ServiceUnavailableError: The session may still be alive; tell the user so.
        """
        self._patiently(self._keeper.logout())

    async def logout_async(self) -> None:
        """Do what `logout` does, without blocking the event loop."""
        await self._patiently_async(self._keeper.logout())

    def access_token(self, rejected: str | None = None) -> str:
        """Return an access token that is valid for a while, for use without httpx.

        Args:
            rejected: A token that a server has just rejected: any other will do.
        """
        usable = self._keeper.usable(rejected)
        return (usable or self._patiently(self._keeper.renewal(rejected))).value

    async def access_token_async(self, rejected: str | None = None) -> str:
        """Do what `access_token` does, without blocking the event loop."""
        if usable := self._keeper.usable(rejected):
            return usable.value
        return (await self._patiently_async(self._keeper.renewal(rejected))).value

    @override
    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response]:
        self._check(request)
        request.read()
        token = self.access_token()
        response = yield _authorized(request, token)
        if _has_rejected_token(response):
            yield _authorized(request, self.access_token(token))

    @override
    async def async_auth_flow(
        self, request: httpx.Request
    ) -> AsyncGenerator[httpx.Request, httpx.Response]:
        self._check(request)
        await request.aread()
        token = await self.access_token_async()
        response = yield _authorized(request, token)
        if _has_rejected_token(response):
            yield _authorized(request, await self.access_token_async(token))

    def _check(self, request: httpx.Request) -> None:
        if (origin := _origin(request.url)) not in self._origins:
            raise ForeignOriginError(f"{origin} must not see the token; list it in origins=")

    def _patiently(self, work: Callable[[], T]) -> T:
        deadline = time.monotonic() + self._patience
        while True:
            try:
                return work()
            except ServiceUnavailableError as error:
                time.sleep(_pause(error, deadline))

    async def _patiently_async(self, work: Callable[[], T]) -> T:
        """Work in a thread. If the task is cancelled, the thread still keeps what it gets."""
        deadline = time.monotonic() + self._patience
        while True:
            try:
                async with self._turn():  # so that hundreds of tasks do not take a thread each
                    return await run_sync(work, abandon_on_cancel=True)
            except ServiceUnavailableError as error:
                await anyio.sleep(_pause(error, deadline))

    def _turn(self) -> anyio.Lock:
        """Return the lock of the event loop that is running."""
        with suppress(LookupError):
            return self._turns.get()
        turn = anyio.Lock()
        self._turns.set(turn)
        return turn


def _pause(error: ServiceUnavailableError, deadline: float) -> float:
    """Return how long to wait, in seconds, and tell the user so; raise the error if too long."""
    if error.wait is None or time.monotonic() + error.wait > deadline:
        raise error
    _log.warning("the service cannot be used (%s); waiting for %.0f s", error, error.wait)
    return error.wait


@cache
def _of_the_platform() -> ssl.SSLContext:
    """Load what certificates are checked with; takes longer than a request."""
    return ssl.create_default_context()


def _authorized(request: httpx.Request, token: str) -> httpx.Request:
    request.headers["Authorization"] = f"Bearer {token}"
    return request


def _has_rejected_token(response: httpx.Response) -> bool:
    """Return whether it was the token, by the challenge (RFC 6750, 3); the body may be a stream."""
    challenge = response.headers.get("WWW-Authenticate", "")
    return response.status_code == httpx.codes.UNAUTHORIZED and "invalid_token" in challenge


def _origin(url: httpx.URL) -> str:
    return f"{url.scheme}://{url.netloc.decode('ascii')}"
