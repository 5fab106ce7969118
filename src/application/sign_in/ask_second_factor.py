"""Ask for a second factor after the right password (docs/flow.md, Y1 and Y2)."""

from dataclasses import dataclass

from latchkey.application.sign_in.remembered_devices import RememberedDevices
from latchkey.domain.accounts.password_credential import PasswordCredential
from latchkey.domain.audit.event import AuditAction, RequestSource, event
from latchkey.domain.audit.log import AuditLog
from latchkey.domain.factors.errors import SecondFactorRequiredError
from latchkey.domain.factors.factor import FactorRepository
from latchkey.domain.factors.pending_sign_in import PendingSignIn, PendingSignInCodec
from latchkey.domain.kernel.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class AskSecondFactor:
    """Makes the challenge of a user who has a second factor."""

    factors: FactorRepository
    codec: PendingSignInCodec
    remembered: RememberedDevices
    audit: AuditLog
    clock: Clock

    async def __call__(
        self, credential: PasswordCredential, source: RequestSource
    ) -> SecondFactorRequiredError:
        """Return the error that tells a client how to go on."""
        user, now = credential.user, self.clock.now()
        found = await self.factors.find(user.id)
        await self.audit.append(event(AuditAction.LOGIN_CHALLENGED, now, source, user_id=user.id))
        pending = PendingSignIn.begin(found.credential if found else credential, now)
        return SecondFactorRequiredError(
            self.codec.encode(pending),
            found.answers if found else frozenset(),
            pending.expires_at - now,
            self.remembered.lifetime_for(user),
        )
