"""Send a user a link for a new password (docs/flow.md, F69)."""

from dataclasses import dataclass

from latchkey.application.administration.get_user import GetUser
from latchkey.application.mail.request_link import RequestLink, RequestLinkCommand
from latchkey.domain.accounts.user import UserId
from latchkey.domain.audit.event import RequestSource
from latchkey.domain.sessions.access_token import Principal


@dataclass(frozen=True, slots=True, kw_only=True)
class SendReset:
    """Send a user a link for a new password. The administrator sees neither of them."""

    get_user: GetUser
    request_link: RequestLink

    async def __call__(self, principal: Principal, user_id: UserId, source: RequestSource) -> None:
        """Ask for the link, as the user would.

        Raises:
            AccessTokenStaleError: The administrator's session has ended or role has changed.
            NotFoundError: There is no such user.
            MailDisabledError: This deployment sends no mail.
            InvalidInputError: The user's address cannot be one that mail goes to.
            TooManyMailsError: Too many mails were asked for.
        """
        user = await self.get_user(principal, user_id)
        await self.request_link(
            RequestLinkCommand(email=user.email.text, source=source, by=str(principal.id))
        )
