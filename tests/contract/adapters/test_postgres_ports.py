"""PostgreSQL keeps what the ports promise."""

import pytest

from latchkey.adapters.postgres import PostgresStorage
from latchkey.testing.ports.audit import AuditLogSuite
from latchkey.testing.ports.lists import OrderRepositorySuite
from latchkey.testing.ports.login_throttle import LoginThrottleSuite
from latchkey.testing.ports.password_credentials import PasswordCredentialRepositorySuite
from latchkey.testing.ports.sessions import SessionRepositorySuite
from latchkey.testing.ports.throttle import ThrottleSuite
from latchkey.testing.ports.unit_of_work import UnitOfWorkSuite
from latchkey.testing.ports.users import UserRepositorySuite


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
