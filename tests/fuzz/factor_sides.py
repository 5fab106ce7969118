"""Ways to the second factors of a service: its use cases on any adapters, and HTTP."""

import asyncio
import base64
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final, TypeVar
from uuid import UUID

import httpx
from typing_extensions import override

from contract.flow.in_process import InProcessDeployment
from fuzz.oracle import Outcome
from fuzz.sides import OverHttp, Reply, UseCases
from latchkey.application.enrolment.confirm_totp import ConfirmTotpCommand, FactorsChanged
from latchkey.application.enrolment.own_factors import ChangeFactorsCommand
from latchkey.application.factors.second_factors import SecondFactorAnswer
from latchkey.application.sign_in.with_password import PasswordLoginCommand
from latchkey.application.sign_in.with_second_factor import SecondFactorLoginCommand
from latchkey.domain.accounts.password import Password
from latchkey.domain.audit.event import RequestSource
from latchkey.domain.factors.authentication import SecondMethod
from latchkey.domain.factors.errors import SecondFactorRequiredError
from latchkey.domain.factors.factor import FactorId
from latchkey.domain.kernel.errors import LatchkeyError
from latchkey.domain.sessions.access_token import Principal
from latchkey.entrypoints.container.factors import FactorUseCases as OwnUseCases
from latchkey.testing.flow.deployments import Account
from latchkey.testing.flow.visitor import Visitor

T = TypeVar("T")
_CALLER: Final = RequestSource(request_id="fuzz")


@dataclass(frozen=True, slots=True)
class Begun:
    """The answer to who begins to add an app: its id and secret."""

    outcome: Outcome
    id: str = ""
    secret: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Changed:
    """The answer to a change of factors: the session in it, and the recovery codes."""

    reply: Reply
    codes: list[str] = field(default_factory=list, repr=False)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a user sees of their factors."""

    outcome: Outcome
    apps: list[str] = field(default_factory=list)
    codes_left: int = 0


class FactorSide(ABC):
    """One way to the second factors of a service.

    Attributes:
        name: That of the side with the same people.
    """

    name: str

    @abstractmethod
    async def challenge(self, account: Account) -> tuple[str, str]:
        """Log in; return the code of the answer, and the challenge or ""."""

    @abstractmethod
    async def answer(self, challenge: str, factor: str, code: str) -> Reply:
        """Complete a login."""

    async def answers(self, challenge: str, factor: str, code: str, number: int) -> list[Reply]:
        """Complete a login in so many tabs at once."""
        return await asyncio.gather(*(self.answer(challenge, factor, code) for _ in range(number)))

    @abstractmethod
    async def begin(self, access: str) -> Begun:
        """Begin to add an app."""

    @abstractmethod
    async def confirm(self, access: str, app_id: str, code: str) -> Changed:
        """Confirm an app."""

    @abstractmethod
    async def replace_codes(self, access: str) -> Changed:
        """Replace the recovery codes."""

    @abstractmethod
    async def remove(self, access: str) -> Changed:
        """Remove app and codes."""

    @abstractmethod
    async def shown(self, access: str) -> Shown:
        """Look at one's own factors."""


