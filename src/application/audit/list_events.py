"""Read the audit log, page by page (docs/flow.md, F72 and AU1)."""

from dataclasses import dataclass, replace

from latchkey.application.accounts.current_user import CurrentUser
from latchkey.domain.audit.event import AuditEvent
from latchkey.domain.audit.log import AuditFilter, AuditLog
from latchkey.domain.kernel.page import Page, Position
from latchkey.domain.sessions.access_token import Principal


@dataclass(frozen=True, slots=True, kw_only=True)
class ListEvents:
    """List audit events, after checking that the administrator still is one."""

    current_user: CurrentUser
    audit: AuditLog

    async def __call__(
        self, principal: Principal, wanted: AuditFilter, *, after: Position | None, limit: int
    ) -> Page[AuditEvent]:
        """List the events that match, newest first.

        Args:
            principal: The administrator.
            wanted: The filter, without bounds of the id.
            after: Where the previous page ended, or None for the first page.
            limit: The maximum number of events, 1 to 100.

        Raises:
            AccessTokenStaleError: The session has ended, or the user's role has changed.
        """
        await self.current_user(principal)
        bounded = replace(wanted, before=after.id if after else None)
        found = (await self.audit.read(bounded, limit=limit + 1))[::-1]
        items = found[:limit]
        is_over = len(found) == len(items)
        last = None if is_over else Position(created_at=items[-1].at, id=items[-1].id)
        return Page(items=items, next=last)
