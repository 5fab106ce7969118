"""The repositories in memory."""

from latchkey.adapters.memory.accounts import (
    MemoryPasswordCredentialRepository,
    MemoryUserRepository,
)
from latchkey.adapters.memory.audit import MemoryAuditLog
from latchkey.adapters.memory.erasure import MemoryUserErasure
from latchkey.adapters.memory.factors import (
    MemoryFactorRepository,
    MemoryRecoveryCodeRepository,
)
from latchkey.adapters.memory.invitations import MemoryInvitationRepository
from latchkey.adapters.memory.links import MemoryLinkRepository
from latchkey.adapters.memory.mail_queue import MemoryMailQueue
from latchkey.adapters.memory.outbox import MemoryOutbox
from latchkey.adapters.memory.passkeys import MemoryPasskeyRepository
from latchkey.adapters.memory.remembered_devices import MemoryRememberedDeviceRepository
from latchkey.adapters.memory.sessions import MemorySessionRepository
from latchkey.adapters.memory.tables import Access
from latchkey.adapters.memory.user_links import MemoryUserLinkRepository
from latchkey.adapters.memory.user_search import MemoryUserSearch
from latchkey.adapters.memory.user_sessions import MemoryUserSessionRepository
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
