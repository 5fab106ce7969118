"""Factories for links in mails."""

from datetime import timedelta

from latchkey.adapters.link_token import HmacLinkTokenCodec
from latchkey.adapters.mime.templates import Templates
from latchkey.application.links.prepare_link import PrepareLink
from latchkey.application.links.present_link import PresentLink
from latchkey.application.links.read_link import ReadLink
from latchkey.application.mail.mail_throttle import MailThrottle
from latchkey.application.mail.request_link import RequestLink
from latchkey.domain.accounts.email_address import EmailAddressParser
from latchkey.domain.audit.event import AuditAction
from latchkey.domain.links.link_token import LinkKind, LinkTokenCodec
from latchkey.domain.storage import Storage
from latchkey.entrypoints import keys
from latchkey.entrypoints.settings import Settings


def link_codec(settings: Settings) -> LinkTokenCodec:
    return HmacLinkTokenCodec(keys.link_keys(settings))


def prepare_link(storage: Storage, link_codec: LinkTokenCodec) -> PrepareLink:
    return PrepareLink(
        links=storage.links, users=storage.users, codec=link_codec, clock=storage.clock
    )


def present_link(storage: Storage, link_codec: LinkTokenCodec) -> PresentLink:
    return PresentLink(links=storage.links, codec=link_codec, clock=storage.clock)


def read_link(present_link: PresentLink) -> ReadLink:
    return ReadLink(present=present_link)


def request_link(  # noqa: PLR0913 - given by name
    settings: Settings,
    storage: Storage,
    addresses: EmailAddressParser,
    templates: Templates,
    *,
    kind: LinkKind,
    noted_as: AuditAction,
    lifetime: timedelta,
) -> RequestLink:
    """Build what asks for links of one kind."""
    return RequestLink(
        kind=kind,
        noted_as=noted_as,
        has_mail=settings.has_mail,
        addresses=addresses,
        throttle=MailThrottle(throttle=storage.throttle, limits=settings.throttling.mail_limits),
        units=storage.units,
        pseudonyms=keys.pseudonyms(settings),
        clock=storage.clock,
        languages=frozenset(templates.by_language),
        language=settings.mail.language,
        lifetime=lifetime,
        retry_for=settings.mail.retry_for,
    )
