"""Write the mail of a link, which is computed when the mail is sent."""

from datetime import datetime, timedelta

from latchkey.domain.links.link import Link
from latchkey.domain.mail.mail import Mail, MailId, MailKind


def link_mail(link: Link, now: datetime, *, language: str, retry_for: timedelta) -> Mail:
    """Return the mail of a link. Without the link it is useless, and so is a copy of the outbox.

    Args:
        link: The link that was asked for.
        now: When it was asked for, aware UTC datetime.
        language: A language tag, such as "en".
        retry_for: How long the mail is tried, if the link is good for so long.
    """
    return Mail(
        id=MailId(link.id),
        kind=MailKind(link.kind.value),
        language=language,
        recipient=link.email,
        user_id=None,
        facts={},
        give_up_at=min(now + retry_for, link.expires_at),
    )
