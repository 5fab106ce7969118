"""Memory keeps what the ports promise."""

import pytest

from latchkey.adapters.memory import MemoryStorage
from latchkey.domain.throttling.throttle import LoginLimits
from latchkey.testing.frozen_clock import FrozenClock
from latchkey.testing.ports import (
    AuditLogSuite,
    LoginThrottleSuite,
    OrderRepositorySuite,
    PasswordCredentialRepositorySuite,
    SessionRepositorySuite,
    ThrottleWith,
    UnitOfWorkSuite,
    UserRepositorySuite,
)


@pytest.fixture
def storage(clock: FrozenClock) -> MemoryStorage:
    return MemoryStorage(clock, LoginLimits(account=None, address=None))


@pytest.fixture
def throttle_with(clock: FrozenClock) -> ThrottleWith:
    return lambda limits: MemoryStorage(clock, limits).throttle


class TestMemoryUserRepository(UserRepositorySuite): ...


class TestMemoryCredentialRepository(PasswordCredentialRepositorySuite): ...


class TestMemoryOrderRepository(OrderRepositorySuite): ...


class TestMemoryAuditLog(AuditLogSuite): ...


class TestMemoryUnitOfWork(UnitOfWorkSuite): ...


class TestMemorySessionRepository(SessionRepositorySuite): ...


class TestMemoryLoginThrottle(LoginThrottleSuite): ...
