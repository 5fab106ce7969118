"""The repositories, and the port that changes several of them atomically."""

from abc import ABC, abstractmethod
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from latchkey.domain.accounts.erasure import UserErasure
from latchkey.domain.accounts.password_credential import PasswordCredentialRepository
from latchkey.domain.accounts.user import UserRepository
from latchkey.domain.accounts.user_search import UserSearch
from latchkey.domain.audit.log import AuditLog
from latchkey.domain.factors.factor import FactorRepository, RecoveryCodeRepository
from latchkey.domain.factors.passkey import PasskeyRepository
from latchkey.domain.factors.remembered_device import RememberedDeviceRepository
from latchkey.domain.links.invitations import InvitationRepository
from latchkey.domain.links.link import LinkRepository
from latchkey.domain.links.user_links import UserLinkRepository
from latchkey.domain.mail.outbox import Outbox
from latchkey.domain.mail.queue import MailQueue
from latchkey.domain.sessions.session import SessionRepository
from latchkey.domain.sessions.user_sessions import UserSessionRepository


class WorkIsOverError(RuntimeError):
    """A unit of work was used after its commit or its end: a programming error."""


@dataclass(kw_only=True)
class Repositories:
    """The repositories that one unit of work can change. Add a new one here only."""

    users: UserRepository
    erasure: UserErasure
    user_search: UserSearch
    password_credentials: PasswordCredentialRepository
    sessions: SessionRepository
    user_sessions: UserSessionRepository
    audit: AuditLog
    outbox: Outbox
    mail_queue: MailQueue
    links: LinkRepository
    invitations: InvitationRepository
    user_links: UserLinkRepository
    factors: FactorRepository
    recovery_codes: RecoveryCodeRepository
    passkeys: PasskeyRepository
    remembered_devices: RememberedDeviceRepository


class UnitOfWork(Repositories, ABC):
    """Repositories that share one transaction.

    After a commit, successful or not, and after the end of the unit of work, the repositories and
    `commit` raise WorkIsOverError.
    """

    def __init__(self, repositories: Repositories) -> None:
        super().__init__(**vars(repositories))

    @abstractmethod
    async def commit(self) -> None:
        """Make all changes durable. Once it returns, they survive a crash of the storage.

        Raises:
            StorageUnavailableError: It is unknown whether the changes are durable.
        """


class UnitsOfWork(ABC):
    """Begins units of work."""

    @abstractmethod
    def begin(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """Begin a unit of work. At its end, changes that are not committed are undone."""
