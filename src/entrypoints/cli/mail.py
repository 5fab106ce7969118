"""`latchkey send-test-mail`."""

import asyncio
from datetime import UTC, datetime

import click

from latchkey.domain.kernel.identifier import new_id
from latchkey.domain.mail.mail import Mail, MailId, MailKind
from latchkey.domain.mail.transport import MailDelayedError, MailRefusedError
from latchkey.entrypoints import mail
from latchkey.entrypoints.cli.environment import fail, load
from latchkey.entrypoints.container.accounts import addresses
from latchkey.entrypoints.container.mail import composer, templates, transport


@click.command("send-test-mail")
@click.argument("to")
def send_test_mail(to: str) -> None:
    """Send a test mail, and report the answer.

    The mail server gets it at once, and its answer is printed. The mail does not go through the
    database.
    """
    settings, _ = load()
    if not settings.has_mail:
        fail("SMTP_URL: is not set, so this deployment sends no mail.")
    if faults := mail.faults_of(settings):
        fail(*faults)
    now = datetime.now(UTC)
    message = composer(settings, templates(settings)).compose(
        Mail(
            id=MailId(new_id(now)),
            kind=MailKind.TEST,
            language=settings.mail.language,
            recipient=addresses(settings).parse_new(to),
            user_id=None,
            facts={},
            give_up_at=now,
        )
    )
    try:
        asyncio.run(transport(settings).send(message))
    except (MailRefusedError, MailDelayedError) as error:
        fail(f"The mail was not sent: {error.reason}.")
    where = "is kept; see /mailbox" if settings.has_mailbox else "was taken by the mail server"
    click.secho(f"The mail to {to} {where}.", fg="green")
