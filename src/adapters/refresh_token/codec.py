"""The wire form of refresh tokens: 75 bytes, 100 characters, one spelling.

    | version | key id | flags | session id | generation | absolute expiry | secret | MAC |
    |       1 |      1 |     1 |         16 |          4 |               4 |     16 |  32 |

75 is divisible by three, so base64url needs no padding and leaves no bit unused.
"""

import base64
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import product
from struct import Struct
from types import MappingProxyType
from typing import Final
from uuid import UUID

from typing_extensions import override

from latchkey.adapters.keys.key import SigningKey, VerifyingKey
from latchkey.domain.factors.authentication import Means
from latchkey.domain.sessions.errors import RefreshTokenExpiredError, RefreshTokenInvalidError
from latchkey.domain.sessions.refresh_token import RefreshToken, RefreshTokenCodec
from latchkey.domain.sessions.session_id import SessionId

_VERSION: Final = 1
_FLAGS: Final[Mapping[Means, int]] = MappingProxyType(
    {
        Means.PASSWORD: 0,
        Means.PASSWORD_AND_CODE: 1,
        Means.DEVICE_PASSKEY: 2,
        Means.SYNCED_PASSKEY: 3,
    }
)
_MEANS_OF: Final[Mapping[int, Means]] = MappingProxyType({n: means for means, n in _FLAGS.items()})
_LABEL: Final = b"refresh/v1"  # in front of everything that is authenticated
_BODY: Final = Struct(">3s16sII16s")  # big endian, no gaps; the first three bytes are the prefix
_SPELLING: Final = re.compile("[A-Za-z0-9_-]{100}")


class HmacRefreshTokenCodec(RefreshTokenCodec):
    """Authenticates refresh tokens with HMAC-SHA-256.

    All tokens of a session are the same except for the generation and the MAC, so a token that
    was lost on its way to the client can be computed again. A key has one prefix for each means:
    version, key id and flags, which are looked up together.

    Source: RFC 2104 (HMAC); RFC 4648, section 5 (base64url).
    """

    def __init__(self, keys: Sequence[SigningKey]) -> None:
        """Prepare the keys.

        Args:
            keys: One or more keys whose signatures have 32 bytes, and whose `kid` is one byte in
                hexadecimal. The first key encodes, all keys decode. To replace a key without ending
                a session: append the new one everywhere, then move it to the front everywhere, then
                remove the old one when the absolute lifetime of sessions has passed. To end all
                sessions of a leaked key, remove it at once. The `kid` of two keys may be the same.

        Raises:
            ValueError: There is no key, or a `kid` is not one byte.
        """
        if not keys:
            raise ValueError("refresh tokens need a key")
        self._signing = keys[0]
        self._prefixes = {means: _prefix(keys[0].verifying, means) for means in Means}
        self._by_prefix: dict[bytes, list[VerifyingKey]] = {}
        for key, means in product(keys, Means):
            self._by_prefix.setdefault(_prefix(key.verifying, means), []).append(key.verifying)

    @override
    def encode(self, token: RefreshToken) -> str:
        body = _BODY.pack(
            self._prefixes[token.means],
            token.session_id.bytes,
            token.generation,
            int(token.expires_at.timestamp()),
            token.secret,
        )
        return base64.urlsafe_b64encode(body + self._signing.sign(_LABEL + body)).decode()

    @override
    def decode(self, encoded: str, now: datetime) -> RefreshToken:
        if not _SPELLING.fullmatch(encoded):
            raise RefreshTokenInvalidError
        raw = base64.urlsafe_b64decode(encoded)
        message, mac = _LABEL + raw[: _BODY.size], raw[_BODY.size :]
        prefix, session_id, generation, expiry, secret = _BODY.unpack_from(raw)
        for key in self._by_prefix.get(prefix, ()):
            if key.verify(message, mac):
                break
        else:
            raise RefreshTokenInvalidError
        expires_at = datetime.fromtimestamp(expiry, UTC)
        if expires_at <= now:
            raise RefreshTokenExpiredError
        return RefreshToken(
            session_id=SessionId(UUID(bytes=session_id)),
            generation=generation,
            expires_at=expires_at,
            secret=secret,
            means=_MEANS_OF[prefix[-1]],
        )


def _prefix(key: VerifyingKey, means: Means) -> bytes:
    (key_id,) = bytes.fromhex(key.kid)  # raises ValueError unless it is exactly one byte
    return bytes((_VERSION, key_id, _FLAGS[means]))
