"""Make a user by a link (docs/flow.md, RG3 to RG7, LK4 to LK9)."""

from dataclasses import dataclass, field
from typing import Final

from latchkey.application.links.present_link import PresentedLink, PresentLink
from latchkey.application.passwords.attempts import PasswordAttempts, of_link
from latchkey.application.passwords.repeat_link import RepeatLink, RepeatLinkCommand
from latchkey.domain.accounts.display_name import check_name
from latchkey.domain.accounts.errors import EmailTakenError, RegistrationClosedError
from latchkey.domain.accounts.password import (
    Password,
    PasswordBlocklist,
    PasswordHash,
    PasswordHasher,
    check_new_password,
)
from latchkey.domain.accounts.registration import Registration, RegistrationDomains
from latchkey.domain.accounts.user import Role, User, UserId
from latchkey.domain.audit.event import COMMAND_LINE, AuditAction, AuditEvent, RequestSource, event
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.kernel.errors import Violations
from latchkey.domain.kernel.identifier import new_id
from latchkey.domain.links.judge import Standing, judge_link
from latchkey.domain.links.link import FIRST_PASSWORD, Link
from latchkey.domain.links.link_token import LinkKind, LinkToken
from latchkey.domain.throttling.device import Device, DeviceTokenCodec
from latchkey.domain.unit_of_work import UnitsOfWork

KINDS: Final = (LinkKind.REGISTRATION, LinkKind.INVITATION)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteRegistrationCommand:
    """Request to become a user.

    Attributes:
        token: What the client presented; may be any text.
        name: The display name, as typed.
        password: The password, as typed.
    """

    token: str = field(repr=False)
    name: str
    password: Password
    source: RequestSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A new user, and what lets the first login pass if strangers guess at the account.

    Attributes:
        device: A device token, 76 URL-safe characters; hidden in `repr`.
    """

    user: User
    device: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteRegistration:
    """Make a user with the address of a link, whose mailbox is proven by it. Opens no session.

    A client whose response was lost repeats its request. The link is used by then, and the
    password is the one that it has set: so the response is the same, and nothing changes.

    Attributes:
        registration: Who may become a user: now, not when the link was sent.
        domains: The domains of the addresses that may register: now.
    """

    registration: Registration
    domains: RegistrationDomains
    present: PresentLink
    attempts: PasswordAttempts
    blocklist: PasswordBlocklist
    hasher: PasswordHasher
    units: UnitsOfWork
    repeat_link: RepeatLink
    devices: DeviceTokenCodec
    clock: Clock

    async def __call__(self, command: CompleteRegistrationCommand) -> Registered:
        """Make the user.

        Raises:
            LinkInvalidError: The service has not issued the link, or it is for something else.
            LinkEndedError: The link is no longer good.
            RegistrationClosedError: Nobody may become a user by such a link any more.
            InvalidInputError: Name or password is not acceptable. The link stays good.
            TooManyAttemptsError: Too many passwords were tried with this link.
            PasswordHasherBusyError: Too many passwords are queued. The link stays good.
            StorageUnavailableError: It is unknown whether the user was made; repeat.
        """
        presented = await self.present(command.token, KINDS)
        self._check_is_open(presented)
        user, version = await self._make(presented, command) or await self._repeat(command)
        device = Device.after_login(None, version, self.clock.now())
        return Registered(user=user, device=self.devices.encode(device, user.email.canonical))

    def _check_is_open(self, presented: PresentedLink) -> None:
        is_invited = presented.token.kind is LinkKind.INVITATION
        allowed = {Registration.OPEN} | ({Registration.INVITATION} if is_invited else set())
        if self.registration not in allowed:
            raise RegistrationClosedError
        link = presented.link
        if link is not None and not is_invited and not self.domains.include(link.email):
            raise RegistrationClosedError

    async def _make(
        self, presented: PresentedLink, command: CompleteRegistrationCommand
    ) -> tuple[User, int] | None:
        """Use a link that is good. Return the new user and version, or None if it is not."""
        link = presented.link
        if presented.meaning is not Standing.GOOD or link is None:
            return None
        violations = Violations()
        with violations:
            check_name(command.name)
        with violations:
            check_new_password(
                command.password,
                name=command.name,
                email=link.email.text,
                blocklist=self.blocklist,
            )
        violations.raise_if_any()
        async with self.attempts.counted(of_link(link.id)):
            hashed = await self.hasher.hash(command.password)
        return await self._commit(link, presented.token, command, hashed)

    async def _commit(
        self,
        link: Link,
        token: LinkToken,
        command: CompleteRegistrationCommand,
        hashed: PasswordHash,
    ) -> tuple[User, int] | None:
        user = self._user(link, command.name)
        async with self.units.begin() as unit:
            if link.invitation is not None and link.invitation.by is not None:
                await unit.users.lock(link.invitation.by)  # who stays an administrator until then
            found = await unit.links.find(link.id)
            if judge_link(found, token, user.created_at) is not Standing.GOOD:
                return None
            try:
                await unit.users.add(user, hashed)
            except EmailTakenError:  # by somebody who was faster
                return None
            if not await unit.links.use_for(link.id, user.id):
                return None
            await unit.audit.append(_registered(link, user, command.source))
            await unit.commit()
        return user, FIRST_PASSWORD

    def _user(self, link: Link, name: str) -> User:
        now = self.clock.now()
        return User(
            id=UserId(new_id(now)),
            email=link.email,
            name=name,
            role=link.invitation.role if link.invitation else Role.USER,
            created_at=now,
        )

    async def _repeat(self, command: CompleteRegistrationCommand) -> tuple[User, int]:
        """Answer as the link's use was answered, if the password is the one that it has set."""
        credential = await self.repeat_link(  # reads the link again: it may be used by now
            RepeatLinkCommand(
                token=command.token, kinds=KINDS, password=command.password, source=command.source
            )
        )
        return credential.user, credential.password_version


def _registered(link: Link, user: User, source: RequestSource) -> AuditEvent:
    by = {"by": str(link.invitation.by or COMMAND_LINE)} if link.invitation else {}
    what: dict[str, str] = {"kind": link.kind, "link": str(link.id), "role": user.role, **by}
    return event(
        AuditAction.USER_REGISTERED,
        user.created_at,
        source,
        user_id=user.id,
        session_id=None,
        **what,
    )
