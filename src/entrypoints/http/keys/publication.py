"""What other services are told about the keys, from memory."""

import hashlib
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import msgspec
from msgspec import Struct

from latchkey.adapters.keys import KeySet, PublicKey
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.kernel.errors import NotFoundError
from latchkey.entrypoints.http.keys.schemas import JwkSetBody, MetadataBody

JWKS: Final = "/.well-known/jwks.json"
_KEPT: Final = 16  # documents; a rotation makes two of each kind


@dataclass(frozen=True, slots=True)
class Document:
    """A document, ready to be sent.

    Attributes:
        tag: Its entity tag (RFC 9110, section 8.8.3).
    """

    body: bytes
    tag: bytes = field(init=False)

    def __post_init__(self) -> None:
        """Compute the tag."""
        tag = b'"%s"' % hashlib.sha256(self.body).hexdigest()[:32].encode()
        object.__setattr__(self, "tag", tag)


class Publication:
    """Publishes the keys that verify access tokens, and where they are.

    It asks the clock and nothing else, so it answers whatever the database does.
    """

    def __init__(self, keys: KeySet, clock: Clock, issuer: str, origin: str | None) -> None:
        """Publish keys.

        Args:
            keys: The keys of access tokens.
            clock: Decides which keys are published.
            issuer: The claim `iss`.
            origin: The address of the service if the issuer is one; None publishes no metadata.
        """
        self._keys = keys
        self._clock = clock
        self._issuer = issuer
        self._origin = origin
        self._jwks_of = lru_cache(_KEPT)(_jwks)
        self._metadata_of = lru_cache(_KEPT)(self._metadata)

    def jwks(self) -> Document:
        """Return the public keys of now.

        Raises:
            NotFoundError: There are none.
        """
        return self._jwks_of(self._published())

    def metadata(self) -> Document:
        """Return the metadata of the issuer.

        Raises:
            NotFoundError: There are no public keys, or the issuer is no address.
        """
        published = self._published()
        if self._origin is None:
            raise NotFoundError
        return self._metadata_of(tuple(key.alg for key in published), self._origin)

    def _published(self) -> tuple[PublicKey, ...]:
        published = self._keys.published_at(self._clock.now())
        if not published:
            raise NotFoundError
        return published

    def _metadata(self, algorithms: tuple[str, ...], origin: str) -> Document:
        return document(
            MetadataBody(
                issuer=self._issuer,
                jwks_uri=f"{origin}{JWKS}",
                response_types_supported=[],
                id_token_signing_alg_values_supported=list(dict.fromkeys(algorithms)),
            )
        )


def _jwks(published: tuple[PublicKey, ...]) -> Document:
    listed = [key.listed for key in published]
    return document(msgspec.convert({"keys": listed}, JwkSetBody))


def document(body: Struct) -> Document:
    """Encode a document."""
    return Document(msgspec.json.encode(body))
