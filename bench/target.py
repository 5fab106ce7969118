"""What is put under load: a service of our own on a full database, or whatever answers at a URL."""

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Final

import httpx

from bench.load import BenchError
from bench.processes import Processes
from bench.rows import PASSWORD, email_of
from latchkey.domain.accounts.email_address import EmailAddress
from latchkey.domain.accounts.user import User
from latchkey.domain.sessions.refresh_token import RefreshToken
from latchkey.domain.sessions.session import Session, UserSession
from latchkey.entrypoints.container import Container

PASSWORD_VARIABLE: Final = "LATCHKEY_BENCH_PASSWORD"  # noqa: S105 - where it is, not what
HOLDERS: Final = 1_000  # users whose access tokens take turns
CHAINS: Final = 16  # sessions that are refreshed all the time
GUESTS: Final = range(5_000, 6_000)  # users who log in


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is put under load, and what its clients hold.

    Attributes:
        url: Scheme and authority.
        bearer: Values of the Authorization header.
        chains: Values of the Cookie header, as many as there are chains each time, each of a
            session that nothing else uses.
        logins: Bodies of logins.
        processes: The service's, where they are known.
    """

    url: str
    bearer: Sequence[str]
    chains: Iterator[Sequence[str]]
    logins: Sequence[str]
    processes: Processes | None = None


async def ours(container: Container, url: str, processes: Processes, *, rounds: int) -> Target:
    """Open sessions for users of our own service, behind its back: no password is hashed.

    Args:
        container: Of the service.
        url: Where it answers.
        processes: Its own.
        rounds: How often chains are asked for, >= 1.
    """
    pairs = [await _opened(container, number) for number in range(HOLDERS + rounds * CHAINS)]
    name = container.settings().cookie.name
    return Target(
        url=url,
        bearer=[f"Bearer {access}" for access, _ in pairs[:HOLDERS]],
        chains=_batches([f"{name}={refresh}" for _, refresh in pairs[HOLDERS:]]),
        logins=[_login(email_of(number), PASSWORD) for number in GUESTS],
        processes=processes,
    )


def elsewhere(url: str, email: str) -> Target:
    """Log in at any deployment of the documented flow, and again for each chain.

    Raises:
        BenchError: The account can't log in.
    """
    login = _login(email, os.environ.get(PASSWORD_VARIABLE, ""))
    return Target(
        url=url,
        bearer=[f"Bearer {_log_in(url, login).json()['accessToken']}"],
        chains=([_cookie(_log_in(url, login)) for _ in range(CHAINS)] for _ in count()),
        logins=[login],
    )


def _log_in(url: str, login: str) -> httpx.Response:
    headers = {"Content-Type": "application/json", "X-Forwarded-Proto": "https"}
    answer = httpx.post(f"{url}/api/auth/login", content=login, headers=headers, timeout=30)
    if not answer.is_success:
        raise BenchError(
            f"{url} refused the login: {answer.text}\n"
            f"({PASSWORD_VARIABLE} holds the password; login limits have to be off)"
        )
    return answer


def _cookie(answer: httpx.Response) -> str:
    return answer.headers["set-cookie"].partition(";")[0]


def _batches(cookies: list[str]) -> Iterator[Sequence[str]]:
    for first in range(0, len(cookies), CHAINS):
        yield cookies[first : first + CHAINS]


def _login(email: str, password: str) -> str:
    return json.dumps({"email": email, "password": password})


async def _opened(container: Container, number: int) -> tuple[str, str]:
    storage = container.storage()
    user = await storage.users.by_email(EmailAddress.parse(email_of(number)))
    if user is None:
        raise BenchError("the database is empty")
    now = storage.clock.now()
    token = RefreshToken.first(now, container.settings().sessions.absolute)
    session = Session.begin(token, user.id, now)
    await storage.sessions.add(session, password_version=1)
    return _pair(container, session, user, token, now)


def _pair(
    container: Container, session: Session, user: User, token: RefreshToken, now: datetime
) -> tuple[str, str]:
    pair = container.issuer().issue(UserSession(session=session, user=user), token, now)
    return pair.access.encoded, pair.refresh
