"""The port for changing several things together, or none of them."""

from abc import ABC, abstractmethod
from contextlib import AbstractAsyncContextManager

from domain.audit import AuditLog
from domain.session import SessionRepository
from domain.user import CredentialRepository, UserRepository


class WorkIsOverError(RuntimeError):
    """A unit of work was used after its commit or its end: a mistake of the program."""


class Work(ABC):
    """Repositories that see and change one state of the storage.

    After the commit, whatever came of it, and after the end each of them, and another commit,
    raises WorkIsOverError.

    Attributes:
        users: Within this unit of work.
        credentials: Within this unit of work.
        sessions: Within this unit of work.
        audit: Within this unit of work.
    """

    users: UserRepository
    credentials: CredentialRepository
    sessions: SessionRepository
    audit: AuditLog

    @abstractmethod
    async def commit(self) -> None:
        """Make all changes last. On return they do, whatever happens to the storage's process.

        Raises:
            StorageUnavailableError: It isn't known whether they last.
        """


class UnitOfWork(ABC):
    """Begins units of work."""

    @abstractmethod
    def begin(self) -> AbstractAsyncContextManager[Work]:
        """Begin one. What is not committed at its end, error or not, has never happened."""
