"""Repositories, and the port for changing several of them together or not at all."""

from abc import ABC, abstractmethod
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from latchkey.domain.accounts.password_credential import PasswordCredentialRepository
from latchkey.domain.accounts.user import UserRepository
from latchkey.domain.audit.log import AuditLog
from latchkey.domain.sessions.session import SessionRepository


class WorkIsOverError(RuntimeError):
    """A unit of work was used after its commit or its end: a mistake of the program."""


@dataclass(kw_only=True)
class Repositories:
    """The repositories whose changes belong together. A new one is named here alone."""

    users: UserRepository
    password_credentials: PasswordCredentialRepository
    sessions: SessionRepository
    audit: AuditLog


class UnitOfWork(Repositories, ABC):
    """Repositories that read and change one state of the storage.

    After the commit, whether it succeeded or not, and after the end of the unit of work, each of
    them and another commit raise WorkIsOverError.
    """

    def __init__(self, repositories: Repositories) -> None:
        """Work through these repositories."""
        super().__init__(**vars(repositories))

    @abstractmethod
    async def commit(self) -> None:
        """Make all changes durable. On return they survive a crash of the storage.

        Raises:
            StorageUnavailableError: It is not known whether the changes are durable.
        """


class UnitsOfWork(ABC):
    """Begins units of work."""

    @abstractmethod
    def begin(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """Begin a unit of work. What is not committed at its end never happened."""
