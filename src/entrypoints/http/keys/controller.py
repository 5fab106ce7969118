"""Public keys, and the metadata that leads to them."""

from typing import Any, Final, TypeVar

from litestar import Controller, Litestar, Request, Response, get
from litestar.datastructures import ResponseHeader
from litestar.di import NamedDependency
from litestar.params import SkipValidation
from litestar.types import ASGIApp, Receive, Scope, Send
from typing_extensions import override

from latchkey.domain.kernel.errors import NotFoundError, StorageUnavailableError
from latchkey.entrypoints.http.keys.ended_sessions import EndedSessionsFeed
from latchkey.entrypoints.http.keys.publication import JWKS, Document, Publication
from latchkey.entrypoints.http.keys.schemas import EndedSessionsBody, JwkSetBody, MetadataBody
from latchkey.entrypoints.http.problems.declared import NO_SECURITY, problems
from latchkey.entrypoints.http.responses import matches, send_content, send_whole

T = TypeVar("T")

_CACHING: Final = "public, max-age=300, stale-if-error=86400"
_CHECKED: Final = "no-cache"


def _cached(caching: str, meaning: str) -> list[ResponseHeader]:
    return [
        ResponseHeader(
            name=name, description=description, required=True, value=value, documentation_only=True
        )
        for name, description, value in (
            ("Cache-Control", meaning, caching),
            ("ETag", "Send it as `If-None-Match`, and get 304 while nothing has changed.", '"…"'),
        )
    ]


_CACHED: Final = _cached(_CACHING, "How long the document may be kept, in seconds.")


class Cached(Response[T]):
    """A document that clients may keep, or 304 if they have it already."""

    def __init__(self, document: Document, caching: str = _CACHING) -> None:
        super().__init__(None)  # type: ignore[arg-type] # the document is encoded already
        self._document = document
        self._caching = caching.encode()

    @override
    def to_asgi_response(  # type: ignore[override] # Litestar only calls the result
        self,
        app: Litestar | None,
        request: Request[Any, Any, Any],
        **_: object,
    ) -> ASGIApp:
        """Return an application that sends the document."""
        document = self._document
        headers = ((b"cache-control", self._caching), (b"etag", document.tag))
        known = dict(request.scope["headers"]).get(b"if-none-match", b"")

        async def respond(_: Scope, __: Receive, send: Send) -> None:
            if matches(document.tag, known):
                await send_whole(send, 304, headers)
            else:
                await send_content(send, 200, b"application/json", document.body, headers)

        return respond


class KeyController(Controller):
    """Public keys, and the metadata that leads to them."""

    tags = ("Keys",)

    @get(
        JWKS,
        public=True,
        security=NO_SECURITY,
        summary="Get the public keys",
        response_headers=_CACHED,
        responses=problems(NotFoundError),
    )
    async def jwks(
        self, publication: NamedDependency[SkipValidation[Publication]]
    ) -> Cached[JwkSetBody]:
        """Return the public keys that verify access tokens, now and soon."""
        return Cached(publication.jwks())

    @get(
        "/.well-known/oauth-authorization-server",
        public=True,
        security=NO_SECURITY,
        summary="Get the issuer's metadata (RFC 8414)",
        response_headers=_CACHED,
        responses=problems(NotFoundError),
    )
    async def oauth_metadata(
        self, publication: NamedDependency[SkipValidation[Publication]]
    ) -> Cached[MetadataBody]:
        """Return what a verifier needs to know of the issuer of access tokens."""
        return Cached(publication.metadata())

    @get(
        "/.well-known/openid-configuration",
        public=True,
        security=NO_SECURITY,
        summary="Get the issuer's metadata (OpenID Connect)",
        response_headers=_CACHED,
        responses=problems(NotFoundError),
    )
    async def openid_metadata(
        self, publication: NamedDependency[SkipValidation[Publication]]
    ) -> Cached[MetadataBody]:
        """Return the same, where libraries for OpenID Connect look for it."""
        return Cached(publication.metadata())

    @get(
        "/.well-known/ended-sessions",
        public=True,
        security=NO_SECURITY,
        summary="Get the sessions that have ended lately",
        response_headers=_cached(_CHECKED, "The document may be kept, but must be checked."),
        responses=problems(NotFoundError, StorageUnavailableError),
    )
    async def ended_sessions(
        self, feed: NamedDependency[SkipValidation[EndedSessionsFeed]]
    ) -> Cached[EndedSessionsBody]:
        """Return the sessions that have ended, as long as their access tokens may be valid."""
        return Cached(await feed.document(), _CHECKED)
