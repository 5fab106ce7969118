"""Everything that a storage offers, kept in memory."""

from adapters.memory.audit import MemoryAuditLog
from adapters.memory.credentials import MemoryCredentialRepository
from adapters.memory.orders import MemoryOrderRepository
from adapters.memory.sessions import MemorySessionRepository
from adapters.memory.storage import Storage
from adapters.memory.throttle import MemoryLoginThrottle
from adapters.memory.users import MemoryUserRepository
from adapters.memory.work import MemoryUnitOfWork
from domain.audit import AuditLog
from domain.clock import Clock
from domain.order import OrderRepository
from domain.session import SessionRepository
from domain.throttle import LoginLimits, LoginThrottle
from domain.user import CredentialRepository, UserRepository
from domain.work import UnitOfWork


class MemoryAdapters:
    """The storage ports of one process and one event loop. What they keep dies with it.

    Any other storage offers the same names, so that it can stand in this one's place.
    """

    def __init__(self, clock: Clock, limits: LoginLimits) -> None:
        """Begin with nothing kept.

        Args:
            clock: The time that this storage goes by.
            limits: How fast logins may be tried.
        """
        storage = Storage()
        self.clock = clock
        self.users: UserRepository = MemoryUserRepository(storage)
        self.credentials: CredentialRepository = MemoryCredentialRepository(storage)
        self.sessions: SessionRepository = MemorySessionRepository(storage)
        self.orders: OrderRepository = MemoryOrderRepository(storage)
        self.audit: AuditLog = MemoryAuditLog(storage)
        self.throttle: LoginThrottle = MemoryLoginThrottle(limits)
        self.work: UnitOfWork = MemoryUnitOfWork(storage)

    async def open(self) -> None:
        """Get ready; memory always is."""

    async def close(self) -> None:
        """Let go of connections; memory has none."""

    async def ping(self) -> None:
        """Answer, as memory always does."""
