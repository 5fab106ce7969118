"""Asking for links in mails, as nobody in particular."""

from latchkey.application.links.prepare_link import PreparedLink
from latchkey.application.mail.request_link import RequestLinkCommand
from latchkey.domain.accounts.user import User
from latchkey.domain.links.link_token import LinkId
from latchkey.domain.mail.mail import MailId
from latchkey.testing.factories import SOURCE
from unit.application.service import Service


async def asked_for_link(service: Service, user: User) -> LinkId:
    """Ask for a link to a user's address."""
    before = await _waiting(service)
    await service.request_reset(RequestLinkCommand(email=user.email.text, source=SOURCE))
    [mail_id] = await _waiting(service) - before
    return LinkId(mail_id)


async def token_of_link(service: Service, user: User) -> str:
    """Ask for a link to a user's address, and return the token that its mail would have."""
    link = await service.container.prepare_link()(await asked_for_link(service, user))
    assert isinstance(link, PreparedLink)
    return link.token


async def _waiting(service: Service) -> set[MailId]:
    now = service.clock.now()
    claims = await service.storage.outbox.claim(now, until=now, limit=100)
    return {claim.mail.id for claim in claims}
