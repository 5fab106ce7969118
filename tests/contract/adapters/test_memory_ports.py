"""Memory keeps what the ports promise."""

import pytest

from latchkey.adapters.memory import MemoryStorage
from latchkey.adapters.memory.sessions.takeovers import MemoryTakeovers
from latchkey.testing.frozen_clock import FrozenClock
from latchkey.testing.ports import (
    AuditLogSuite,
    FactorRepositorySuite,
    InvitationRepositorySuite,
    LinkRepositorySuite,
    LoginThrottleSuite,
    MailQueueSuite,
    OrderRepositorySuite,
    OutboxSuite,
    PasskeyRepositorySuite,
    PasswordCredentialRepositorySuite,
    RecoveryCodeRepositorySuite,
    RememberedDeviceRepositorySuite,
    SessionRepositorySuite,
    TakeoversSuite,
    ThrottleSuite,
    UnitOfWorkSuite,
    UserErasureSuite,
    UserLinkRepositorySuite,
    UserRepositorySuite,
    UserSearchSuite,
    UserSessionRepositorySuite,
)
from latchkey.testing.ports.audit_follower import AuditFollowerSuite
from latchkey.testing.ports.ended_sessions import EndedSessionsSuite
from latchkey.testing.ports.takeovers import TakeOver


@pytest.fixture
def storage(clock: FrozenClock) -> MemoryStorage:
    return MemoryStorage(clock)


@pytest.fixture
def take_over(storage: MemoryStorage) -> TakeOver:
    async def take_over() -> None:
        takeovers = storage.takeovers
        assert isinstance(takeovers, MemoryTakeovers)
        takeovers.copy += 1

    return take_over


class TestMemoryUserRepository(UserRepositorySuite): ...


class TestMemoryCredentialRepository(PasswordCredentialRepositorySuite): ...


class TestMemoryOrderRepository(OrderRepositorySuite): ...


class TestMemoryMailQueue(MailQueueSuite): ...


class TestMemoryOutbox(OutboxSuite): ...


class TestMemoryInvitationRepository(InvitationRepositorySuite): ...


class TestMemoryLinkRepository(LinkRepositorySuite): ...


class TestMemoryUserLinkRepository(UserLinkRepositorySuite): ...


class TestMemoryUserErasure(UserErasureSuite): ...


class TestMemoryFactorRepository(FactorRepositorySuite): ...


class TestMemoryPasskeyRepository(PasskeyRepositorySuite): ...


class TestMemoryRememberedDeviceRepository(RememberedDeviceRepositorySuite): ...


class TestMemoryRecoveryCodeRepository(RecoveryCodeRepositorySuite): ...


class TestMemoryAuditLog(AuditLogSuite): ...


class TestMemoryAuditFollower(AuditFollowerSuite): ...


class TestMemoryEndedSessions(EndedSessionsSuite): ...


class TestMemoryUnitOfWork(UnitOfWorkSuite): ...


class TestMemorySessionRepository(SessionRepositorySuite): ...


class TestMemoryUserSearch(UserSearchSuite): ...


class TestMemoryUserSessionRepository(UserSessionRepositorySuite): ...


class TestMemoryTakeovers(TakeoversSuite): ...


class TestMemoryThrottle(ThrottleSuite): ...


class TestMemoryLoginThrottle(LoginThrottleSuite): ...
