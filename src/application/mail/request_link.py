"""Ask for a link in a mail (docs/flow.md, PR1 to PR3, RG1 to RG3)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from latchkey.application.links.link_mail import link_mail
from latchkey.application.mail.mail_throttle import MailThrottle
from latchkey.domain.accounts.email_address import EmailAddress, EmailAddressParser
from latchkey.domain.audit.event import AuditAction, AuditEvent, RequestSource, event
from latchkey.domain.audit.pseudonyms import Pseudonyms
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.links.link import Link
from latchkey.domain.links.link_token import LinkKind
from latchkey.domain.mail.errors import MailDisabledError
from latchkey.domain.mail.language import best_language
from latchkey.domain.unit_of_work import UnitsOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLinkCommand:
    """Request for a link.

    Attributes:
        email: As typed. Hidden in `repr`, since it may be a password.
        languages: Which languages the client wants, the most wanted first; any texts.
        by: The administrator who asks for it, or "" if there is none.
    """

    email: str = field(repr=False)
    languages: tuple[str, ...] = ()
    by: str = ""
    source: RequestSource


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLink:
    """Store a link of one kind and its mail for any address, without asking whose it is.

    So the response, the work and the time are the same for every address. Whether there is a user
    is found out when the mail is sent (`PrepareLink`). A mail that nobody has tried to send yet is
    replaced, so that two requests at once are one mail.

    Attributes:
        kind: What the links are for.
        noted_as: How a request is noted in the audit log.
        has_mail: Whether this deployment sends mail.
        languages: The languages that mails can be written in.
        language: The language of the mail if none of these is wanted.
        lifetime: How long a link is good, timedelta > 0.
        retry_for: How long a mail is tried, timedelta > 0.
    """

    kind: LinkKind
    noted_as: AuditAction
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

    async def __call__(self, command: RequestLinkCommand) -> None:
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
        link = Link.ask(self.kind, email, now, self.lifetime)
        language = best_language(command.languages, self.languages, self.language)
        async with self.units.begin() as unit:
            await unit.links.add(link)
            await unit.outbox.replace(
                link_mail(link, now, language=language, retry_for=self.retry_for)
            )
            await unit.audit.append(self._event(command, email, now))
            await unit.commit()

    def _event(self, command: RequestLinkCommand, email: EmailAddress, now: datetime) -> AuditEvent:
        detail = {"account_hash": self.pseudonyms.of(email.canonical)}
        if command.by:
            detail["by"] = command.by
        return event(self.noted_as, now, command.source, user_id=None, session_id=None, **detail)
