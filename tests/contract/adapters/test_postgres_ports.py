"""PostgreSQL keeps what the ports promise."""

from functools import partial

import pytest

from contract.ports.admission import ThrottleWith
from contract.ports.audit import AuditLogSuite
from contract.ports.lists import OrderRepositorySuite
from contract.ports.password_credentials import PasswordCredentialRepositorySuite
from contract.ports.sessions import SessionRepositorySuite
from contract.ports.throttle import LoginThrottleSuite
from contract.ports.unit_of_work import UnitOfWorkSuite
from contract.ports.users import UserRepositorySuite
from latchkey.adapters.postgres import PostgresStorage
from latchkey.adapters.postgres.engine.access import Autocommit
from latchkey.adapters.postgres.engine.pool import Pool
from latchkey.adapters.postgres.throttling.throttle import PostgresLoginThrottle


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
