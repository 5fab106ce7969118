"""Factories for links in mails."""

from latchkey.adapters.link_token import HmacLinkTokenCodec
from latchkey.application.links.prepare_link import PrepareLink
from latchkey.application.links.present_link import PresentLink
from latchkey.application.links.read_link import ReadLink
from latchkey.domain.links.link_token import LinkTokenCodec
from latchkey.domain.storage import Storage
from latchkey.entrypoints import keys
from latchkey.entrypoints.settings import Settings


def link_codec(settings: Settings) -> LinkTokenCodec:
    return HmacLinkTokenCodec(keys.link_keys(settings))


def prepare_link(storage: Storage, link_codec: LinkTokenCodec) -> PrepareLink:
    return PrepareLink(links=storage.links, codec=link_codec, clock=storage.clock)


def present_link(storage: Storage, link_codec: LinkTokenCodec) -> PresentLink:
    return PresentLink(links=storage.links, codec=link_codec, clock=storage.clock)


def read_link(present_link: PresentLink) -> ReadLink:
    return ReadLink(present=present_link)
