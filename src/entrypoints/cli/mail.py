"""`latchkey mail`."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID

import click

from latchkey.domain.kernel.identifier import new_id
from latchkey.domain.kernel.page import Position
from latchkey.domain.mail.mail import Mail, MailId, MailKind
from latchkey.domain.mail.queue import MailStatus, QueuedMail
from latchkey.domain.mail.transport import MailDelayedError, MailRefusedError
from latchkey.entrypoints import mail as templates_of
from latchkey.entrypoints.cli.environment import fail, load
from latchkey.entrypoints.cli.operation import operate
from latchkey.entrypoints.container import Container
from latchkey.entrypoints.container.accounts import addresses
from latchkey.entrypoints.container.mail import composer, templates, transport

_PAGE = 100  # mails, the most at once


@click.command()
@click.option("--failed", is_flag=True, help="List the mails that were given up, and why.")
@click.option(
    "--retry",
    "retried",
    type=click.UUID,
    multiple=True,
    metavar="ID",
    help="Try the mail with this id again, which was given up. Can be repeated.",
)
@click.option("--test", "to", metavar="EMAIL", help="Send a test mail to this address.")
def mail(*, failed: bool, retried: tuple[UUID, ...], to: str | None) -> None:
    """List the mails that wait, retry failed ones, or send a test.

    Without an option, the command lists the mails that are not sent yet, the newest first: id, when
    it was written, kind, address, and how often it was tried.

    The mail server gets a test mail at once, and its answer is printed. The test mail does not go
    through the database. All other mails are sent by a running service.
    """
    if failed + bool(retried) + (to is not None) > 1:
        raise click.UsageError("--failed, --retry and --test cannot be combined.")
    if to is not None:
        _send_test(to)
    elif retried:
        _retry(retried)
    else:
        _show(MailStatus.FAILED if failed else MailStatus.WAITING)


def _show(status: MailStatus) -> None:
    async def show(container: Container) -> None:
        after: Position | None = None
        is_over = False
        while not is_over:
            page = await container.storage().mail_queue.page(status, after=after, limit=_PAGE)
            for queued in page.items:
                click.echo(_line(queued))
            after, is_over = page.next, page.next is None

    operate(show)


def _line(queued: QueuedMail) -> str:
    mail, times = queued.mail, "time" if queued.attempts == 1 else "times"
    tried = f"tried {queued.attempts} {times}"
    state = f"{tried}, given up: {queued.failure}" if queued.failure else tried
    written = f"{mail.created_at:%Y-%m-%d %H:%M:%S}"
    return f"{mail.id} {written} {mail.kind:<18} {mail.recipient} ({state})"


def _retry(mail_ids: tuple[UUID, ...]) -> None:
    async def retry(container: Container) -> list[UUID]:
        retry_mail = container.retry_mail()
        return [each for each in mail_ids if not await retry_mail(MailId(each))]

    if unknown := operate(retry):
        fail(*(f"No mail with the id {each} was given up." for each in unknown))
    click.secho("Tried again by a running service.", fg="green")


def _send_test(to: str) -> None:
    settings, _ = load()
    if not settings.has_mail:
        fail("SMTP_URL: is not set, so this deployment sends no mail.")
    if faults := templates_of.faults_of(settings):
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
