"""PostgreSQL keeps what the ports promise."""

from functools import partial

import pytest

from latchkey.adapters.postgres import PostgresStorage
from latchkey.adapters.postgres.engine.access import Autocommit
from latchkey.adapters.postgres.engine.pool import Pool
from latchkey.adapters.postgres.throttling.throttle import PostgresLoginThrottle
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
def storage(postgres: PostgresStorage) -> PostgresStorage:
    return postgres


@pytest.fixture
def throttle_with(postgres_pool: Pool) -> ThrottleWith:
    return partial(PostgresLoginThrottle, Autocommit(postgres_pool))


class TestPostgresUserRepository(UserRepositorySuite): ...


class TestPostgresCredentialRepository(PasswordCredentialRepositorySuite): ...


class TestPostgresOrderRepository(OrderRepositorySuite): ...


class TestPostgresAuditLog(AuditLogSuite): ...


class TestPostgresUnitOfWork(UnitOfWorkSuite): ...


class TestPostgresSessionRepository(SessionRepositorySuite): ...


class TestPostgresLoginThrottle(LoginThrottleSuite): ...
