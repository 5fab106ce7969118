"""Ask for a link that resets a forgotten password (docs/flow.md, PR1 and NO1)."""

from dataclasses import dataclass, field
from datetime import timedelta

from latchkey.application.links.link_mail import link_mail
from latchkey.application.mail.mail_throttle import MailThrottle
from latchkey.domain.accounts.email_address import EmailAddressParser
from latchkey.domain.audit.event import AuditAction, RequestSource, event
from latchkey.domain.audit.pseudonyms import Pseudonyms
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.links.link import Link
from latchkey.domain.links.link_token import LinkKind
from latchkey.domain.mail.errors import MailDisabledError
from latchkey.domain.mail.language import best_language
from latchkey.domain.mail.mail import MailKind
from latchkey.domain.unit_of_work import UnitsOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestResetCommand:
    """Request for a link.

    Attributes:
        email: As typed. Hidden in `repr`, since it may be a password.
        languages: Which languages the client wants, the most wanted first; any texts.
    """

    email: str = field(repr=False)
    languages: tuple[str, ...] = ()
    source: RequestSource


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestReset:
    """Store a link and its mail for any address, without asking whether it is a user's.

    So the response, the work and the time are the same for every address. Whether there is a user
    is found out when the mail is sent (`PrepareLink`).

    Attributes:
        has_mail: Whether this deployment sends mail.
        languages: The languages that mails can be written in.
        language: The language of the mail if none of these is wanted.
        lifetime: How long a link is good, timedelta > 0.
        retry_for: How long a mail is tried, timedelta > 0.
    """

    has_mail: bool
    addresses: EmailAddressParser
    throttle: MailThrottle
    units: UnitsOfWork
    pseudonyms: Pseudonyms
    clock: Clock
    languages: frozenset[str]
    language: str
    lifetime: timedelta
    retry_for: timedelta

    async def __call__(self, command: RequestResetCommand) -> None:
        """Ask for a link.

        Raises:
            MailDisabledError: This deployment sends no mail.
            InvalidInputError: The address cannot be one that mail goes to.
            TooManyMailsError: Too many mails were asked for.
        """
        if not self.has_mail:
            raise MailDisabledError
        email, now = self.addresses.parse_new(command.email.strip()), self.clock.now()
        await self.throttle.hit(email, command.source.address, now)
        link = Link.ask(LinkKind.PASSWORD_RESET, email, now, self.lifetime)
        async with self.units.begin() as unit:
            await unit.links.add(link)
            language = best_language(command.languages, self.languages, self.language)
            await unit.outbox.add(
                link_mail(
                    MailKind.PASSWORD_RESET, link, now, language=language, retry_for=self.retry_for
                )
            )
            who = self.pseudonyms.of(email.canonical)
            await unit.audit.append(
                event(AuditAction.PASSWORD_RESET_REQUESTED, now, command.source, account_hash=who)
            )
            await unit.commit()
