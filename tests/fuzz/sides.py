"""Ways to the service that must not differ: its use cases on any adapters, and HTTP."""

import asyncio
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Awaitable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import cycle, product
from typing import Final, Protocol

import httpx
from typing_extensions import override

from contract.flow.in_process import InProcessDeployment
from fuzz.oracle import Outcome, Row
from latchkey.application.sessions.logout import LogoutCommand
from latchkey.application.sessions.refresh import RefreshCommand
from latchkey.application.sessions.token_pair import TokenPair
from latchkey.application.sign_in.with_password import PasswordLoginCommand
from latchkey.domain.accounts.password import Password
from latchkey.domain.audit.event import RequestSource
from latchkey.domain.audit.log import AuditFilter
from latchkey.domain.kernel.errors import LatchkeyError
from latchkey.domain.sessions.access_token import Principal
from latchkey.domain.sessions.errors import SessionEndedError
from latchkey.domain.sessions.session_id import SessionId
from latchkey.testing.flow.deployments import Account
from latchkey.testing.flow.set_cookie import SetCookie
from latchkey.testing.flow.visitor import Visitor

_CALLER: Final = RequestSource(request_id="fuzz")
_LONG_AGO: Final = datetime(1970, 1, 2, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: what it comes to, and the tokens in it."""

    outcome: Outcome
    access: str = field(default="", repr=False)
    refresh: str = field(default="", repr=False)


class Rewind(Protocol):
    """Makes a session's row what it was, behind the service's back."""

    async def __call__(self, session_id: SessionId, row: Row) -> None:
        """Put the row back."""
        ...


class Side(ABC):
    """One way to a service.

    Attributes:
        name: Letters; the addresses of this side's users begin with it.
    """

    def __init__(self, name: str, deployment: InProcessDeployment, rewind: Rewind) -> None:
        """Go this way to a deployment."""
        assert deployment.operator is not None
        assert deployment.forger is not None
        self.name = name
        self.operator = deployment.operator
        self._forger = deployment.forger
        self._container = deployment.container
        self._codec = deployment.container.codec()
        self._rewind = rewind

    @abstractmethod
    async def login(self, account: Account, cookie: str | None) -> Reply:
        """Log in."""

    @abstractmethod
    async def refresh(self, token: str) -> Reply:
        """Refresh."""

    @abstractmethod
    async def logout(self, token: str) -> Reply:
        """Log out."""

    @abstractmethod
    async def me(self, access: str) -> Reply:
        """Ask who is signed in."""

    @abstractmethod
    async def orders(self, access: str) -> Reply:
        """Ask for orders."""

    async def tabs(self, token: str, number: int) -> list[Reply]:
        """Refresh in so many tabs at once."""
        return await asyncio.gather(*(self.refresh(token) for _ in range(number)))

    def token(self, first: str, generation: int, secret: bytes | None = None) -> str:
        """Make the token of a generation from the one of generation 0."""
        return self._forger.refresh_token(first, ahead=generation, secret=secret)

    async def rewind(self, first: str, row: Row) -> None:
        """Lose what was committed to a session since it had this row."""
        await self._rewind(self._session_id(first), row)

    async def audited(self, first: str) -> Counter[str]:
        """Count what happened to a session."""
        wanted = AuditFilter(session_id=self._session_id(first))
        events = await self._container.storage().audit.read(wanted, limit=10_000)
        return Counter(str(event.action) for event in events)

    def generation(self, token: str) -> int:
        """Read the generation of a token."""
        return self._codec.decode(token, _LONG_AGO).generation

    def _session_id(self, token: str) -> SessionId:
        return self._codec.decode(token, _LONG_AGO).session_id

    def _principal(self, access: str) -> Principal:
        return self._container.tokens().verify(access, self._container.storage().clock.now())


class UseCases(Side):
    """Calls the use cases: what differs on this side differs in the adapters."""

    @override
    async def login(self, account: Account, cookie: str | None) -> Reply:
        command = PasswordLoginCommand(
            email=account.email,
            password=Password(account.password),
            replaces=(cookie,) if cookie else (),
            source=_CALLER,
        )

        async def login() -> Reply:
            return self.reply((await self._container.password_login()(command)).tokens)

        return await _replied(login())

    @override
    async def refresh(self, token: str) -> Reply:
        async def refresh() -> Reply:
            presented = self._codec.decode(token, self._container.storage().clock.now())
            command = RefreshCommand(presented=presented, source=_CALLER)
            return self.reply(await self._container.refresh()(command))

        return await _replied(refresh())

    @override
    async def logout(self, token: str) -> Reply:
        await self._container.logout()(LogoutCommand(presented=(token,), source=_CALLER))
        return Reply(Outcome())

    @override
    async def me(self, access: str) -> Reply:
        async def me() -> Reply:
            principal = self._principal(access)
            return Reply(Outcome(role=(await self._container.current_user()(principal)).role))

        return await _replied(me())

    @override
    async def orders(self, access: str) -> Reply:
        async def orders() -> Reply:
            principal = self._principal(access)
            await self._container.list_orders()(principal, after=None, limit=1)
            return Reply(Outcome())

        return await _replied(orders())

    def reply(self, pair: TokenPair) -> Reply:
        """Read what opens a session."""
        outcome = Outcome(
            generation=self.generation(pair.refresh),
            lasts=int(pair.refresh_expires_in.total_seconds()),
            role=self._principal(pair.access.encoded).role,
        )
        return Reply(outcome, access=pair.access.encoded, refresh=pair.refresh)


async def _replied(work: Awaitable[Reply]) -> Reply:
    try:
        return await work
    except SessionEndedError as error:
        return Reply(Outcome(code=error.code, reason=error.reason))
    except LatchkeyError as error:
        return Reply(Outcome(code=error.code))


class OverHttp(Side):
    """Sends requests, with a planted cookie of the same name before or after most refresh tokens.

    What a genuine token means does not depend on what comes beside it.
    """

    def __init__(self, name: str, deployment: InProcessDeployment, rewind: Rewind) -> None:
        """Go over HTTP; whoever makes it closes it."""
        super().__init__(name, deployment, rewind)
        self.http = deployment.client()
        self._visitor = Visitor(http=self.http, cookie_name=deployment.cookie_name)
        self._planted = cycle(product((None, "", "nonsense", "A" * 100), (False, True)))

    @override
    async def login(self, account: Account, cookie: str | None) -> Reply:
        headers = self._cookies(cookie) if cookie else {}
        return self.reply(await self._visitor.login(account.credentials, headers=headers))

    @override
    async def refresh(self, token: str) -> Reply:
        return self.reply(await self._visitor.refresh(None, headers=self._cookies(token)))

    @override
    async def logout(self, token: str) -> Reply:
        answer = await self._visitor.logout(None, headers=self._cookies(token))
        assert SetCookie.of(answer).value == ""
        return Reply(_outcome(answer))

    @override
    async def me(self, access: str) -> Reply:
        answer = await self._visitor.me(access)
        return Reply(replace(_outcome(answer), role=answer.json().get("role")))

    @override
    async def orders(self, access: str) -> Reply:
        return Reply(_outcome(await self._visitor.orders(access)))

    def _cookies(self, token: str) -> dict[str, str]:
        planted, is_first = next(self._planted)
        values = [token] if planted is None else [token, planted]
        ordered = reversed(values) if is_first else values
        return {"Cookie": "; ".join(f"{self._visitor.cookie_name}={each}" for each in ordered)}

    def reply(self, answer: httpx.Response) -> Reply:
        """Read what opens a session."""
        if not answer.is_success:
            assert "set-cookie" not in answer.headers
            return Reply(_outcome(answer))
        cookie, access = SetCookie.of(answer), answer.json()["accessToken"]
        outcome = Outcome(
            generation=self.generation(cookie.value),
            lasts=cookie.max_age,
            role=self._principal(access).role,
        )
        return Reply(outcome, access=access, refresh=cookie.value)


def _outcome(answer: httpx.Response) -> Outcome:
    if answer.is_success:
        return Outcome()
    problem = answer.json()
    return Outcome(code=problem["code"], reason=problem.get("reason"))
