"""The wire form of link tokens: 75 bytes, 100 characters, one spelling.

    | version | key id | kind | link id | password version | expiry | secret | MAC |
    |       1 |      1 |    1 |      16 |                4 |      4 |     16 |  32 |

75 is divisible by three, so base64url needs no padding and leaves no bit unused: the link has no
character that mail programs change.
"""

import base64
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from struct import Struct
from types import MappingProxyType
from typing import Final
from uuid import UUID

from typing_extensions import override

from latchkey.adapters.keys.key import SigningKey, VerifyingKey
from latchkey.domain.links.errors import LinkEndedError, LinkInvalidError
from latchkey.domain.links.link_end import LinkEnd
from latchkey.domain.links.link_token import LinkId, LinkKind, LinkToken, LinkTokenCodec

_VERSION: Final = 1
_LABEL: Final = b"link/v1"  # in front of everything that is authenticated
_KINDS: Final[Mapping[LinkKind, int]] = MappingProxyType(
    {
        LinkKind.PASSWORD_RESET: 1,
        LinkKind.REGISTRATION: 2,
        LinkKind.INVITATION: 3,
        LinkKind.EMAIL_CHANGE: 4,
    }
)
_KIND_OF: Final[Mapping[int, LinkKind]] = MappingProxyType({n: kind for kind, n in _KINDS.items()})
_BODY: Final = Struct(">BBB16sII16s")  # big endian, no gaps
_SPELLING: Final = re.compile("[A-Za-z0-9_-]{100}")


class HmacLinkTokenCodec(LinkTokenCodec):
    """Authenticates link tokens with HMAC-SHA-256.

    Source: RFC 2104 (HMAC); RFC 4648, section 5 (base64url).
    """

    def __init__(self, keys: Sequence[SigningKey]) -> None:
        """Prepare the keys.

        Args:
            keys: One or more keys whose signatures have 32 bytes, and whose `kid` is one byte in
                hexadecimal. The first writes, all read. Several may have the same `kid`.

        Raises:
            ValueError: There is no key, or a `kid` is something else.
        """
        if not keys:
            raise ValueError("link tokens need a key")
        self._signing = keys[0]
        self._keys = [(_key_id(key.verifying), key.verifying) for key in keys]

    @override
    def encode(self, token: LinkToken) -> str:
        body = _BODY.pack(
            _VERSION,
            self._keys[0][0],
            _KINDS[token.kind],
            token.link_id.bytes,
            token.password_version,
            int(token.expires_at.timestamp()),
            token.secret,
        )
        return base64.urlsafe_b64encode(body + self._signing.sign(_LABEL + body)).decode()

    @override
    def decode(self, encoded: str, now: datetime) -> LinkToken:
        if not _SPELLING.fullmatch(encoded):
            raise LinkInvalidError
        raw = base64.urlsafe_b64decode(encoded)
        version, key_id, kind, link_id, password_version, expiry, secret = _BODY.unpack_from(raw)
        if version != _VERSION or kind not in _KIND_OF or not self._is_genuine(key_id, raw):
            raise LinkInvalidError
        expires_at = datetime.fromtimestamp(expiry, UTC)
        if expires_at <= now:
            raise LinkEndedError(LinkEnd.EXPIRED)
        return LinkToken(
            kind=_KIND_OF[kind],
            link_id=LinkId(UUID(bytes=link_id)),
            password_version=password_version,
            expires_at=expires_at,
            secret=secret,
        )

    def _is_genuine(self, key_id: int, raw: bytes) -> bool:
        message, mac = _LABEL + raw[: _BODY.size], raw[_BODY.size :]
        return any(key.verify(message, mac) for known, key in self._keys if known == key_id)


def _key_id(key: VerifyingKey) -> int:
    (key_id,) = bytes.fromhex(key.kid)  # raises ValueError unless it is exactly one byte
    return key_id
