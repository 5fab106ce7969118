"""Reset a forgotten password by a link (docs/flow.md, PR3 to PR6, LK4 to LK9)."""

from dataclasses import dataclass, field
from typing import Final

from latchkey.application.factors.forget_devices import forget_devices
from latchkey.application.links.present_link import PresentedLink, PresentLink
from latchkey.application.mail.notices import Notices
from latchkey.application.passwords.attempts import PasswordAttempts, of_link
from latchkey.application.passwords.repeat_link import RepeatLink, RepeatLinkCommand
from latchkey.domain.accounts.password import (
    Password,
    PasswordBlocklist,
    PasswordHash,
    PasswordHasher,
    check_new_password,
)
from latchkey.domain.accounts.user import User
from latchkey.domain.audit.event import AuditAction, RequestSource, event, session_ended
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.links.judge import Standing, judge_link
from latchkey.domain.links.link_token import LinkKind, LinkToken
from latchkey.domain.mail.mail import MailKind
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.throttling.device import Device, DeviceTokenCodec
from latchkey.domain.unit_of_work import UnitsOfWork

KINDS: Final = (LinkKind.PASSWORD_RESET,)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetPasswordCommand:
    """Request to set a new password.

    Attributes:
        token: What the client presented; may be any text.
        password: The new password, as typed.
    """

    token: str = field(repr=False)
    password: Password
    source: RequestSource


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetPassword:
    """Set a new password, and end all sessions of the user, in one transaction.

    A client whose response was lost repeats its request. The link is used by then, and the
    password is the one that it has set: so the response is the same, and nothing changes.
    """

    present: PresentLink
    attempts: PasswordAttempts
    blocklist: PasswordBlocklist
    hasher: PasswordHasher
    units: UnitsOfWork
    notices: Notices
    repeat_link: RepeatLink
    devices: DeviceTokenCodec
    clock: Clock

    async def __call__(self, command: ResetPasswordCommand) -> str:
        """Set the password. On return no session that was opened with an older one is active.

        Returns:
            A device token, 76 URL-safe characters. The login that follows needs it if strangers
            have used up the account's attempts.

        Raises:
            LinkInvalidError: The service has not issued the link.
            LinkEndedError: The link is no longer good.
            InvalidInputError: The password is not acceptable. The link stays good.
            TooManyAttemptsError: Too many passwords were tried with this link.
            PasswordHasherBusyError: Too many passwords are queued. The link stays good.
            StorageUnavailableError: It is unknown whether the password was set; repeat.
        """
        presented = await self.present(command.token, KINDS)
        user, version = await self._set(presented, command) or await self._repeat(command)
        device = Device.after_login(None, version, self.clock.now())
        return self.devices.encode(device, user.email.canonical)

    async def _set(
        self, presented: PresentedLink, command: ResetPasswordCommand
    ) -> tuple[User, int] | None:
        """Use a link that is good. Return the user and the new version, or None if it is not."""
        credential = presented.credential
        if presented.meaning is not Standing.GOOD or credential is None:
            return None
        user = credential.user
        check_new_password(
            command.password, name=user.name, email=user.email.text, blocklist=self.blocklist
        )
        async with self.attempts.counted(of_link(presented.token.link_id)):
            new = await self.hasher.hash(command.password)
        return await self._commit(presented.token, user, new, command.source)

    async def _commit(
        self, token: LinkToken, user: User, new: PasswordHash, source: RequestSource
    ) -> tuple[User, int] | None:
        now = self.clock.now()
        async with self.units.begin() as unit:
            await unit.users.lock(user.id)  # from here on, what the link stands on stays as it is
            found = await unit.links.find(token.link_id)
            if judge_link(found, token, now) is not Standing.GOOD:
                return None
            version = await unit.password_credentials.change_password(user.id, new)
            if version is None or not await unit.links.use(token.link_id, result_version=version):
                return None
            ended = await unit.sessions.end_all(user.id, EndReason.REVOKED)
            await forget_devices(unit, user.id, now, source)
            await self.notices.write(unit, MailKind.PASSWORD_CHANGED, user, now)
            await unit.audit.append(
                event(AuditAction.PASSWORD_RESET, now, source, user_id=user.id),
                *session_ended(now, source, EndReason.REVOKED, user.id, *ended),
            )
            await unit.commit()
        return user, version

    async def _repeat(self, command: ResetPasswordCommand) -> tuple[User, int]:
        """Answer as the link's use was answered, if the password is the one that it has set."""
        credential = await self.repeat_link(  # reads the link again: it may be used by now
            RepeatLinkCommand(
                token=command.token, kinds=KINDS, password=command.password, source=command.source
            )
        )
        return credential.user, credential.password_version
