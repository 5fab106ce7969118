"""PostgreSQL keeps what the ports promise."""

from functools import partial

import pytest

from latchkey.adapters.postgres import PostgresStorage
from latchkey.adapters.postgres.engine.access import Autocommit
from latchkey.adapters.postgres.engine.pool import Pool
from latchkey.adapters.postgres.throttling.throttle import PostgresLoginThrottle
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
def storage(postgres: PostgresStorage) -> PostgresStorage:
    return postgres


@pytest.fixture
def throttle_with(postgres_pool: Pool) -> ThrottleWith:
    return partial(PostgresLoginThrottle, Autocommit(postgres_pool))


class TestPostgresUserRepository(UserRepositorySuite): ...


class TestPostgresCredentialRepository(PasswordCredentialRepositorySuite): ...


class TestPostgresOrderRepository(OrderRepositorySuite): ...


class TestPostgresAuditLog(AuditLogSuite): ...


class TestPostgresAuditFollower(AuditFollowerSuite): ...


class TestPostgresUnitOfWork(UnitOfWorkSuite): ...


class TestPostgresSessionRepository(SessionRepositorySuite): ...


class TestPostgresLoginThrottle(LoginThrottleSuite): ...
