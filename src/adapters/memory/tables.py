"""What is kept in memory: changed by one writer at a time, all at once or not at all."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Self
from uuid import UUID

from typing_extensions import override

from latchkey.adapters.memory.table import Table
from latchkey.domain.accounts.email_address import EmailAddress
from latchkey.domain.accounts.password_credential import PasswordCredential
from latchkey.domain.accounts.user import UserId
from latchkey.domain.audit.event import AuditEvent
from latchkey.domain.orders.order import Order, OrderId
from latchkey.domain.sessions.session import Session
from latchkey.domain.sessions.session_id import SessionId
from latchkey.domain.unit_of_work import WorkIsOverError


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """What is kept, or a fork of it that keeps its changes to itself until it is merged.

    Attributes:
        emails: Whose each canonical e-mail address is.
        accounts: Users and what they sign in with.
    """

    emails: Table[str, UserId] = field(default_factory=Table)
    accounts: Table[UserId, PasswordCredential] = field(default_factory=Table)
    sessions: Table[SessionId, Session] = field(default_factory=Table)
    orders: Table[OrderId, Order] = field(default_factory=Table)
    events: Table[UUID, AuditEvent] = field(default_factory=Table)

    def account_of(self, email: EmailAddress) -> PasswordCredential | None:
        """Find an account by the canonical form of its address."""
        user_id = self.emails.get(email.canonical)
        return self.accounts.get(user_id) if user_id else None

    def fork(self) -> Self:
        """Begin changes that may come to nothing."""
        return replace(
            self,
            emails=self.emails.fork(),
            accounts=self.accounts.fork(),
            sessions=self.sessions.fork(),
            orders=self.orders.fork(),
            events=self.events.fork(),
        )

    def merge(self) -> None:
        """Make the changes of a fork its origin's; no other task runs meanwhile."""
        self.emails.merge()
        self.accounts.merge()
        self.sessions.merge()
        self.orders.merge()
        self.events.merge()


class Access(ABC):
    """How a repository comes to the tables.

    Either way other tasks have their turn first, as they would with a storage across a network:
    what races there races here, too.
    """

    @abstractmethod
    async def read(self) -> Tables:
        """Give the tables, to be read before the next `await`."""

    @abstractmethod
    def change(self) -> AbstractAsyncContextManager[Tables]:
        """Give the tables, to be changed in one step; an error takes all of it back."""


class CommittedTables(Access):
    """What was committed. Only one task at a time may add to it."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._committed = Tables()
        self._writer = asyncio.Lock()

    @override
    async def read(self) -> Tables:
        await asyncio.sleep(0)
        return self._committed

    @override
    @asynccontextmanager
    async def change(self) -> AsyncIterator[Tables]:
        async with self.fork() as tables:
            yield tables
            tables.merge()

    @asynccontextmanager
    async def fork(self) -> AsyncIterator[Tables]:
        """Be the one writer for a while; what isn't merged has never happened."""
        await asyncio.sleep(0)
        async with self._writer:
            yield self._committed.fork()


class ForkAccess(Access):
    """What one unit of work sees: all that was committed, and its own changes."""

    def __init__(self, tables: Tables) -> None:
        """Work on a fork."""
        self._tables = tables
        self._is_over = False

    @override
    async def read(self) -> Tables:
        await asyncio.sleep(0)
        return self._usable()

    @override
    @asynccontextmanager
    async def change(self) -> AsyncIterator[Tables]:
        await asyncio.sleep(0)
        tables = self._usable().fork()
        yield tables
        tables.merge()

    def commit(self) -> None:
        """Make the changes its origin's."""
        self._usable().merge()
        self.close()

    def close(self) -> None:
        """Give and change nothing any more: it would come to nothing."""
        self._is_over = True

    def _usable(self) -> Tables:
        if self._is_over:
            raise WorkIsOverError
        return self._tables
