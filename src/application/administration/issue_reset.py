"""Issue a link for a new password without a mail (docs/flow.md, PR9)."""

from dataclasses import dataclass
from datetime import timedelta

from latchkey.application.links.prepare_link import PreparedLink, PrepareLink
from latchkey.domain.accounts.user import User
from latchkey.domain.audit.event import COMMAND_LINE, AuditAction, RequestSource, event
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.links.link import Link
from latchkey.domain.links.link_token import LinkKind
from latchkey.domain.unit_of_work import UnitsOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueReset:
    """Store a link for a new password, note that, and return it to an operator.

    Whoever uses it needs what a link in a mail needs, and the user is told by the same notices.

    Attributes:
        lifetime: How long a link is good, timedelta > 0.
    """

    prepare_link: PrepareLink
    units: UnitsOfWork
    clock: Clock
    lifetime: timedelta

    async def __call__(self, user: User, source: RequestSource) -> PreparedLink | None:
        """Return a link, or None for a disabled user, for whom none is good."""
        if user.is_disabled:
            return None
        now = self.clock.now()
        link = Link.ask(LinkKind.PASSWORD_RESET, user.email, now, self.lifetime)
        asked = AuditAction.PASSWORD_RESET_REQUESTED
        async with self.units.begin() as unit:
            await unit.links.add(link)
            await unit.audit.append(event(asked, now, source, user_id=user.id, by=COMMAND_LINE))
            await unit.commit()
        prepared = await self.prepare_link(link.id)
        return prepared if isinstance(prepared, PreparedLink) else None
