"""Sign in with a passkey, and nothing else (docs/flow.md, F22 and Y8 to Y10)."""

from contextlib import suppress
from dataclasses import dataclass, field
from typing import NoReturn
from uuid import UUID

from latchkey.application.sign_in.login_devices import DeviceLoggedIn, LoginDevices
from latchkey.application.sign_in.login_throttle import LoginClient, LoginThrottle
from latchkey.application.sign_in.open_session import LoggedIn, OpenSession, ProvenUser
from latchkey.domain.accounts.password_credential import PasswordCredential
from latchkey.domain.accounts.user import UserId
from latchkey.domain.audit.event import AuditAction, AuditEvent, RequestSource, event
from latchkey.domain.audit.log import AuditLog
from latchkey.domain.factors.authentication import Authentication
from latchkey.domain.factors.errors import (
    ChallengeEndedError,
    PasskeyInvalidError,
    PasskeysDisabledError,
    PasskeyUnknownError,
)
from latchkey.domain.factors.passkey import (
    Counter,
    OwnedPasskey,
    PasskeyRepository,
    PasskeyUse,
    RelyingParty,
    judge_counter,
)
from latchkey.domain.factors.passkey_challenge import PasskeyChallengeCodec
from latchkey.domain.factors.passkey_verifier import Assertion, PasskeyVerifier
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.kernel.errors import RetryLaterError
from latchkey.domain.throttling.errors import TooManyAttemptsError
from latchkey.domain.unit_of_work import UnitOfWork, UnitsOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyLoginCommand:
    """Request to sign in.

    Attributes:
        assertion: What the browser sent.
        replaces: The refresh tokens that the client holds already; any texts, or none.
        devices: The device tokens that the client holds already; any texts, or none.
        device_name: A name for the client's device, at most 64 characters, or "" if it is unknown.
    """

    assertion: Assertion
    replaces: tuple[str, ...] = field(default=(), repr=False)
    devices: tuple[str, ...] = field(default=(), repr=False)
    device_name: str = ""
    source: RequestSource


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyLogin:
    """Open a session for a client that has a passkey.

    The challenge is spent in the transaction that opens the session: neither happens without the
    other. The lock of the user lets no change of the factors happen in between.

    Attributes:
        relying_party: None if there is no host name to bind passkeys to.
    """

    relying_party: RelyingParty | None
    codec: PasskeyChallengeCodec
    verifier: PasskeyVerifier
    passkeys: PasskeyRepository
    throttle: LoginThrottle
    devices: LoginDevices
    open_session: OpenSession
    units: UnitsOfWork
    audit: AuditLog
    clock: Clock

    async def __call__(self, command: PasskeyLoginCommand) -> DeviceLoggedIn:
        """Check the signature and open a session.

        Raises:
            PasskeysDisabledError: There is no host name to bind passkeys to.
            PasskeyInvalidError: The signature does not hold, or the user is disabled.
            ChallengeInvalidError: The service has not issued the challenge, or it has expired or
                was used before. No attempt was counted unless it was genuine.
            TooManyAttemptsError: Too many logins from this address. Nothing was checked.
            PasskeyUnknownError: Nobody has this passkey.
            StorageUnavailableError: It is unknown whether the session was opened.
        """
        if self.relying_party is None:
            raise PasskeysDisabledError
        now, encoded = self.clock.now(), self.verifier.challenge_of(command.assertion.client_data)
        challenge = self.codec.decode_request(encoded, now)
        stranger = self.devices.client("", command.source.address, ())
        if (wait := await self.throttle.hit_networks(stranger, now)) is not None:
            raise TooManyAttemptsError(wait)
        try:
            owned, use = await self._verify(command)
            logged_in, client, version = await self._open(owned.user_id, challenge, use, command)
        except RetryLaterError:
            with suppress(RetryLaterError):  # the counts expire anyway
                await self.throttle.refund_networks(stranger, self.clock.now())
            raise
        with suppress(RetryLaterError):  # the login has succeeded: its counts expire anyway
            await self.throttle.succeed_with_passkey(client, self.clock.now())
        return self.devices.logged_in(logged_in, client, version)

    async def _verify(self, command: PasskeyLoginCommand) -> tuple[OwnedPasskey, PasskeyUse]:
        owned = await self.passkeys.by_credential(command.assertion.credential_id)
        if owned is None:
            raise PasskeyUnknownError
        try:
            return owned, self.verifier.used(owned.passkey, command.assertion)
        except PasskeyInvalidError:
            failed = self._noted(AuditAction.LOGIN_FAILED, owned.user_id, command.source)
            await self.audit.append(failed)
            raise

    async def _open(
        self, user_id: UserId, challenge: UUID, use: PasskeyUse, command: PasskeyLoginCommand
    ) -> tuple[LoggedIn, LoginClient, int]:
        async with self.units.begin() as unit:
            owned, credential = await self._hold(unit, user_id, command)
            client = self._client(credential, command)
            if owned.passkey.has_answered(challenge):
                raise ChallengeEndedError  # what is sent again is no sign of a copy
            await self._judge(unit, owned, use, command.source)
            if not await unit.passkeys.spend(owned.passkey.id, challenge, use):
                raise ChallengeEndedError
            proven = _proven(owned, credential, client, command)
            opened = await self.open_session.within(unit, proven)
            if not isinstance(opened, LoggedIn):
                raise ChallengeEndedError
            await unit.commit()
        return opened, client, credential.password_version

    async def _hold(
        self, unit: UnitOfWork, user_id: UserId, command: PasskeyLoginCommand
    ) -> tuple[OwnedPasskey, PasswordCredential]:
        """Return the passkey and its user, locked until the unit of work ends."""
        await unit.users.lock(user_id)
        owned = await unit.passkeys.by_credential(command.assertion.credential_id)
        found = await unit.factors.find(user_id)
        if owned is None or owned.user_id != user_id or found is None:
            raise PasskeyUnknownError
        if found.credential.user.is_disabled:
            await self._refuse(unit, AuditAction.LOGIN_FAILED, user_id, command.source)
        return owned, found.credential

    async def _judge(
        self, unit: UnitOfWork, owned: OwnedPasskey, use: PasskeyUse, source: RequestSource
    ) -> None:
        """Note a counter that has not grown, and refuse it if there must be a copy (Y9)."""
        action = AuditAction.PASSKEY_COUNTER_SUSPECT
        match judge_counter(owned.passkey, use):
            case Counter.COPIED:
                await self._refuse(unit, action, owned.user_id, source)
            case Counter.SUSPECT:
                await unit.audit.append(self._noted(action, owned.user_id, source))
            case Counter.GROWN:
                pass

    def _client(self, credential: PasswordCredential, command: PasskeyLoginCommand) -> LoginClient:
        account, address = credential.user.email.canonical, command.source.address
        client = self.devices.client(account, address, command.devices)
        return client.with_password(credential.password_version)

    async def _refuse(
        self, unit: UnitOfWork, action: AuditAction, user_id: UserId, source: RequestSource
    ) -> NoReturn:
        """Commit nothing but the audit event."""
        await unit.audit.append(self._noted(action, user_id, source))
        await unit.commit()
        raise PasskeyInvalidError

    def _noted(self, action: AuditAction, user_id: UserId, source: RequestSource) -> AuditEvent:
        return event(action, self.clock.now(), source, user_id=user_id, factor="passkey")


def _proven(
    owned: OwnedPasskey,
    credential: PasswordCredential,
    client: LoginClient,
    command: PasskeyLoginCommand,
) -> ProvenUser:
    return ProvenUser(
        user=credential.user,
        authentication=Authentication.by_passkey(is_synced=owned.passkey.is_synced),
        password_version=credential.password_version,
        has_second_factor=credential.has_second_factor,
        replaces=command.replaces,
        device_name=command.device_name,
        source=command.source,
        is_known=client.device is not None,
    )
