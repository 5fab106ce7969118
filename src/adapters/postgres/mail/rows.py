"""Rows of mails."""

import json

import asyncpg

from latchkey.domain.accounts.email_address import EmailAddress
from latchkey.domain.mail.mail import Mail, MailId, MailKind

KINDS = [str(kind) for kind in MailKind]
"""The kinds that this release knows. The table may have others, of a newer release."""


def mail_of(row: asyncpg.Record) -> Mail:
    """Return the mail of a row with all columns of the table, of a kind that is known."""
    return Mail(
        id=MailId(row["id"]),
        kind=MailKind(row["kind"]),
        language=row["language"],
        recipient=EmailAddress(row["recipient"], row["recipient_canonical"]),
        user_id=row["user_id"],
        facts=json.loads(row["facts"]),
        give_up_at=row["give_up_at"],
    )
