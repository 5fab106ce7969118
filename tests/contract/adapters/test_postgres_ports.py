"""PostgreSQL keeps what the ports promise."""

import pytest

from contract.ports.audit import AuditLogSuite
from contract.ports.lists import OrderRepositorySuite
from contract.ports.login_throttle import LoginThrottleSuite
from contract.ports.password_credentials import PasswordCredentialRepositorySuite
from contract.ports.sessions import SessionRepositorySuite
from contract.ports.throttle import ThrottleSuite
from contract.ports.unit_of_work import UnitOfWorkSuite
from contract.ports.users import UserRepositorySuite
from latchkey.adapters.postgres import PostgresStorage


@pytest.fixture
def storage(postgres: PostgresStorage) -> PostgresStorage:
    return postgres


class TestPostgresUserRepository(UserRepositorySuite): ...


class TestPostgresCredentialRepository(PasswordCredentialRepositorySuite): ...


class TestPostgresOrderRepository(OrderRepositorySuite): ...


class TestPostgresAuditLog(AuditLogSuite): ...


class TestPostgresUnitOfWork(UnitOfWorkSuite): ...


class TestPostgresSessionRepository(SessionRepositorySuite): ...


class TestPostgresThrottle(ThrottleSuite): ...


class TestPostgresLoginThrottle(LoginThrottleSuite): ...
