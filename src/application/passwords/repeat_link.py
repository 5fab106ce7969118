"""Answer again as the use of a link was answered (docs/flow.md, LK5)."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import NoReturn

from latchkey.application.links.present_link import PresentedLink, PresentLink
from latchkey.application.passwords.attempts import PasswordAttempts, of_link
from latchkey.domain.accounts.password import Password, PasswordHasher
from latchkey.domain.accounts.password_credential import PasswordCredential
from latchkey.domain.audit.event import AuditAction, RequestSource, event
from latchkey.domain.audit.log import AuditLog
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.links.errors import LinkEndedError
from latchkey.domain.links.judge import Standing
from latchkey.domain.links.link_end import LinkEnd
from latchkey.domain.links.link_token import LinkKind


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatLinkCommand:
    """Request with a link that is not, or no longer, good.

    Attributes:
        token: What the client presented; may be any text.
        kinds: The kinds of links that will do.
        password: As typed.
    """

    token: str = field(repr=False)
    kinds: Collection[LinkKind]
    password: Password
    source: RequestSource


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatLink:
    """Find what the use of a link has made, for a client whose response was lost.

    The client repeats its request, so its password is the one that the use has set. With any other
    the link is used. Changes nothing, and notes what it says.
    """

    present: PresentLink
    attempts: PasswordAttempts
    hasher: PasswordHasher
    audit: AuditLog
    clock: Clock

    async def __call__(self, command: RepeatLinkCommand) -> PasswordCredential:
        """Return the credential that the link's use has made.

        Raises:
            LinkInvalidError: The service has not issued the link.
            LinkEndedError: The link is no longer good, and this is no repetition of its use.
            TooManyAttemptsError: Too many passwords were tried with this link.
            PasswordHasherBusyError: Too many passwords are queued.
        """
        presented = await self.present(command.token, command.kinds)
        credential, meaning = presented.credential, presented.meaning
        if credential is None or meaning is not Standing.REPEATABLE:
            reason = meaning if isinstance(meaning, LinkEnd) else LinkEnd.SUPERSEDED
            await self._refuse(presented, reason, command.source)
        holder, expected = of_link(presented.token.link_id), credential.password_hash
        async with self.attempts.counted(holder):
            is_same = await self.hasher.verify(command.password, expected, holder.queues_as)
        if not is_same:
            await self._refuse(presented, LinkEnd.USED, command.source)
        await self._note(AuditAction.LINK_REPEATED, presented, command.source)
        return credential

    async def _refuse(
        self, presented: PresentedLink, reason: LinkEnd, source: RequestSource
    ) -> NoReturn:
        await self._note(AuditAction.LINK_REFUSED, presented, source, reason=reason)
        raise LinkEndedError(reason)

    async def _note(
        self, action: AuditAction, presented: PresentedLink, source: RequestSource, **why: str
    ) -> None:
        user_id = presented.credential.user.id if presented.credential else None
        what = {"kind": str(presented.token.kind), "link": str(presented.token.link_id), **why}
        await self.audit.append(
            event(action, self.clock.now(), source, user_id=user_id, session_id=None, **what)
        )
