"""PostgreSQL keeps what the ports promise."""

from functools import partial

import pytest

from adapters.postgres import PostgresAdapters
from adapters.postgres.access import Autocommit
from adapters.postgres.pool import Pool
from adapters.postgres.throttle import PostgresLoginThrottle
from contract.ports.admission import ThrottleWith
from contract.ports.audit import AuditLogSuite
from contract.ports.credentials import CredentialRepositorySuite
from contract.ports.lists import OrderRepositorySuite
from contract.ports.sessions import SessionRepositorySuite
from contract.ports.throttle import LoginThrottleSuite
from contract.ports.users import UserRepositorySuite
from contract.ports.work import UnitOfWorkSuite


@pytest.fixture
def storage(postgres: PostgresAdapters) -> PostgresAdapters:
    return postgres


@pytest.fixture
def throttle_with(postgres_pool: Pool) -> ThrottleWith:
    return partial(PostgresLoginThrottle, Autocommit(postgres_pool))


class TestPostgresUserRepository(UserRepositorySuite): ...


class TestPostgresCredentialRepository(CredentialRepositorySuite): ...


class TestPostgresOrderRepository(OrderRepositorySuite): ...


class TestPostgresAuditLog(AuditLogSuite): ...


class TestPostgresUnitOfWork(UnitOfWorkSuite): ...


class TestPostgresSessionRepository(SessionRepositorySuite): ...


class TestPostgresLoginThrottle(LoginThrottleSuite): ...
