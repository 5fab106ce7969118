"""PostgreSQL keeps what the ports promise."""

import pytest

from latchkey.adapters.postgres import PostgresStorage
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
def storage(postgres: PostgresStorage) -> PostgresStorage:
    return postgres


class TestPostgresUserRepository(UserRepositorySuite): ...


class TestPostgresCredentialRepository(PasswordCredentialRepositorySuite): ...


class TestPostgresOrderRepository(OrderRepositorySuite): ...


class TestPostgresOutbox(OutboxSuite): ...


class TestPostgresAuditLog(AuditLogSuite): ...


class TestPostgresAuditFollower(AuditFollowerSuite): ...


class TestPostgresUnitOfWork(UnitOfWorkSuite): ...


class TestPostgresSessionRepository(SessionRepositorySuite): ...


class TestPostgresThrottle(ThrottleSuite): ...


class TestPostgresLoginThrottle(LoginThrottleSuite): ...