class FactorUseCases(FactorSide):
    """Calls the use cases: what differs on this side differs in the adapters."""

    def __init__(self, side: UseCases, deployment: InProcessDeployment) -> None:
        """Go this way to a deployment."""
        self.name = side.name
        self._side = side
        self._container = deployment.container
        self._use_cases: OwnUseCases = deployment.container.factor_use_cases()

    @override
    async def challenge(self, account: Account) -> tuple[str, str]:
        command = PasswordLoginCommand(
            email=account.email, password=Password(account.password), replaces=(), source=_CALLER
        )
        try:
            await self._container.password_login()(command)
        except SecondFactorRequiredError as error:
            return error.code, error.challenge
        return "ok", ""

    @override
    async def answer(self, challenge: str, factor: str, code: str) -> Reply:
        command = SecondFactorLoginCommand(
            challenge=challenge,
            answer=SecondFactorAnswer(method=SecondMethod(factor), typed=code),
            source=_CALLER,
        )

        async def answer() -> Reply:
            login = self._container.challenge_answers().login
            return self._side.reply((await login(command)).tokens)

        return await _or(answer(), Reply)

    @override
    async def begin(self, access: str) -> Begun:
        async def begin() -> Begun:
            begun = await self._use_cases.begin_totp(self._command(access))
            return Begun(Outcome(), str(begun.id), _bytes_of(begun.secret))

        return await _or(begin(), Begun)

    @override
    async def confirm(self, access: str, app_id: str, code: str) -> Changed:
        return await self._changed(
            lambda: self._use_cases.confirm_totp(
                ConfirmTotpCommand(
                    by=self._principal(access),
                    factor_id=FactorId(UUID(app_id)),
                    typed=code,
                    source=_CALLER,
                )
            )
        )

    @override
    async def replace_codes(self, access: str) -> Changed:
        return await self._changed(lambda: self._use_cases.replace_codes(self._command(access)))

    @override
    async def remove(self, access: str) -> Changed:
        return await self._changed(lambda: self._use_cases.remove_factors(self._command(access)))

    @override
    async def shown(self, access: str) -> Shown:
        async def shown() -> Shown:
            found = await self._use_cases.own.read(self._principal(access))
            apps = [found.totp] if found.totp else []
            return Shown(Outcome(), [str(app.id) for app in apps], found.recovery_codes_left)

        return await _or(shown(), Shown)

    async def _changed(self, work: Callable[[], Awaitable[FactorsChanged]]) -> Changed:
        async def changed() -> Changed:
            done = await work()
            codes = [code.shown() for code in done.codes]
            return Changed(self._side.reply(done.tokens), codes)

        return await _or(changed(), lambda outcome: Changed(Reply(outcome)))

    def _command(self, access: str) -> ChangeFactorsCommand:
        return ChangeFactorsCommand(by=self._principal(access), source=_CALLER)

    def _principal(self, access: str) -> Principal:
        return self._container.tokens().verify(access, self._container.storage().clock.now())


class FactorRequests(FactorSide):
    """Sends requests."""

    def __init__(self, side: OverHttp, deployment: InProcessDeployment) -> None:
        """Go over HTTP."""
        self.name = side.name
        self._side = side
        self._visitor = Visitor(http=side.http, cookie_name=deployment.cookie_name)

    @override
    async def challenge(self, account: Account) -> tuple[str, str]:
        body = (await self._visitor.login(account.credentials)).json()
        return body.get("code", "ok"), body.get("challenge", "")

    @override
    async def answer(self, challenge: str, factor: str, code: str) -> Reply:
        return self._side.reply(await self._visitor.second_factor(challenge, code, factor))

    @override
    async def begin(self, access: str) -> Begun:
        body = (await self._visitor.begin_totp(access)).json()
        if "secret" not in body:
            return Begun(Outcome(code=body["code"]))
        return Begun(Outcome(), body["id"], _bytes_of(body["secret"]))

    @override
    async def confirm(self, access: str, app_id: str, code: str) -> Changed:
        return self._changed(await self._visitor.confirm_totp(access, app_id, code))

    @override
    async def replace_codes(self, access: str) -> Changed:
        return self._changed(await self._visitor.replace_codes(access))

    @override
    async def remove(self, access: str) -> Changed:
        return self._changed(await self._visitor.remove_factors(access))

    @override
    async def shown(self, access: str) -> Shown:
        answer = await self._visitor.factors(access)
        body = answer.json()
        if not answer.is_success:
            return Shown(Outcome(code=body["code"]))
        return Shown(Outcome(), [item["id"] for item in body["items"]], body["recoveryCodesLeft"])

    def _changed(self, answer: httpx.Response) -> Changed:
        return Changed(self._side.reply(answer), answer.json().get("recoveryCodes", []))


async def _or(work: Awaitable[T], refused: Callable[[Outcome], T]) -> T:
    try:
        return await work
    except LatchkeyError as error:
        return refused(Outcome(code=error.code))


def _bytes_of(secret: str) -> bytes:
    return base64.b32decode(secret + "=" * (-len(secret) % 8))
