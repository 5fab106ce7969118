"""Response bodies for the audit log: JSON with camelCase members."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from latchkey.domain.audit.event import AuditAction, AuditEvent
from latchkey.domain.kernel.page import Page
from latchkey.entrypoints.http.pagination import NextCursor, write_cursor


class EventBody(Struct, frozen=True, rename="camel", kw_only=True):
    """Something that happened to an account or a session."""

    id: UUID
    at: datetime
    action: AuditAction
    user_id: Annotated[UUID | None, Meta(description="Whose account, if it is known.")]
    session_id: Annotated[UUID | None, Meta(description="Which session, if it is about one.")]
    address: Annotated[str | None, Meta(description="Where the request came from, if known.")]
    request_id: Annotated[str | None, Meta(description="The request's `X-Request-ID`, if any.")]
    detail: Annotated[
        dict[str, str], Meta(description="Further facts, such as `reason`, `role` or `by`.")
    ]

    @classmethod
    def of(cls, event: AuditEvent) -> "EventBody":
        """Encode an event."""
        return cls(
            id=event.id,
            at=event.at,
            action=event.action,
            user_id=event.user_id,
            session_id=event.session_id,
            address=event.source.address or None,
            request_id=event.source.request_id or None,
            detail={_camel(name): fact for name, fact in event.detail.items()},
        )


class EventPage(Struct, frozen=True, rename="camel"):
    """A page of events, newest first."""

    items: list[EventBody]
    next_cursor: NextCursor

    @classmethod
    def of(cls, page: Page[AuditEvent]) -> "EventPage":
        """Encode a page."""
        return cls(
            items=[EventBody.of(event) for event in page.items],
            next_cursor=write_cursor(page.next),
        )


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(map(str.title, rest))
