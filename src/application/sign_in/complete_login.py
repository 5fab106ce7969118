"""What all completions of a login have in common (docs/flow.md, Y1, Y5 and L7)."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace

from latchkey.application.factors.attempts import FactorAttempts
from latchkey.application.sign_in.login_devices import DeviceLoggedIn, LoginDevices
from latchkey.application.sign_in.login_throttle import LoginClient, LoginThrottle
from latchkey.application.sign_in.open_session import LoggedIn, OpenSession, ProvenUser
from latchkey.application.sign_in.remembered_devices import RememberedDevices
from latchkey.domain.accounts.user import UserId
from latchkey.domain.audit.event import RequestSource
from latchkey.domain.factors.authentication import Authentication
from latchkey.domain.factors.errors import ChallengeEndedError
from latchkey.domain.factors.factor import FoundFactors
from latchkey.domain.factors.remembered_device import RememberedToken
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.kernel.errors import RetryLaterError
from latchkey.domain.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeCommand:
    """Request of a client that holds a challenge.

    Attributes:
        challenge: What the client presented; may be any text.
        replaces: The refresh tokens that the client holds already; any texts, or none.
        devices: The device tokens that the client holds already; any texts, or none.
        device_name: A name for the client's device, at most 64 characters, or "" if it is unknown.
        remembered: The tokens of remembered devices that the client holds; any texts, or none.
        remembers: Whether the device shall need no code from now on.
    """

    challenge: str = field(repr=False)
    replaces: tuple[str, ...] = field(default=(), repr=False)
    devices: tuple[str, ...] = field(default=(), repr=False)
    device_name: str = ""
    remembered: tuple[str, ...] = field(default=(), repr=False)
    remembers: bool = False
    source: RequestSource


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedLogin:
    """A session that is open once its unit of work is committed.

    Attributes:
        password_version: That of the user.
        remembered: What the device is recognized by if it needs no code from now on, or None.
    """

    logged_in: LoggedIn
    client: LoginClient
    password_version: int
    remembered: RememberedToken | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteLogin:
    """Counts attempts to complete a login, and opens the session of one that succeeds."""

    attempts: FactorAttempts
    throttle: LoginThrottle
    devices: LoginDevices
    remembered: RememberedDevices
    open_session: OpenSession
    clock: Clock

    async def counted(
        self, user_id: UserId, attempt: Callable[[], Awaitable[OpenedLogin]]
    ) -> DeviceLoggedIn:
        """Make an attempt, and take back what the login has counted if it succeeds.

        Raises:
            TooManyAttemptsError: Too many codes for this account. The attempt was not made.
        """
        async with self.attempts.counted(user_id):
            opened = await attempt()
        return await self.succeeded(user_id, opened)

    async def succeeded(self, user_id: UserId, opened: OpenedLogin) -> DeviceLoggedIn:
        """Take back what a login has counted, once its session is open."""
        with suppress(RetryLaterError):  # the login has succeeded: its counts expire anyway
            await self.attempts.succeed(user_id)
            await self.throttle.succeed(opened.client, self.clock.now())
        told = self.devices.logged_in(opened.logged_in, opened.client, opened.password_version)
        return replace(told, remembered=opened.remembered)

    async def open(
        self,
        unit: UnitOfWork,
        found: FoundFactors,
        proof: Authentication,
        command: ChallengeCommand,
    ) -> OpenedLogin:
        """Open a session with two factors within a unit of work, which the caller commits.

        Args:
            unit: The unit of work.
            found: The user's factors.
            proof: What the user has proven, two factors in all.
            command: What the client has sent.

        Raises:
            ChallengeEndedError: The password or the second factor changed meanwhile.
        """
        credential, user = found.credential, found.credential.user
        version = credential.password_version
        stranger = self.devices.client(
            user.email.canonical, command.source.address, command.devices
        )
        client = stranger.with_password(version)
        proven = ProvenUser(
            user=user,
            authentication=proof,
            password_version=version,
            has_second_factor=True,
            replaces=command.replaces,
            device_name=command.device_name,
            source=command.source,
            is_known=client.device is not None,
        )
        opened = await self.open_session.within(unit, proven)
        if not isinstance(opened, LoggedIn):
            raise ChallengeEndedError
        remembered = await self._remember(unit, found, command)
        return OpenedLogin(
            logged_in=opened, client=client, password_version=version, remembered=remembered
        )

    async def _remember(
        self, unit: UnitOfWork, found: FoundFactors, command: ChallengeCommand
    ) -> RememberedToken | None:
        if not command.remembers:
            return None
        return await self.remembered.remember(
            unit, found.credential, command.remembered, command.device_name, command.source
        )
