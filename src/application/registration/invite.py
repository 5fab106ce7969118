"""Invite somebody to become a user (docs/flow.md, F70, RG6 and RG7)."""

from dataclasses import dataclass, field
from datetime import timedelta

from latchkey.application.accounts.current_user import CurrentUser
from latchkey.application.links.link_mail import link_mail
from latchkey.application.mail.mail_throttle import MailThrottle
from latchkey.domain.accounts.email_address import EmailAddress, EmailAddressParser
from latchkey.domain.accounts.errors import EmailTakenError, RegistrationClosedError
from latchkey.domain.accounts.registration import Registration
from latchkey.domain.accounts.user import Role, UserRepository
from latchkey.domain.audit.event import COMMAND_LINE, AuditAction, RequestSource, event
from latchkey.domain.audit.pseudonyms import Pseudonyms
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.links.link import Invitation, Link
from latchkey.domain.links.link_token import LinkKind
from latchkey.domain.mail.errors import MailDisabledError
from latchkey.domain.sessions.access_token import Principal
from latchkey.domain.unit_of_work import UnitsOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteCommand:
    """Request to invite somebody.

    Attributes:
        by: The administrator who requests it, or None for an operator on the command line.
        email: As typed. Hidden in `repr`.
        role: That of the user to be.
    """

    by: Principal | None
    email: str = field(repr=False)
    role: Role
    source: RequestSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """Store a link that makes a user with a role, and its mail.

    An address that is invited again gets another mail, whose link is as good as the first one's.
    Invitations of the same address to another role are withdrawn.

    Attributes:
        registration: Who may become a user.
        has_mail: Whether this deployment sends mail.
        language: The language of the mail: nobody knows that of its reader.
        lifetime: How long a link is good, timedelta > 0.
        retry_for: How long a mail is tried, timedelta > 0.
    """

    registration: Registration
    has_mail: bool
    current_user: CurrentUser
    addresses: EmailAddressParser
    users: UserRepository
    throttle: MailThrottle
    units: UnitsOfWork
    pseudonyms: Pseudonyms
    clock: Clock
    language: str
    lifetime: timedelta
    retry_for: timedelta

    async def __call__(self, command: InviteCommand) -> Link:
        """Invite somebody, and return the link without its token.

        Raises:
            AccessTokenInvalidError: The administrator's session has ended or role has changed.
            RegistrationClosedError: Nobody may be invited.
            MailDisabledError: This deployment sends no mail.
            InvalidInputError: The address cannot be one that mail goes to.
            EmailTakenError: A user has the address.
            TooManyMailsError: Too many mails were asked for.
        """
        if command.by is not None:
            await self.current_user(command.by)
        if self.registration is Registration.OFF:
            raise RegistrationClosedError
        if not self.has_mail:
            raise MailDisabledError
        email = self.addresses.parse_new(command.email.strip())
        if await self.users.by_email(email) is not None:
            raise EmailTakenError
        if command.by is not None:  # an operator may write as many mails as they like
            await self.throttle.hit(email, command.source.address, self.clock.now())
        return await self._store(email, command)

    async def _store(self, email: EmailAddress, command: InviteCommand) -> Link:
        now, by = self.clock.now(), command.by
        invitation = Invitation(role=command.role, by=by.id if by else None)
        link = Link.ask(LinkKind.INVITATION, email, now, self.lifetime, invitation)
        mail = link_mail(link, now, language=self.language, retry_for=self.retry_for)
        who = self.pseudonyms.of(email.canonical)
        sent = event(
            AuditAction.INVITATION_SENT,
            now,
            command.source,
            account_hash=who,
            role=command.role,
            by=str(by.id) if by else COMMAND_LINE,
        )
        async with self.units.begin() as unit:
            if by is not None:
                await self.current_user.hold(by, unit)
            await unit.invitations.withdraw_others(email, command.role)
            await unit.links.add(link)
            await unit.outbox.add(mail)
            await unit.audit.append(sent)
            await unit.commit()
        return link
