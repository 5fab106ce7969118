"""Clients that go on while something breaks, and keep what they were last given."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
from typing_extensions import override

from latchkey.testing.flow.deployments import Account
from latchkey.testing.flow.set_cookie import SetCookie
from latchkey.testing.flow.visitor import SignedIn, Visitor

PATIENCE = 60.0  # s, for what takes a few of them
_PAUSE = 0.05  # s before a client that was refused tries again


class Client(ABC):
    """Asks for the same again and again.

    Attributes:
        answers: All that it got.
        failures: What took the place of answers.
    """

    def __init__(self, visitor: Visitor) -> None:
        self.answers: list[httpx.Response] = []
        self.failures: list[httpx.TransportError] = []
        self._visitor = visitor
        self._awaited: tuple[int, asyncio.Event] = (0, asyncio.Event())

    async def work(self, has_ended: asyncio.Event) -> None:
        while not has_ended.is_set():
            try:
                answer = await self._ask(self._visitor)
            except httpx.TransportError as failure:
                self.failures.append(failure)
                await asyncio.sleep(_PAUSE)
            else:
                await self._hear(answer)

    async def gets(self, status: int) -> None:
        """Wait until it got one more answer of a status."""
        has_come = asyncio.Event()
        self._awaited = status, has_come
        await has_come.wait()

    async def _hear(self, answer: httpx.Response) -> None:
        self.answers.append(answer)
        status, has_come = self._awaited
        if answer.status_code == status:
            has_come.set()
        await asyncio.sleep(0 if answer.is_success else _PAUSE)

    @abstractmethod
    async def _ask(self, visitor: Visitor) -> httpx.Response: ...


class Refresher(Client):
    """Trades its refresh token for the next, and repeats what failed with the one it has."""

    def __init__(self, visitor: Visitor, token: str) -> None:
        super().__init__(visitor)
        self.received = [token]

    @override
    async def _ask(self, visitor: Visitor) -> httpx.Response:
        answer = await visitor.refresh(self.received[-1])
        if answer.is_success:
            self.received.append(SetCookie.of(answer).value)
        return answer


class Reader(Client):
    """Lists orders."""

    def __init__(self, visitor: Visitor, signed_in: SignedIn) -> None:
        super().__init__(visitor)
        self._access = signed_in.access

    @override
    async def _ask(self, visitor: Visitor) -> httpx.Response:
        return await visitor.orders(self._access)


class Guest(Client):
    """Logs in, each time anew."""

    def __init__(self, visitor: Visitor, account: Account) -> None:
        super().__init__(visitor)
        self._account = account

    @override
    async def _ask(self, visitor: Visitor) -> httpx.Response:
        return await visitor.login(self._account.credentials)


@dataclass(frozen=True, slots=True)
class Load:
    """What clients do at once."""

    clients: Sequence[Client]

    @property
    def answers(self) -> Iterable[httpx.Response]:
        """All that any client got."""
        return (answer for client in self.clients for answer in client.answers)

    @property
    def failures(self) -> list[httpx.TransportError]:
        """All that took the place of an answer."""
        return [failure for client in self.clients for failure in client.failures]

    async def each_gets(self, status: int) -> None:
        """Wait until every client has got one more answer of a status."""
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*(client.gets(status) for client in self.clients))


@asynccontextmanager
async def under_load(*clients: Client) -> AsyncIterator[Load]:
    """Let clients work while the block lasts; in the end each finishes what it has begun."""
    has_ended = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for client in clients:
            group.create_task(client.work(has_ended))
        try:
            yield Load(clients)
        finally:
            has_ended.set()
