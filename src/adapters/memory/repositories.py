"""The repositories in memory."""

from latchkey.adapters.memory.accounts.erasure import MemoryUserErasure
from latchkey.adapters.memory.accounts.password_credentials import (
    MemoryPasswordCredentialRepository,
)
from latchkey.adapters.memory.accounts.search import MemoryUserSearch
from latchkey.adapters.memory.accounts.users import MemoryUserRepository
from latchkey.adapters.memory.audit.log import MemoryAuditLog
from latchkey.adapters.memory.factors.factors import (
    MemoryFactorRepository,
    MemoryRecoveryCodeRepository,
)
from latchkey.adapters.memory.factors.passkeys import MemoryPasskeyRepository
from latchkey.adapters.memory.factors.remembered_devices import MemoryRememberedDeviceRepository
from latchkey.adapters.memory.links.invitations import MemoryInvitationRepository
from latchkey.adapters.memory.links.links import MemoryLinkRepository
from latchkey.adapters.memory.links.user_links import MemoryUserLinkRepository
from latchkey.adapters.memory.mail.outbox import MemoryOutbox
from latchkey.adapters.memory.mail.queue import MemoryMailQueue
from latchkey.adapters.memory.sessions.sessions import MemorySessionRepository
from latchkey.adapters.memory.sessions.user_sessions import MemoryUserSessionRepository
from latchkey.adapters.memory.tables import Access
from latchkey.domain.unit_of_work import Repositories


def repositories(access: Access) -> Repositories:
    """Return all repositories on the same tables."""
    return Repositories(
        users=MemoryUserRepository(access),
        erasure=MemoryUserErasure(access),
        user_search=MemoryUserSearch(access),
        password_credentials=MemoryPasswordCredentialRepository(access),
        sessions=MemorySessionRepository(access),
        user_sessions=MemoryUserSessionRepository(access),
        audit=MemoryAuditLog(access),
        outbox=MemoryOutbox(access),
        mail_queue=MemoryMailQueue(access),
        links=MemoryLinkRepository(access),
        invitations=MemoryInvitationRepository(access),
        user_links=MemoryUserLinkRepository(access),
        factors=MemoryFactorRepository(access),
        recovery_codes=MemoryRecoveryCodeRepository(access),
        passkeys=MemoryPasskeyRepository(access),
        remembered_devices=MemoryRememberedDeviceRepository(access),
    )
