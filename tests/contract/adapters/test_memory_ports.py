"""Memory keeps what the ports promise."""

import pytest

from latchkey.adapters.memory import MemoryStorage
from latchkey.domain.throttling.throttle import LoginLimits
from latchkey.testing.frozen_clock import FrozenClock
from latchkey.testing.ports.admission import ThrottleWith
from latchkey.testing.ports.audit import AuditLogSuite
from latchkey.testing.ports.audit_follower import AuditFollowerSuite
from latchkey.testing.ports.lists import OrderRepositorySuite
from latchkey.testing.ports.password_credentials import PasswordCredentialRepositorySuite
from latchkey.testing.ports.sessions import SessionRepositorySuite
from latchkey.testing.ports.throttle import LoginThrottleSuite
from latchkey.testing.ports.unit_of_work import UnitOfWorkSuite
from latchkey.testing.ports.users import UserRepositorySuite


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


class TestMemoryAuditFollower(AuditFollowerSuite): ...


class TestMemoryUnitOfWork(UnitOfWorkSuite): ...


class TestMemorySessionRepository(SessionRepositorySuite): ...


class TestMemoryLoginThrottle(LoginThrottleSuite): ...
