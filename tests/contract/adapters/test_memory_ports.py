"""Memory keeps what the ports promise."""

import pytest

from latchkey.adapters.memory import MemoryStorage
from latchkey.testing.frozen_clock import FrozenClock
from latchkey.testing.ports.audit import AuditLogSuite
from latchkey.testing.ports.lists import OrderRepositorySuite
from latchkey.testing.ports.login_throttle import LoginThrottleSuite
from latchkey.testing.ports.password_credentials import PasswordCredentialRepositorySuite
from latchkey.testing.ports.sessions import SessionRepositorySuite
from latchkey.testing.ports.throttle import ThrottleSuite
from latchkey.testing.ports.unit_of_work import UnitOfWorkSuite
from latchkey.testing.ports.users import UserRepositorySuite


@pytest.fixture
def storage(clock: FrozenClock) -> MemoryStorage:
    return MemoryStorage(clock)


class TestMemoryUserRepository(UserRepositorySuite): ...


class TestMemoryCredentialRepository(PasswordCredentialRepositorySuite): ...


class TestMemoryOrderRepository(OrderRepositorySuite): ...


class TestMemoryAuditLog(AuditLogSuite): ...


class TestMemoryUnitOfWork(UnitOfWorkSuite): ...


class TestMemorySessionRepository(SessionRepositorySuite): ...


class TestMemoryThrottle(ThrottleSuite): ...


class TestMemoryLoginThrottle(LoginThrottleSuite): ...
