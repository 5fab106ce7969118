"""Complete a sign-in with a second factor (docs/flow.md, Y1 and Y3 to Y6)."""

from contextlib import suppress
from dataclasses import dataclass, field

from latchkey.application.factors.attempts import FactorAttempts
from latchkey.application.factors.second_factors import SecondFactorAnswer, SecondFactors
from latchkey.application.sign_in.login_devices import DeviceLoggedIn, LoginDevices
from latchkey.application.sign_in.login_throttle import LoginClient, LoginThrottle
from latchkey.application.sign_in.open_session import LoggedIn, OpenSession, ProvenUser
from latchkey.domain.audit.event import AuditAction, RequestSource, event
from latchkey.domain.factors.authentication import Authentication, FirstMethod
from latchkey.domain.factors.errors import ChallengeEndedError, SecondFactorInvalidError
from latchkey.domain.factors.factor import FoundFactors
from latchkey.domain.factors.pending_sign_in import PendingSignIn, PendingSignInCodec
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.kernel.errors import RetryLaterError
from latchkey.domain.unit_of_work import UnitOfWork, UnitsOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactorLoginCommand:
    """Request to complete a sign-in.

    Attributes:
        challenge: What the client presented; may be any text.
        replaces: The refresh tokens that the client holds already; any texts, or none.
        devices: The device tokens that the client holds already; any texts, or none.
        device_name: A name for the client's device, at most 64 characters, or "" if it is unknown.
    """

    challenge: str = field(repr=False)
    answer: SecondFactorAnswer
    replaces: tuple[str, ...] = field(default=(), repr=False)
    devices: tuple[str, ...] = field(default=(), repr=False)
    device_name: str = ""
    source: RequestSource


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactorLogin:
    """Open a session for a client that holds a challenge and has a right code.

    The code is used up in the transaction that opens the session: neither happens without the
    other. The lock of the user lets no change of the password or the factors happen in between.
    """

    codec: PendingSignInCodec
    attempts: FactorAttempts
    second_factors: SecondFactors
    throttle: LoginThrottle
    devices: LoginDevices
    units: UnitsOfWork
    open_session: OpenSession
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
        async with self.attempts.counted(pending.user_id):
            found, client, logged_in = await self._open(pending, command)
        with suppress(RetryLaterError):  # the login has succeeded: its counts expire anyway
            await self.attempts.succeed(pending.user_id)
            await self.throttle.succeed(client, self.clock.now())
        return self.devices.logged_in(logged_in, client, found.credential.password_version)

    async def _open(
        self, pending: PendingSignIn, command: SecondFactorLoginCommand
    ) -> tuple[FoundFactors, LoginClient, LoggedIn]:
        now = self.clock.now()
        async with self.units.begin() as unit:
            await unit.users.lock(pending.user_id)
            found = _asked(await unit.factors.find(pending.user_id), pending)
            if not await self.second_factors.spend(unit, found, command.answer, now):
                await self._refuse(unit, found, command)
            client = self._client(found, command)
            opened = await self.open_session.within(unit, _proven(found, client, command))
            if not isinstance(opened, LoggedIn):
                raise ChallengeEndedError
            await unit.commit()
        return found, client, opened

    def _client(self, found: FoundFactors, command: SecondFactorLoginCommand) -> LoginClient:
        account, address = found.credential.user.email.canonical, command.source.address
        version = found.credential.password_version
        return self.devices.client(account, address, command.devices).with_password(version)

    async def _refuse(
        self, unit: UnitOfWork, found: FoundFactors, command: SecondFactorLoginCommand
    ) -> None:
        failed = event(
            AuditAction.SECOND_FACTOR_FAILED,
            self.clock.now(),
            command.source,
            user_id=found.credential.user.id,
            session_id=None,
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
    if found is None or found.totp is None or found.credential.user.is_disabled:
        raise ChallengeEndedError
    if not pending.is_of(found.credential):
        raise ChallengeEndedError
    return found


def _proven(
    found: FoundFactors, client: LoginClient, command: SecondFactorLoginCommand
) -> ProvenUser:
    credential, method = found.credential, command.answer.method
    return ProvenUser(
        user=credential.user,
        authentication=Authentication(first=FirstMethod.PASSWORD, second=method),
        password_version=credential.password_version,
        has_second_factor=credential.has_second_factor,
        replaces=command.replaces,
        device_name=command.device_name,
        source=command.source,
        is_known=client.device is not None,
    )
