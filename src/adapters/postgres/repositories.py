"""The repositories in PostgreSQL."""

from latchkey.adapters.postgres.accounts.erasure import PostgresUserErasure
from latchkey.adapters.postgres.accounts.password_credentials import (
    PostgresPasswordCredentialRepository,
)
from latchkey.adapters.postgres.accounts.search import PostgresUserSearch
from latchkey.adapters.postgres.accounts.users import PostgresUserRepository
from latchkey.adapters.postgres.audit.log import PostgresAuditLog
from latchkey.adapters.postgres.engine.access import Access
from latchkey.adapters.postgres.factors.factors import (
    PostgresFactorRepository,
    PostgresRecoveryCodeRepository,
)
from latchkey.adapters.postgres.factors.passkeys import PostgresPasskeyRepository
from latchkey.adapters.postgres.factors.remembered_devices import (
    PostgresRememberedDeviceRepository,
)
from latchkey.adapters.postgres.links.invitations import PostgresInvitationRepository
from latchkey.adapters.postgres.links.links import PostgresLinkRepository
from latchkey.adapters.postgres.links.user_links import PostgresUserLinkRepository
from latchkey.adapters.postgres.mail.outbox import PostgresOutbox
from latchkey.adapters.postgres.mail.queue import PostgresMailQueue
from latchkey.adapters.postgres.sessions.sessions import PostgresSessionRepository
from latchkey.adapters.postgres.sessions.user_sessions import PostgresUserSessionRepository
from latchkey.domain.unit_of_work import Repositories


def repositories(access: Access) -> Repositories:
    """Return all repositories, which run their statements through the same access."""
    return Repositories(
        users=PostgresUserRepository(access),
        erasure=PostgresUserErasure(access),
        user_search=PostgresUserSearch(access),
        password_credentials=PostgresPasswordCredentialRepository(access),
        sessions=PostgresSessionRepository(access),
        user_sessions=PostgresUserSessionRepository(access),
        audit=PostgresAuditLog(access),
        outbox=PostgresOutbox(access),
        mail_queue=PostgresMailQueue(access),
        links=PostgresLinkRepository(access),
        invitations=PostgresInvitationRepository(access),
        user_links=PostgresUserLinkRepository(access),
        factors=PostgresFactorRepository(access),
        recovery_codes=PostgresRecoveryCodeRepository(access),
        passkeys=PostgresPasskeyRepository(access),
        remembered_devices=PostgresRememberedDeviceRepository(access),
    )
