"""Complete a sign-in with a second factor (docs/flow.md, Y1 and Y3 to Y6)."""

from dataclasses import dataclass
from functools import partial

from latchkey.application.factors.second_factors import SecondFactorAnswer, SecondFactors
from latchkey.application.sign_in.complete_login import (
    ChallengeCommand,
    CompleteLogin,
    OpenedLogin,
)
from latchkey.application.sign_in.login_devices import DeviceLoggedIn
from latchkey.domain.audit.event import AuditAction, event
from latchkey.domain.factors.authentication import Authentication
from latchkey.domain.factors.errors import ChallengeEndedError, SecondFactorInvalidError
from latchkey.domain.factors.factor import FoundFactors
from latchkey.domain.factors.pending_sign_in import PendingSignIn, PendingSignInCodec
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.unit_of_work import UnitOfWork, UnitsOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactorLoginCommand(ChallengeCommand):
    """Request to complete a sign-in."""

    answer: SecondFactorAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactorLogin:
    """Open a session for a client that holds a challenge and has a right code.

    The code is used up in the transaction that opens the session: neither happens without the
    other. The lock of the user lets no change of the password or the factors happen in between.
    """

    codec: PendingSignInCodec
    second_factors: SecondFactors
    complete: CompleteLogin
    units: UnitsOfWork
    clock: Clock

    async def __call__(self, command: SecondFactorLoginCommand) -> DeviceLoggedIn:
        """Check the code and open a session.

        Raises:
            ChallengeInvalidError: The service has not issued the challenge, or it has expired or
                is no longer true. No attempt was counted unless it was genuine.
            TooManyAttemptsError: Too many codes for this account. The code was not checked.
            SecondFactorInvalidError: The code is wrong or was used before.
            StorageUnavailableError: It is unknown whether the session was opened.
        """
        pending = self.codec.decode(command.challenge, self.clock.now())
        return await self.complete.counted(pending.user_id, partial(self._open, pending, command))

    async def _open(self, pending: PendingSignIn, command: SecondFactorLoginCommand) -> OpenedLogin:
        now, answer = self.clock.now(), command.answer
        async with self.units.begin() as unit:
            await unit.users.lock(pending.user_id)
            found = _asked(await unit.factors.find(pending.user_id), pending)
            if not await self.second_factors.spend(unit, found, answer, now):
                await self._refuse(unit, found, command)
            proof = Authentication.by_password(answer.method)
            opened = await self.complete.open(unit, found, proof, command)
            await unit.commit()
        return opened

    async def _refuse(
        self, unit: UnitOfWork, found: FoundFactors, command: SecondFactorLoginCommand
    ) -> None:
        failed = event(
            AuditAction.SECOND_FACTOR_FAILED,
            self.clock.now(),
            command.source,
            user_id=found.credential.user.id,
            factor=command.answer.method.value,
        )
        await unit.audit.append(failed)
        await unit.commit()
        raise SecondFactorInvalidError


def _asked(found: FoundFactors | None, pending: PendingSignIn) -> FoundFactors:
    """Return the factors that a challenge asks for.

    Raises:
        ChallengeEndedError: The user has been disabled, the password was changed, or there is no
            second factor any more.
    """
    if found is None or not found.has_factor or found.credential.user.is_disabled:
        raise ChallengeEndedError
    if not pending.is_of(found.credential):
        raise ChallengeEndedError
    return found
