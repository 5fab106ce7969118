"""PostgreSQL keeps what the ports promise."""

import asyncpg
import pytest

from latchkey.adapters.postgres import PostgresStorage
from latchkey.testing.ports import (
    AuditLogSuite,
    FactorRepositorySuite,
    InvitationRepositorySuite,
    LinkRepositorySuite,
    LoginThrottleSuite,
    MailQueueSuite,
    OrderRepositorySuite,
    OutboxSuite,
    PasskeyRepositorySuite,
    PasswordCredentialRepositorySuite,
    RecoveryCodeRepositorySuite,
    RememberedDeviceRepositorySuite,
    SessionRepositorySuite,
    TakeoversSuite,
    ThrottleSuite,
    UnitOfWorkSuite,
    UserErasureSuite,
    UserLinkRepositorySuite,
    UserRepositorySuite,
    UserSearchSuite,
    UserSessionRepositorySuite,
)
from latchkey.testing.ports.audit_follower import AuditFollowerSuite
from latchkey.testing.ports.ended_sessions import EndedSessionsSuite
from latchkey.testing.ports.takeovers import TakeOver


@pytest.fixture
def storage(postgres: PostgresStorage) -> PostgresStorage:
    return postgres


@pytest.fixture
def take_over(observer: asyncpg.Connection) -> TakeOver:
    """Have the timelines that were seen look like others, as they do after a promotion."""

    async def take_over() -> None:
        await observer.execute("UPDATE timelines SET id = 'before ' || id")

    return take_over


class TestPostgresUserRepository(UserRepositorySuite): ...


class TestPostgresCredentialRepository(PasswordCredentialRepositorySuite): ...


class TestPostgresOrderRepository(OrderRepositorySuite): ...


class TestPostgresMailQueue(MailQueueSuite): ...


class TestPostgresOutbox(OutboxSuite): ...


class TestPostgresInvitationRepository(InvitationRepositorySuite): ...


class TestPostgresLinkRepository(LinkRepositorySuite): ...


class TestPostgresUserLinkRepository(UserLinkRepositorySuite): ...


class TestPostgresUserErasure(UserErasureSuite): ...


class TestPostgresFactorRepository(FactorRepositorySuite): ...


class TestPostgresPasskeyRepository(PasskeyRepositorySuite): ...


class TestPostgresRememberedDeviceRepository(RememberedDeviceRepositorySuite): ...


class TestPostgresRecoveryCodeRepository(RecoveryCodeRepositorySuite): ...


class TestPostgresAuditLog(AuditLogSuite): ...


class TestPostgresAuditFollower(AuditFollowerSuite): ...


class TestPostgresEndedSessions(EndedSessionsSuite): ...


class TestPostgresUnitOfWork(UnitOfWorkSuite): ...


class TestPostgresSessionRepository(SessionRepositorySuite): ...


class TestPostgresUserSearch(UserSearchSuite): ...


class TestPostgresUserSessionRepository(UserSessionRepositorySuite): ...


class TestPostgresTakeovers(TakeoversSuite): ...


class TestPostgresThrottle(ThrottleSuite): ...


class TestPostgresLoginThrottle(LoginThrottleSuite): ...
