"""The session of one program: its access token, its file, and one refresh at a time."""

from collections.abc import Callable
from logging import getLogger
from typing import Final

import httpx

from latchkey.client.access_token import AccessToken
from latchkey.client.cookie_file import CookieFile
from latchkey.client.errors import (
    InvalidCredentialsError,
    NoResponseError,
    RejectedError,
    ServiceUnavailableError,
    SessionEndedError,
    UserChangedError,
)
from latchkey.client.service import Service, User
from latchkey.client.waiting import Backoff

_log: Final = getLogger("latchkey.client")
_ATTEMPTS: Final = 3
_SUPERSEDED: Final = "refresh_token_superseded"
_ENDED: Final = frozenset(
    {
        "session_ended",
        "refresh_token_missing",
        "refresh_token_invalid",
        _SUPERSEDED,  # after all attempts: the cookie in the file is not replaced any more
    }
)
_NOT_NOW: Final = frozenset({"too_many_attempts", "storage_unavailable", "password_hasher_busy"})

Credentials = tuple[str, str]
"""An e-mail address and a password."""


class Keeper:
    """Makes single attempts, each while no other thread or process uses the session.

    Its methods return an attempt rather than make it, so that the caller can make it in a thread
    and again. An attempt raises `ServiceUnavailableError` with how long to wait before the next.

    Attributes:
        user: Whose session it is; None before the first login or refresh.
    """

    def __init__(
        self, service: Service, file: CookieFile, credentials: Callable[[], Credentials] | None
    ) -> None:
        self.user: User | None = None
        self._service = service
        self._file = file
        self._credentials = credentials
        self._token: AccessToken | None = None
        self._backoff = Backoff()

    def usable(self, rejected: str | None) -> AccessToken | None:
        """Return the token, unless it is due or the rejected one."""
        token = self._token
        return None if token is None or token.is_due or token.value == rejected else token

    def renewal(self, rejected: str | None) -> Callable[[], AccessToken]:
        """Refresh, unless another thread has done so in the meantime; log in if that must be."""

        def attempt() -> AccessToken:
            with self._file.exclusively():
                return self.usable(rejected) or self._restored()

        return attempt

    def login(self, email: str, password: str) -> Callable[[], User]:
        """Open a session, whoever's session it was before."""
        backoff = Backoff()

        def attempt() -> User:
            with self._file.exclusively():
                token, user = self._logged_in(email, password, backoff)
                self._token, self.user = token, user
                return user

        return attempt

    def logout(self) -> Callable[[], None]:
        """End the session of the file, and keep the device's cookie."""
        backoff = Backoff()

        def attempt() -> None:
            with self._file.exclusively():
                cookies = self._file.load()
                try:
                    self._service.logout(cookies.jar)
                except (NoResponseError, RejectedError) as failure:
                    raise _postponed(failure, backoff) from failure
                self._file.save(cookies)
                self._token = self.user = None

        return attempt

    def _restored(self) -> AccessToken:
        try:
            token, user = self._refreshed()
        except SessionEndedError as ended:
            if self._credentials is None:
                raise
            _log.info("logging in: %s", ended)
            token, user = self._logged_in(*self._credentials(), self._backoff)
        self._backoff.succeeded()
        if self.user is not None and self.user.id != user.id:
            self._token = None
            raise UserChangedError("somebody else has logged in")
        self._token, self.user = token, user
        return token

    def _refreshed(self) -> tuple[AccessToken, User]:
        self._backoff.check()
        try:
            token = self._rotated(_ATTEMPTS)
            user = self._service.user(token)
        except (NoResponseError, RejectedError) as failure:
            raise self._backoff.failed(failure) from failure
        return token, user

    def _rotated(self, attempts: int) -> AccessToken:
        """Refresh; repeat that at once if the response is lost or another process was faster.

        The next refresh token is in the file before the access token is used.
        """
        cookies = self._file.load()
        if not cookies.has_session:
            raise SessionEndedError
        try:
            token = self._service.refresh(cookies.jar)
        except (NoResponseError, RejectedError) as failure:
            if attempts > 1 and _is_worth_repeating(failure):
                return self._rotated(attempts - 1)
            if isinstance(failure, RejectedError) and _has_ended(failure):
                self._token = None
                raise SessionEndedError(failure.reason) from failure
            raise
        self._file.save(cookies)
        return token

    def _logged_in(self, email: str, password: str, backoff: Backoff) -> tuple[AccessToken, User]:
        cookies = self._file.load()
        try:
            token, user = self._service.login(cookies.jar, email, password)
        except RejectedError as rejected:
            if rejected.code == "invalid_credentials":
                raise InvalidCredentialsError("wrong e-mail address or password") from rejected
            raise _postponed(rejected, backoff) from rejected
        except NoResponseError as lost:
            if lost.is_sent:
                raise ServiceUnavailableError(str(lost)) from lost
            raise backoff.failed(lost) from lost
        self._file.overwrite(cookies)
        return token, user


def _postponed(
    failure: NoResponseError | RejectedError, backoff: Backoff
) -> ServiceUnavailableError | RejectedError:
    """Return the error that says how long to wait; the failure itself if waiting is of no use."""
    if isinstance(failure, RejectedError) and not _passes(failure):
        return failure
    return backoff.failed(failure)


def _passes(rejected: RejectedError) -> bool:
    """Return whether waiting helps: the service says so, or a proxy has answered in its place."""
    is_foreign = rejected.code is None and rejected.status >= httpx.codes.INTERNAL_SERVER_ERROR
    return is_foreign or rejected.code in _NOT_NOW


def _is_worth_repeating(failure: NoResponseError | RejectedError) -> bool:
    return isinstance(failure, NoResponseError) or failure.code == _SUPERSEDED


def _has_ended(rejected: RejectedError) -> bool:
    return rejected.status == httpx.codes.UNAUTHORIZED and rejected.code in _ENDED
