"""Memory keeps what the ports promise."""

import pytest

from contract.ports.audit import AuditLogSuite
from contract.ports.lists import OrderRepositorySuite
from contract.ports.login_throttle import LoginThrottleSuite
from contract.ports.password_credentials import PasswordCredentialRepositorySuite
from contract.ports.sessions import SessionRepositorySuite
from contract.ports.throttle import ThrottleSuite
from contract.ports.unit_of_work import UnitOfWorkSuite
from contract.ports.users import UserRepositorySuite
from frozen_clock import FrozenClock
from latchkey.adapters.memory import MemoryStorage


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
