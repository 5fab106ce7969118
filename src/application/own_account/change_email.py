"""Change the e-mail address by a link (docs/flow.md, EC3, EC4 and LK4 to LK9)."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from latchkey.application.links.present_link import PresentedLink, PresentLink
from latchkey.application.mail.notices import Notices
from latchkey.application.passwords.attempts import PasswordAttempts, of_link
from latchkey.application.passwords.repeat_link import RepeatLink, RepeatLinkCommand
from latchkey.domain.accounts.errors import PasswordIncorrectError
from latchkey.domain.accounts.password import Password, PasswordHasher
from latchkey.domain.accounts.password_credential import PasswordCredential
from latchkey.domain.accounts.user import User
from latchkey.domain.audit.event import AuditAction, RequestSource, event
from latchkey.domain.audit.log import AuditLog
from latchkey.domain.audit.pseudonyms import Pseudonyms
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.links.judge import Standing, judge_link
from latchkey.domain.links.link import Link
from latchkey.domain.links.link_token import LinkKind, LinkToken
from latchkey.domain.mail.mail import MailKind
from latchkey.domain.throttling.device import Device, DeviceTokenCodec
from latchkey.domain.unit_of_work import UnitOfWork, UnitsOfWork

KINDS: Final = (LinkKind.EMAIL_CHANGE,)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeEmailCommand:
    """Request to use a link to a new address.

    Attributes:
        token: What the client presented; may be any text.
        password: The current password, as typed.
    """

    token: str = field(repr=False)
    password: Password
    source: RequestSource


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailChanged:
    """The user with the new address, and a token of the client's device.

    Attributes:
        device: 76 URL-safe characters. Tokens of before are of the former address.
    """

    user: User
    device: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeEmail:
    """Give the user of a link its address. Needs the new mailbox, and the password.

    So neither who has a session and the password, nor who got the mail by a typing error, can do it
    alone. Sessions go on. A client whose response was lost repeats its request.
    """

    present: PresentLink
    attempts: PasswordAttempts
    hasher: PasswordHasher
    units: UnitsOfWork
    notices: Notices
    audit: AuditLog
    repeat_link: RepeatLink
    devices: DeviceTokenCodec
    pseudonyms: Pseudonyms
    clock: Clock

    async def __call__(self, command: ChangeEmailCommand) -> EmailChanged:
        """Change the address.

        Raises:
            LinkInvalidError: The service has not issued the link, or it is for something else.
            LinkEndedError: The link is no longer good.
            TooManyAttemptsError: Too many passwords were tried with this link.
            PasswordIncorrectError: The password is wrong. The link stays good.
            PasswordHasherBusyError: Too many passwords are queued. The link stays good.
            EmailTakenError: Another user has the address by now. The link stays good.
            StorageUnavailableError: It is unknown whether the address was changed; repeat.
        """
        presented = await self.present(command.token, KINDS)
        credential = await self._change(presented, command) or await self._repeat(command)
        device = Device.after_login(None, credential.password_version, self.clock.now())
        user = credential.user
        return EmailChanged(user=user, device=self.devices.encode(device, user.email.canonical))

    async def _change(
        self, presented: PresentedLink, command: ChangeEmailCommand
    ) -> PasswordCredential | None:
        """Use a link that is good. Return the changed credential, or None if it is not."""
        credential, link = presented.credential, presented.link
        if presented.meaning is not Standing.GOOD or credential is None or link is None:
            return None
        await self._verify(link, credential, command)
        return await self._commit(link, presented.token, command.source)

    async def _verify(
        self, link: Link, credential: PasswordCredential, command: ChangeEmailCommand
    ) -> None:
        holder = of_link(link.id)
        async with self.attempts.counted(holder):
            is_right = await self.hasher.verify(
                command.password, credential.password_hash, holder.queues_as
            )
        if not is_right:
            failed = AuditAction.PASSWORD_ATTEMPT_FAILED
            user_id, now = credential.user.id, self.clock.now()
            await self.audit.append(
                event(failed, now, command.source, user_id=user_id, link=str(link.id))
            )
            raise PasswordIncorrectError

    async def _commit(
        self, link: Link, token: LinkToken, source: RequestSource
    ) -> PasswordCredential | None:
        now = self.clock.now()
        async with self.units.begin() as unit:
            if link.binding is not None:
                await unit.users.lock(link.binding.user_id)  # what the link stands on stays so
            found = await unit.links.find(link.id)
            credential = found.credential if found else None
            if credential is None or judge_link(found, token, now) is not Standing.GOOD:
                return None
            former = credential.user
            user = replace(former, email=link.email)
            await unit.users.set_email(user.id, link.email)
            if not await unit.links.use(link.id, result_version=token.password_version):
                return None
            await self._tell(unit, former, user, now)
            what = {
                "link": str(link.id),
                "old_hash": self.pseudonyms.of(former.email.canonical),
                "new_hash": self.pseudonyms.of(user.email.canonical),
            }
            changed = AuditAction.EMAIL_CHANGED
            await unit.audit.append(
                event(changed, now, source, user_id=user.id, session_id=None, **what)
            )
            await unit.commit()
        return replace(credential, user=user)

    async def _tell(self, unit: UnitOfWork, former: User, user: User, now: datetime) -> None:
        """Write a notice to both addresses, or one if they are spellings of the same."""
        what = {"old": former.email.hint, "new": user.email.hint}
        await self.notices.write(unit, MailKind.EMAIL_CHANGED, user, now, **what)
        if former.email.canonical != user.email.canonical:
            await self.notices.write(unit, MailKind.EMAIL_CHANGED, former, now, **what)

    async def _repeat(self, command: ChangeEmailCommand) -> PasswordCredential:
        """Answer as the link's use was answered, if the password is the right one."""
        return await self.repeat_link(  # reads the link again: it may be used by now
            RepeatLinkCommand(
                token=command.token, kinds=KINDS, password=command.password, source=command.source
            )
        )
