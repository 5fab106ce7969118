"""Ask for another e-mail address (docs/flow.md, EC1, EC2 and EC6)."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

from latchkey.application.accounts.current_user import CurrentUser
from latchkey.application.links.link_mail import link_mail
from latchkey.application.mail.mail_throttle import MailThrottle
from latchkey.application.mail.notices import Notices
from latchkey.application.passwords.current_password import CurrentPassword
from latchkey.domain.accounts.email_address import EmailAddress, EmailAddressParser
from latchkey.domain.accounts.password import Password
from latchkey.domain.accounts.user import User
from latchkey.domain.audit.event import AuditAction, AuditEvent, RequestSource, event
from latchkey.domain.audit.pseudonyms import Pseudonyms
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.links.link import Binding, Link
from latchkey.domain.links.link_token import LinkKind
from latchkey.domain.mail.errors import MailDisabledError
from latchkey.domain.mail.language import best_language
from latchkey.domain.mail.mail import Mail, MailKind
from latchkey.domain.sessions.access_token import Principal
from latchkey.domain.unit_of_work import UnitsOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestEmailChangeCommand:
    """Request for another address.

    Attributes:
        by: The signed-in user.
        email: The new address, as typed. Hidden in `repr`.
        current: The current password, as typed.
        languages: Which languages the client wants, the most wanted first; any texts.
    """

    by: Principal
    email: str = field(repr=False)
    current: Password
    languages: tuple[str, ...] = ()
    source: RequestSource


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestEmailChange:
    """Store a link that changes the address, its mail, and a notice to the present address.

    Whether the new address is another user's is not asked. So the response, the work and the time
    are the same for every address; it is found out when the mail is sent (`PrepareLink`).

    Attributes:
        has_mail: Whether this deployment sends mail.
        languages: The languages that mails can be written in.
        language: The language of the mail if none of these is wanted.
        lifetime: How long a link is good, timedelta > 0.
        retry_for: How long a mail is tried, timedelta > 0.
    """

    has_mail: bool
    current_user: CurrentUser
    current_password: CurrentPassword
    addresses: EmailAddressParser
    throttle: MailThrottle
    units: UnitsOfWork
    notices: Notices
    pseudonyms: Pseudonyms
    clock: Clock
    languages: frozenset[str]
    language: str
    lifetime: timedelta
    retry_for: timedelta

    async def __call__(self, command: RequestEmailChangeCommand) -> None:
        """Ask for another address. Nothing has changed until the link is used.

        An earlier link of the user is withdrawn.

        Raises:
            MailDisabledError: This deployment sends no mail.
            AccessTokenStaleError: The session has ended, or the user's role has changed.
            InvalidInputError: The address cannot be one that mail goes to.
            ReauthenticationRequiredError: The user has a second factor, and has to sign in again
                first.
            TooManyAttemptsError: Too many passwords were tried in this session.
            PasswordIncorrectError: The current password is wrong. The session is kept.
            PasswordHasherBusyError: Too many passwords are queued. The attempt does not count.
            TooManyMailsError: Too many mails were asked for.
        """
        if not self.has_mail:
            raise MailDisabledError
        user = await self.current_user(command.by)
        email = self.addresses.parse_new(command.email.strip())
        async with self.current_password.checked(
            user, command.by, command.current, command.source
        ) as credential:
            binding = Binding(user_id=user.id, password_version=credential.password_version)
        await self.throttle.hit(email, command.source.address, self.clock.now())
        await self._store(email, binding, command)

    async def _store(
        self, email: EmailAddress, binding: Binding, command: RequestEmailChangeCommand
    ) -> None:
        now = self.clock.now()
        asked = Link.ask(LinkKind.EMAIL_CHANGE, email, now, self.lifetime)
        link = replace(asked, binding=binding)
        async with self.units.begin() as unit:
            user = await self.current_user.hold(command.by, unit)
            await unit.user_links.withdraw_changes(user.id)
            await unit.links.add(link)
            await unit.outbox.add(self._mail(link, command))
            if _is_another(email, user):
                kind = MailKind.EMAIL_CHANGE_REQUESTED
                await self.notices.write(unit, kind, user, now, new=email.hint)
            await unit.audit.append(self._event(link, command))
            await unit.commit()

    def _mail(self, link: Link, command: RequestEmailChangeCommand) -> Mail:
        language = best_language(command.languages, self.languages, self.language)
        return link_mail(link, self.clock.now(), language=language, retry_for=self.retry_for)

    def _event(self, link: Link, command: RequestEmailChangeCommand) -> AuditEvent:
        return event(
            AuditAction.EMAIL_CHANGE_REQUESTED,
            self.clock.now(),
            command.source,
            user_id=command.by.id,
            session_id=command.by.session_id,
            link=str(link.id),
            new_hash=self.pseudonyms.of(link.email.canonical),
        )


def _is_another(email: EmailAddress, user: User) -> bool:
    """Return whether an address is not just another spelling of a user's."""
    return email.canonical != user.email.canonical
