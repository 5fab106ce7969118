"""Request and response bodies for links: JSON with camelCase members."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from latchkey.application.links.read_link import ReadableLink
from latchkey.domain.links.link_token import LinkKind
from latchkey.entrypoints.http.accounts.schemas import Email, Typed

LinkTokenText = Annotated[str, Meta(description="The value of `t` in the link.", examples=["AQ…"])]


class LinkBody(Typed, frozen=True):
    """The token of a link."""

    token: LinkTokenText


class ReadableLinkBody(Struct, frozen=True, rename="camel"):
    """What a link is for."""

    kind: LinkKind
    email: Email
    expires_at: datetime

    @classmethod
    def of(cls, link: ReadableLink) -> "ReadableLinkBody":
        """Encode what a link is for."""
        return cls(kind=link.kind, email=link.email.text, expires_at=link.expires_at)
