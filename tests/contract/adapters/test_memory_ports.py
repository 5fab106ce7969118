"""Memory keeps what the ports promise."""

import pytest

from contract.ports.admission import ThrottleWith
from contract.ports.audit import AuditLogSuite
from contract.ports.lists import OrderRepositorySuite
from contract.ports.password_credentials import PasswordCredentialRepositorySuite
from contract.ports.sessions import SessionRepositorySuite
from contract.ports.throttle import LoginThrottleSuite
from contract.ports.unit_of_work import UnitOfWorkSuite
from contract.ports.users import UserRepositorySuite
from frozen_clock import FrozenClock
from latchkey.adapters.memory import MemoryStorage
from latchkey.domain.throttling.throttle import LoginLimits


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
