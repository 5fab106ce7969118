"""The operations on a session, each one request."""

import math
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import CookieJar
from typing import Any, Final

import httpx

from latchkey.client.access_token import AccessToken
from latchkey.client.errors import NoResponseError, RejectedError
from latchkey.client.waiting import retry_after

_TIMEOUT: Final = httpx.Timeout(4.0)
"""Three attempts with it start within `REFRESH_GRACE`, if connecting takes no time."""
_LOGIN_TIMEOUT: Final = httpx.Timeout(30.0, connect=4.0)  # it may wait for the password hasher
_NOT_SENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_JSON: Final = "application/json"
_PROBLEM: Final = "application/problem+json"

JsonObject = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Whose session it is, as of the last login or refresh.

    Attributes:
        id: A UUID.
        role: `ADMIN` or `USER`; a newer service may have others.
    """

    id: str
    email: str
    name: str
    role: str


class Service:
    """A service that keeps the flow of docs/flow.md.

    Each operation raises `RejectedError` if the response is not a success, and `NoResponseError`
    if there is none, or none that the service would have sent.
    """

    def __init__(self, url: str, trust: ssl.SSLContext) -> None:
        """Name the service's address, and what its certificate is checked with."""
        self._url = url
        self._trust = trust

    def login(self, jar: CookieJar, email: str, password: str) -> tuple[AccessToken, User]:
        """Open a session, whose refresh token goes into the jar."""
        body = {"email": email, "password": password}
        answer = self._post("/api/auth/login", jar, json=body, timeout=_LOGIN_TIMEOUT)
        user = answer.get("user")
        return _token(answer), _user(user if isinstance(user, dict) else {})

    def refresh(self, jar: CookieJar) -> AccessToken:
        """Exchange the jar's refresh token for the next one and a new access token."""
        return _token(self._post("/api/auth/refresh", jar))

    def logout(self, jar: CookieJar) -> None:
        """End the session of the jar's refresh token, and remove the token."""
        _texts(self._post("/api/auth/logout", jar), "message")

    def user(self, token: AccessToken) -> User:
        """Return whose access token it is."""
        headers = {"Authorization": f"Bearer {token.value}"}
        return _user(self._send("GET", "/api/auth/me", CookieJar(), headers=headers))

    def _post(
        self, path: str, jar: CookieJar, *, json: object = None, timeout: httpx.Timeout = _TIMEOUT
    ) -> JsonObject:
        return self._send("POST", path, jar, json=json, timeout=timeout)

    def _send(  # noqa: PLR0913 - what a request has
        self,
        method: str,
        path: str,
        jar: CookieJar,
        *,
        json: object = None,
        headers: Mapping[str, str] | None = None,
        timeout: httpx.Timeout = _TIMEOUT,
    ) -> JsonObject:
        try:
            with httpx.Client(
                base_url=self._url, verify=self._trust, cookies=jar, timeout=timeout
            ) as http:
                return _body(http.request(method, path, json=json, headers=headers))
        except httpx.RequestError as error:
            cause = str(error) or type(error).__name__
            raise NoResponseError(cause, is_sent=not isinstance(error, _NOT_SENT)) from error


def _body(answer: httpx.Response) -> JsonObject:
    """Return the body of a success, after a look at the status and the media type."""
    media_type = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if not answer.is_success:
        problem = _object(answer) if media_type == _PROBLEM else {}
        raise RejectedError(
            answer.status_code,
            _text(problem, "code"),
            reason=_text(problem, "reason"),
            retry_after=retry_after(answer.headers),
        )
    if media_type != _JSON:
        raise NoResponseError("a success that is not the service's")
    return _object(answer)


def _object(answer: httpx.Response) -> JsonObject:
    try:
        body = answer.json()
    except ValueError:
        body = None
    return body if isinstance(body, dict) else {}


def _text(body: JsonObject, name: str) -> str | None:
    value = body.get(name)
    return value if isinstance(value, str) else None


def _texts(body: JsonObject, *names: str) -> list[str]:
    texts = [text for name in names if (text := _text(body, name)) is not None]
    if len(texts) != len(names):
        raise NoResponseError("a success without what the service sends")
    return texts


def _token(body: JsonObject) -> AccessToken:
    [value] = _texts(body, "accessToken")
    seconds = body.get("expiresIn")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise NoResponseError("an access token without its lifetime")
    if not 0 < seconds < math.inf:
        raise NoResponseError("an access token that has no lifetime")
    return AccessToken.arrived(value, seconds)


def _user(body: JsonObject) -> User:
    identifier, email, name, role = _texts(body, "id", "email", "name", "role")
    return User(id=identifier, email=email, name=name, role=role)
