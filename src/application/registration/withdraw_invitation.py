"""Withdraw an invitation (docs/flow.md, F77 and RG11)."""

from dataclasses import dataclass

from latchkey.application.accounts.current_user import CurrentUser
from latchkey.domain.audit.event import AuditAction, RequestSource, event
from latchkey.domain.audit.pseudonyms import Pseudonyms
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.links.link_token import LinkId
from latchkey.domain.sessions.access_token import Principal
from latchkey.domain.unit_of_work import UnitsOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawInvitationCommand:
    """Request to withdraw an invitation.

    Attributes:
        by: The administrator who requests it.
        link_id: The invitation; may be any identifier.
    """

    by: Principal
    link_id: LinkId
    source: RequestSource


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawInvitation:
    """Withdraw all invitations to the address of one, unless one of them was used.

    A mail with an invitation that is not sent yet is not sent any more.
    """

    current_user: CurrentUser
    units: UnitsOfWork
    pseudonyms: Pseudonyms
    clock: Clock

    async def __call__(self, command: WithdrawInvitationCommand) -> None:
        """Withdraw an invitation; does nothing if there is no such invitation any more.

        Raises:
            AccessTokenStaleError: The session has ended, or the user's role has changed.
        """
        async with self.units.begin() as unit:
            await self.current_user.hold(command.by, unit)
            email = await unit.invitations.withdraw(command.link_id)
            if email is None:
                return
            await unit.audit.append(
                event(
                    AuditAction.INVITATION_WITHDRAWN,
                    self.clock.now(),
                    command.source,
                    account_hash=self.pseudonyms.of(email.canonical),
                    by=str(command.by.id),
                )
            )
            await unit.commit()
