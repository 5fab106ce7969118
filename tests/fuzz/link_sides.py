"""Ways to the links of a service that must not differ: its use cases on any adapters, and HTTP."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Final, Protocol

import httpx
from typing_extensions import override

from contract.flow.in_process import InProcessDeployment
from fuzz.link_oracle import CHANGE, RESET
from fuzz.oracle import Outcome
from latchkey.application.links.prepare_link import PreparedLink
from latchkey.application.mail.request_link import RequestLinkCommand
from latchkey.application.own_account.change_email import ChangeEmailCommand
from latchkey.application.own_account.delete_account import DeleteAccountCommand
from latchkey.application.own_account.request_email_change import RequestEmailChangeCommand
from latchkey.application.passwords.reset_password import ResetPasswordCommand
from latchkey.application.registration.complete_registration import CompleteRegistrationCommand
from latchkey.domain.accounts.password import Password
from latchkey.domain.audit.event import RequestSource
from latchkey.domain.kernel.errors import LatchkeyError
from latchkey.domain.links.link_token import LinkId
from latchkey.domain.sessions.access_token import Principal
from latchkey.testing.flow.visitor import Visitor

NAME: Final = "Grace"
_CALLER: Final = RequestSource(request_id="fuzz")


@dataclass(frozen=True, slots=True)
class Used:
    """The answer to the use of a link: what it comes to, and the address of the user in it."""

    outcome: Outcome
    email: str | None = None


class LinksOf(Protocol):
    """Looks into the storage, behind the service's back."""

    async def __call__(self, email: str) -> set[LinkId]:
        """Return the links that were asked for an address."""
        ...


class LinkSide(ABC):
    """One way to the links of a service.

    Attributes:
        name: That of the side with the same people.
    """

    def __init__(self, name: str, deployment: InProcessDeployment, links_of: LinksOf) -> None:
        """Go this way to a deployment."""
        self.name = name
        self._container = deployment.container
        self._links_of = links_of

    @abstractmethod
    async def ask(self, kind: str, email: str) -> Outcome:
        """Ask for a link as nobody in particular."""

    @abstractmethod
    async def ask_to_move(self, access: str, email: str, password: str) -> Outcome:
        """Ask for another address."""

    @abstractmethod
    async def stay(self, access: str) -> Outcome:
        """Withdraw the request for another address."""

    @abstractmethod
    async def delete(self, access: str, password: str) -> Outcome:
        """Delete the account."""

    @abstractmethod
    async def read(self, token: str) -> Used:
        """Ask what a link is for."""

    @abstractmethod
    async def use(self, kind: str, token: str, password: str) -> Used:
        """Use a link at the operation for a kind."""

    async def sent(self, email: str, asking: Awaitable[Outcome]) -> tuple[Outcome, str | None]:
        """Ask for a link, and return the token that its mail has, if it has one."""
        before = await self._links_of(email)
        outcome = await asking
        new = await self._links_of(email) - before
        if not new:
            return outcome, None
        [link_id] = new
        prepared = await self._container.prepare_link()(link_id)
        return outcome, prepared.token if isinstance(prepared, PreparedLink) else None


class LinkUseCases(LinkSide):
    """Calls the use cases: what differs on this side differs in the adapters."""

    @override
    async def ask(self, kind: str, email: str) -> Outcome:
        command = RequestLinkCommand(email=email, source=_CALLER)
        if kind == RESET:
            return await _outcome(self._container.request_reset()(command))
        return await _outcome(self._container.request_registration()(command))

    @override
    async def ask_to_move(self, access: str, email: str, password: str) -> Outcome:
        async def ask() -> None:
            command = RequestEmailChangeCommand(
                by=self._principal(access), email=email, current=Password(password), source=_CALLER
            )
            await self._container.request_email_change()(command)

        return await _outcome(ask())

    @override
    async def stay(self, access: str) -> Outcome:
        async def stay() -> None:
            await self._container.cancel_email_change()(self._principal(access), _CALLER)

        return await _outcome(stay())

    @override
    async def delete(self, access: str, password: str) -> Outcome:
        async def delete() -> None:
            command = DeleteAccountCommand(
                by=self._principal(access), current=Password(password), source=_CALLER
            )
            await self._container.delete_account()(command)

        return await _outcome(delete())

    @override
    async def read(self, token: str) -> Used:
        async def read() -> str:
            return (await self._container.read_link()(token)).email.text

        return await _used(read())

    @override
    async def use(self, kind: str, token: str, password: str) -> Used:
        return await _used(self._use(kind, token, Password(password)))

    async def _use(self, kind: str, token: str, password: Password) -> str | None:
        if kind == RESET:
            reset = ResetPasswordCommand(token=token, password=password, source=_CALLER)
            await self._container.reset_password()(reset)
            return None
        if kind == CHANGE:
            change = ChangeEmailCommand(token=token, password=password, source=_CALLER)
            return (await self._container.change_email()(change)).user.email.text
        made = await self._container.complete_registration()(
            CompleteRegistrationCommand(token=token, name=NAME, password=password, source=_CALLER)
        )
        return made.user.email.text

    def _principal(self, access: str) -> Principal:
        return self._container.tokens().verify(access, self._container.storage().clock.now())


class LinkRequests(LinkSide):
    """Sends requests."""

    def __init__(
        self, name: str, deployment: InProcessDeployment, links_of: LinksOf, http: httpx.AsyncClient
    ) -> None:
        """Go over HTTP."""
        super().__init__(name, deployment, links_of)
        self._visitor = Visitor(http=http, cookie_name=deployment.cookie_name)

    @override
    async def ask(self, kind: str, email: str) -> Outcome:
        ask = self._visitor.request_reset if kind == RESET else self._visitor.register
        return _answer(await ask(email)).outcome

    @override
    async def ask_to_move(self, access: str, email: str, password: str) -> Outcome:
        return _answer(await self._visitor.request_email_change(access, email, password)).outcome

    @override
    async def stay(self, access: str) -> Outcome:
        return _answer(await self._visitor.cancel_email_change(access)).outcome

    @override
    async def delete(self, access: str, password: str) -> Outcome:
        return _answer(await self._visitor.delete_account(access, password)).outcome

    @override
    async def read(self, token: str) -> Used:
        return _answer(await self._visitor.read_link(token))

    @override
    async def use(self, kind: str, token: str, password: str) -> Used:
        if kind == RESET:
            return _answer(await self._visitor.reset_password(token, password))
        if kind == CHANGE:
            return _answer(await self._visitor.change_email(token, password))
        return _answer(await self._visitor.complete(token, NAME, password))


async def _outcome(work: Awaitable[None]) -> Outcome:
    return (await _used(work)).outcome


async def _used(work: Awaitable[str | None]) -> Used:
    try:
        return Used(Outcome(), await work)
    except LatchkeyError as error:
        return Used(Outcome(code=error.code, reason=getattr(error, "reason", None)))


def _answer(answer: httpx.Response) -> Used:
    body = answer.json()
    if answer.is_success:
        return Used(Outcome(), body.get("email"))
    return Used(Outcome(code=body["code"], reason=body.get("reason")))
