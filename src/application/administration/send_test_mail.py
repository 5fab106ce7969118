"""Send a test mail through the outbox (docs/flow.md, F76 and ML16)."""

from dataclasses import dataclass, field
from datetime import timedelta

from latchkey.application.accounts.current_user import CurrentUser
from latchkey.application.mail.mail_throttle import MailThrottle
from latchkey.domain.accounts.email_address import EmailAddressParser
from latchkey.domain.audit.event import RequestSource
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.kernel.identifier import new_id
from latchkey.domain.mail.errors import MailDisabledError
from latchkey.domain.mail.mail import Mail, MailId, MailKind
from latchkey.domain.mail.outbox import Outbox
from latchkey.domain.sessions.access_token import Principal


@dataclass(frozen=True, slots=True, kw_only=True)
class SendTestMailCommand:
    """Request for a test mail.

    Attributes:
        by: The administrator who requests it.
        email: Whom the mail goes to, as typed. Hidden in `repr`.
    """

    by: Principal
    email: str = field(repr=False)
    source: RequestSource


@dataclass(frozen=True, slots=True, kw_only=True)
class SendTestMail:
    """Put a test mail into the outbox, so that it takes the way of all mails.

    Attributes:
        has_mail: Whether this deployment sends mail.
        language: The language of the mail.
        retry_for: How long the mail is tried, timedelta > 0.
    """

    has_mail: bool
    current_user: CurrentUser
    addresses: EmailAddressParser
    throttle: MailThrottle
    outbox: Outbox
    clock: Clock
    language: str
    retry_for: timedelta

    async def __call__(self, command: SendTestMailCommand) -> None:
        """Ask for a test mail.

        Raises:
            AccessTokenStaleError: The administrator's session has ended or role has changed.
            MailDisabledError: This deployment sends no mail.
            InvalidInputError: The address cannot be one that mail goes to.
            TooManyMailsError: Too many mails were asked for.
        """
        await self.current_user(command.by)
        if not self.has_mail:
            raise MailDisabledError
        email, now = self.addresses.parse_new(command.email.strip()), self.clock.now()
        await self.throttle.hit(email, command.source.address, now)
        await self.outbox.add(
            Mail(
                id=MailId(new_id(now)),
                kind=MailKind.TEST,
                language=self.language,
                recipient=email,
                user_id=None,
                facts={},
                give_up_at=now + self.retry_for,
            )
        )
