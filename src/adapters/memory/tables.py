"""All tables in memory. One writer at a time changes them, atomically."""

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
from latchkey.domain.factors.factor import FactorId, TotpFactor
from latchkey.domain.factors.passkey import OwnedPasskey
from latchkey.domain.factors.remembered_device import RememberedDevice, RememberedDeviceId
from latchkey.domain.links.link import Link
from latchkey.domain.links.link_token import LinkId
from latchkey.domain.mail.mail import MailId
from latchkey.domain.mail.queue import QueuedMail
from latchkey.domain.orders.order import Order, OrderId
from latchkey.domain.sessions.session import Session
from latchkey.domain.sessions.session_id import SessionId
from latchkey.domain.unit_of_work import WorkIsOverError


@dataclass(frozen=True, slots=True, kw_only=True)
class UserFactors:
    """The second factors of one user.

    Attributes:
        totp: The confirmed one, or None.
        pending: The one that is not confirmed yet, or None.
        recovery_hashes: Those of the recovery codes that are left.
    """

    totp: TotpFactor | None = None
    pending: TotpFactor | None = None
    recovery_hashes: frozenset[bytes] = field(default=frozenset(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """All tables, or a fork of them whose changes are not visible until it is merged.

    Attributes:
        emails: The user of each canonical e-mail address.
        accounts: Each user with their password credential.
    """

    emails: Table[str, UserId] = field(default_factory=Table)
    accounts: Table[UserId, PasswordCredential] = field(default_factory=Table)
    sessions: Table[SessionId, Session] = field(default_factory=Table)
    orders: Table[OrderId, Order] = field(default_factory=Table)
    events: Table[UUID, AuditEvent] = field(default_factory=Table)
    mails: Table[MailId, QueuedMail] = field(default_factory=Table)
    links: Table[LinkId, Link] = field(default_factory=Table)
    factors: Table[UserId, UserFactors] = field(default_factory=Table)
    passkeys: Table[FactorId, OwnedPasskey] = field(default_factory=Table)
    remembered_devices: Table[RememberedDeviceId, RememberedDevice] = field(default_factory=Table)

    def account_of(self, email: EmailAddress) -> PasswordCredential | None:
        """Return the account with this canonical address, or None."""
        user_id = self.emails.get(email.canonical)
        return self.accounts.get(user_id) if user_id else None

    def living(self, user_id: UserId) -> PasswordCredential | None:
        """Return the account of a user who is not erased, or None."""
        account = self.accounts.get(user_id)
        return None if account is None or account.user.is_erased else account

    def fork(self) -> Self:
        """Return tables that read these and collect changes to them."""
        return replace(
            self,
            emails=self.emails.fork(),
            accounts=self.accounts.fork(),
            sessions=self.sessions.fork(),
            orders=self.orders.fork(),
            events=self.events.fork(),
            mails=self.mails.fork(),
            links=self.links.fork(),
            factors=self.factors.fork(),
            passkeys=self.passkeys.fork(),
            remembered_devices=self.remembered_devices.fork(),
        )

    def merge(self) -> None:
        """Move the changes of a fork to its origin. No other task runs meanwhile."""
        self.emails.merge()
        self.accounts.merge()
        self.sessions.merge()
        self.orders.merge()
        self.events.merge()
        self.mails.merge()
        self.links.merge()
        self.factors.merge()
        self.passkeys.merge()
        self.remembered_devices.merge()


class Access(ABC):
    """How a repository reads and changes the tables.

    Both methods first let other tasks run, as a storage across a network would. So the same races
    can happen here.
    """

    @abstractmethod
    async def read(self) -> Tables:
        """Return the tables. They must be read before the next `await`."""

    @abstractmethod
    def change(self) -> AbstractAsyncContextManager[Tables]:
        """Provide the tables for one atomic change; an error undoes it."""


class CommittedTables(Access):
    """The committed tables, which one task at a time may change."""

    def __init__(self) -> None:
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
        """Become the only writer and provide a fork; changes that are not merged are lost."""
        await asyncio.sleep(0)
        async with self._writer:
            yield self._committed.fork()


class ForkAccess(Access):
    """What one unit of work sees: the committed tables and its own changes."""

    def __init__(self, tables: Tables) -> None:
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
        """Merge the changes, and end the access."""
        self._usable().merge()
        self.close()

    def close(self) -> None:
        """End the access: later calls raise WorkIsOverError."""
        self._is_over = True

    def _usable(self) -> Tables:
        if self._is_over:
            raise WorkIsOverError
        return self._tables
