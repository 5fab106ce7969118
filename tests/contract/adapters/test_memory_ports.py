"""Memory keeps what the ports promise."""

import pytest

from adapters.memory import MemoryAdapters
from contract.ports.admission import ThrottleWith
from contract.ports.audit import AuditLogSuite
from contract.ports.credentials import CredentialRepositorySuite
from contract.ports.lists import OrderRepositorySuite
from contract.ports.sessions import SessionRepositorySuite
from contract.ports.throttle import LoginThrottleSuite
from contract.ports.users import UserRepositorySuite
from contract.ports.work import UnitOfWorkSuite
from domain.throttle import LoginLimits
from frozen_clock import FrozenClock


@pytest.fixture
def storage(clock: FrozenClock) -> MemoryAdapters:
    return MemoryAdapters(clock, LoginLimits(account=None, address=None))


@pytest.fixture
def throttle_with(clock: FrozenClock) -> ThrottleWith:
    return lambda limits: MemoryAdapters(clock, limits).throttle


class TestMemoryUserRepository(UserRepositorySuite): ...


class TestMemoryCredentialRepository(CredentialRepositorySuite): ...


class TestMemoryOrderRepository(OrderRepositorySuite): ...


class TestMemoryAuditLog(AuditLogSuite): ...


class TestMemoryUnitOfWork(UnitOfWorkSuite): ...


class TestMemorySessionRepository(SessionRepositorySuite): ...


class TestMemoryLoginThrottle(LoginThrottleSuite): ...
