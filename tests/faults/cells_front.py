"""Two cells that serve, with a router in front of them, and what is seen there."""

from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Self

import httpx

from faults.cells import Cell
from faults.cells_directory import Directory
from faults.cells_router import Router
from faults.conftest import CALM
from harness.service import Service, free_port, reserved_port
from latchkey.testing.flow.deployments import Account, forgetful_jar
from latchkey.testing.flow.fixtures import new_email
from latchkey.testing.flow.post_office import ClientWithMails, PostOffice
from latchkey.testing.flow.visitor import NewUser, Visitor
from production.deployment import HOST, PROXY, visitor_of

_TIMEOUT: Final = 30.0  # s
_WITH_TOKENS: Final = frozenset({"refresh", "me", "orders", "logout"})
_MARKS: Final = """
    SELECT (SELECT count(*) FROM audit_events WHERE action != 'mail_sent')
         + (SELECT count(*) FROM sessions WHERE end_reason IS NOT NULL)
"""


class Secrets(StrEnum):
    """What the cells have in common."""

    OWN = "nothing in common"
    REFRESH = "one issuer and `REFRESH_SECRET`"
    SAME = "one issuer, all secrets"


@dataclass(slots=True)
class Outcome:
    """What came of it.

    Attributes:
        costs: For each kind of request: the statements in the cell of its user, those in the other
            cell, and those of the directory.
        astray: What a request got in the other cell, by its kind and what the cells share.
        figures: Other things that were counted or measured.
        wrong: Each promise that was broken, in words.
    """

    costs: dict[str, list[tuple[int, int, int]]] = field(
        default_factory=lambda: defaultdict(list[tuple[int, int, int]])
    )
    astray: dict[tuple[str, Secrets], str] = field(default_factory=dict)
    figures: dict[str, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def demand(self, promise: str, *, holds: bool) -> None:
        """Note a promise that was broken."""
        if not holds:
            self.wrong.append(promise)

    def least(self, request: str) -> tuple[int, int, int]:
        """Return the least costs of a request: now and then a cell looks for mails meanwhile."""
        own, other, directory = zip(*self.costs[request], strict=True)
        return min(own), min(other), min(directory)

    def judge(self) -> None:
        """Demand that requests concern their cell alone, and the directory only without tokens."""
        for request in self.costs:
            if "in the other cell" not in request:
                _, other, directory = self.least(request)
                self.demand(f"{request}: {other} statements in the other cell", holds=other == 0)
                asks = request not in _WITH_TOKENS
                self.demand(f"{request}: {directory} look-ups", holds=directory == asks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """The cells, seen through the router and without it.

    Attributes:
        common: What the cells have in common.
        through: Somebody who speaks to the router.
        at: Somebody who speaks to a cell, by its name.
    """

    common: Secrets
    cells: tuple[Cell, Cell]
    router: Router
    directory: Directory
    through: Visitor
    at: Mapping[str, Visitor]
    outcome: Outcome

    @classmethod
    @asynccontextmanager
    async def serving(
        cls,
        cells: tuple[Cell, Cell],
        directory: Directory,
        environs: Mapping[str, dict[str, str]],
        common: Secrets,
        outcome: Outcome,
    ) -> AsyncIterator[Self]:
        """Start both services, and the router in front of them."""
        async with AsyncExitStack() as stack:
            office = stack.enter_context(PostOffice.listening("127.0.0.1", smtp := free_port()))
            services = [
                stack.enter_context(_serving(cell, environs[cell.name], smtp)) for cell in cells
            ]
            at = {}
            for cell, service in zip(cells, services, strict=True):
                service.wait_until_ready()
                client = await stack.enter_async_context(service.client(PROXY))
                at[cell.name] = visitor_of(client)
            ports = [service.port for service in services]
            numbers = [cell.number for cell in cells]
            router = Router(directory, dict(zip(numbers, ports, strict=True)))
            http = await stack.enter_async_context(_client(office, router))
            yield cls(
                common=common,
                cells=cells,
                router=router,
                directory=directory,
                through=visitor_of(http),
                at=at,
                outcome=outcome,
            )

    def other(self, cell: Cell) -> Cell:
        """Return the other cell."""
        return next(each for each in self.cells if each is not cell)

    async def counted(
        self, request: str, cell: Cell, sent: Awaitable[httpx.Response]
    ) -> httpx.Response:
        """Wait for the answer to a request, and note what it has cost."""
        other, asked = self.other(cell), self.directory.asked
        here, there = cell.written(), other.written()
        answer = await sent
        statements = cell.statements_since(here), other.statements_since(there)
        self.outcome.costs[request].append((*statements, self.directory.asked - asked))
        return answer

    async def created(self, cell: Cell) -> Account:
        """Have an administrator create a user in a cell."""
        admin, account = await self.through.sign_in(cell.admin), Account(email=new_email())
        sent = self.through.create_user(admin.access, NewUser.of(account).body)
        answer = await self.counted("create a user", cell, sent)
        assert answer.status_code == 201, answer.text
        return account

    async def marks(self, cell: Cell) -> int:
        """Return how many ended sessions and events a cell has, besides those of its outbox."""
        return await cell.count(_MARKS)


@contextmanager
def _serving(cell: Cell, environ: Mapping[str, str], smtp: int) -> Iterator[Service]:
    """Start a service, which is not ready yet, and end it."""
    served = {
        "SMTP_URL": f"smtp://127.0.0.1:{smtp}?tls=none",
        "MAIL_FROM": "no-reply@latchkey.example",
        "MAIL_CONTACT": "help@latchkey.example",
        "PUBLIC_URL": f"https://{HOST}",
        "REGISTRATION": "open",
        "WORKERS": "1",
    }
    with reserved_port() as port:
        service = cell.installation.start(PORT=str(port), **{**CALM, **served, **environ})
        try:
            yield service
        finally:
            service.end()


def _client(office: PostOffice, router: Router) -> httpx.AsyncClient:
    return ClientWithMails(
        office,
        transport=router,
        base_url="http://127.0.0.1",
        headers=PROXY,
        cookies=forgetful_jar(),
        timeout=_TIMEOUT,
    )
