"""Memory keeps what the ports promise."""

import pytest

from latchkey.adapters.memory import MemoryStorage
from latchkey.testing.frozen_clock import FrozenClock
from latchkey.testing.ports import (
    AuditLogSuite,
    LoginThrottleSuite,
    OrderRepositorySuite,
    OutboxSuite,
    PasswordCredentialRepositorySuite,
    SessionRepositorySuite,
    ThrottleSuite,
    UnitOfWorkSuite,
    UserRepositorySuite,
)
from latchkey.testing.ports.audit_follower import AuditFollowerSuite


@pytest.fixture
def storage(clock: FrozenClock) -> MemoryStorage:
    return MemoryStorage(clock)


class TestMemoryUserRepository(UserRepositorySuite): ...


class TestMemoryCredentialRepository(PasswordCredentialRepositorySuite): ...


class TestMemoryOrderRepository(OrderRepositorySuite): ...


class TestMemoryOutbox(OutboxSuite): ...


class TestMemoryAuditLog(AuditLogSuite): ...


class TestMemoryAuditFollower(AuditFollowerSuite): ...


class TestMemoryUnitOfWork(UnitOfWorkSuite): ...


class TestMemorySessionRepository(SessionRepositorySuite): ...


class TestMemoryThrottle(ThrottleSuite): ...


class TestMemoryLoginThrottle(LoginThrottleSuite): ...
