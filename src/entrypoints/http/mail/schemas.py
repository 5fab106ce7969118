"""Request and response bodies for mail: JSON with camelCase members."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from latchkey.domain.kernel.page import Page
from latchkey.domain.mail.mail import MailKind
from latchkey.domain.mail.queue import QueuedMail
from latchkey.entrypoints.http.accounts.schemas import Email, Typed
from latchkey.entrypoints.http.pagination import NextCursor, write_cursor


class TestMailBody(Typed, frozen=True):
    """Whom a test mail goes to."""

    email: Email


class QueuedMailBody(Struct, frozen=True, rename="camel", kw_only=True):
    """A mail that is not sent, without its link and its text."""

    id: UUID
    kind: MailKind
    to: Email
    user_id: Annotated[UUID | None, Meta(description="Whom it concerns, if it is known yet.")]
    attempts: Annotated[int, Meta(ge=0, description="How often it was tried.")]
    next_attempt_at: Annotated[
        datetime | None, Meta(description="When it is tried again; null if it was given up.")
    ]
    failure: Annotated[
        str | None, Meta(description="Why it was given up, if it was.", examples=["550 5.1.1"])
    ]

    @classmethod
    def of(cls, queued: QueuedMail) -> "QueuedMailBody":
        """Encode a mail."""
        mail, failure = queued.mail, queued.failure
        return cls(
            id=mail.id,
            kind=mail.kind,
            to=mail.recipient.text,
            user_id=mail.user_id,
            attempts=queued.attempts,
            next_attempt_at=None if failure else queued.due_at,
            failure=failure,
        )


class MailPage(Struct, frozen=True, rename="camel"):
    """A page of mails, newest first."""

    items: list[QueuedMailBody]
    next_cursor: NextCursor

    @classmethod
    def of(cls, page: Page[QueuedMail]) -> "MailPage":
        """Encode a page."""
        return cls(
            items=[QueuedMailBody.of(queued) for queued in page.items],
            next_cursor=write_cursor(page.next),
        )
