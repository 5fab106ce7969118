"""What the domain's ports promise, as tests for any adapter: one suite for each port.

A test module binds an adapter to the suites. It has a fixture `storage` that returns an empty
storage, and a subclass of each suite that the adapter should pass:

    @pytest.fixture
    def storage(latchkey_storage: MemoryStorage) -> Storage:
        latchkey_storage.orders = MyOrderRepository(...)
        return latchkey_storage

    class TestMyOrderRepository(OrderRepositorySuite): ...

The storage is a `latchkey.domain.storage.Storage`, with your adapter in place of one of ours. Its
users, credentials, sessions and audit log change together, so replace them together, with `units`.
The other suites name the fixtures that they ask for in their docstrings. Except for `ClockSuite`,
they pass every instant as an argument, so no suite waits.

The asynchronous suites run on asyncio, by the pytest plugin of anyio. So an asynchronous fixture
that they use must be anyio's, too: a plain `@pytest.fixture`, not one of pytest-asyncio's.
"""

from latchkey.testing.ports.audit import AuditLogSuite
from latchkey.testing.ports.clock import ClockSuite
from latchkey.testing.ports.factor_keys import FactorKeysSuite
from latchkey.testing.ports.factors import FactorRepositorySuite
from latchkey.testing.ports.invitations import InvitationRepositorySuite
from latchkey.testing.ports.link_token_codec import LinkTokenCodecSuite
from latchkey.testing.ports.links import LinkRepositorySuite
from latchkey.testing.ports.login_throttle import LoginThrottleSuite
from latchkey.testing.ports.mail_queue import MailQueueSuite
from latchkey.testing.ports.orders import OrderRepositorySuite
from latchkey.testing.ports.outbox import OutboxSuite
from latchkey.testing.ports.passkey_challenge_codec import PasskeyChallengeCodecSuite
from latchkey.testing.ports.passkey_verifier import PasskeyVerifierSuite
from latchkey.testing.ports.passkeys import PasskeyRepositorySuite
from latchkey.testing.ports.password_blocklist import PasswordBlocklistSuite
from latchkey.testing.ports.password_credentials import PasswordCredentialRepositorySuite
from latchkey.testing.ports.password_hasher import PasswordHasherSuite
from latchkey.testing.ports.recovery_codes import RecoveryCodeRepositorySuite
from latchkey.testing.ports.refresh_token_codec import RefreshTokenCodecSuite
from latchkey.testing.ports.remembered_devices import RememberedDeviceRepositorySuite
from latchkey.testing.ports.sessions import SessionRepositorySuite
from latchkey.testing.ports.takeovers import TakeoversSuite
from latchkey.testing.ports.throttle import ThrottleSuite
from latchkey.testing.ports.token_service import TokenServiceSuite
from latchkey.testing.ports.unit_of_work import UnitOfWorkSuite
from latchkey.testing.ports.user_erasure import UserErasureSuite
from latchkey.testing.ports.user_links import UserLinkRepositorySuite
from latchkey.testing.ports.user_search import UserSearchSuite
from latchkey.testing.ports.user_sessions import UserSessionRepositorySuite
from latchkey.testing.ports.users import UserRepositorySuite

__all__ = [
    "AuditLogSuite",
    "ClockSuite",
    "FactorKeysSuite",
    "FactorRepositorySuite",
    "InvitationRepositorySuite",
    "LinkRepositorySuite",
    "LinkTokenCodecSuite",
    "LoginThrottleSuite",
    "MailQueueSuite",
    "OrderRepositorySuite",
    "OutboxSuite",
    "PasskeyChallengeCodecSuite",
    "PasskeyRepositorySuite",
    "PasskeyVerifierSuite",
    "PasswordBlocklistSuite",
    "PasswordCredentialRepositorySuite",
    "PasswordHasherSuite",
    "RecoveryCodeRepositorySuite",
    "RefreshTokenCodecSuite",
    "RememberedDeviceRepositorySuite",
    "SessionRepositorySuite",
    "TakeoversSuite",
    "ThrottleSuite",
    "TokenServiceSuite",
    "UnitOfWorkSuite",
    "UserErasureSuite",
    "UserLinkRepositorySuite",
    "UserRepositorySuite",
    "UserSearchSuite",
    "UserSessionRepositorySuite",
]
