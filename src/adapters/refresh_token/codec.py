"""The wire form of refresh tokens: 75 bytes, 100 characters, one spelling.

    | version | key id | flags | session id | generation | absolute expiry | secret | MAC |
    |       1 |      1 |     1 |         16 |          4 |               4 |     16 |  32 |

75 is divisible by three, so base64url needs no padding and leaves no bit unused.
"""

import base64
import hmac
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from struct import Struct
from typing import Final
from uuid import UUID

from typing_extensions import override

from latchkey.adapters.refresh_token.keys import MacKey
from latchkey.domain.sessions.errors import RefreshTokenInvalidError
from latchkey.domain.sessions.refresh_token import RefreshToken, RefreshTokenCodec
from latchkey.domain.sessions.session_id import SessionId

_VERSION: Final = 1
_FLAGS: Final = 0
_BODY: Final = Struct(">3s16sII16s")  # big endian, no gaps; the first three bytes as one
_SPELLING: Final = re.compile("[A-Za-z0-9_-]{100}")


class HmacRefreshTokenCodec(RefreshTokenCodec):
    """Authenticates refresh tokens with HMAC-SHA-256.

    Constant per session but for the generation and the MAC, so a token that was lost on its way
    can be made again. Version, key id and flags are constants of a key, so they are looked up
    as one.

    Source: RFC 2104 (HMAC); RFC 4648, section 5 (base64url).
    """

    def __init__(self, keys: Sequence[bytes], context: str) -> None:
        """Derive the keys.

        Args:
            keys: One or more secrets, each of 32 bytes or more. The first writes, all read. To
                replace one without ending a session: append the new one everywhere, then move
                it to the front everywhere, then drop the old one once the absolute lifetime of
                sessions has passed. To end all sessions of a leaked one: drop it at once.
            context: Which installation the tokens are for, such as issuer and environment;
                those of another one are refused.

        Raises:
            ValueError: There is no secret, or one is too short.
        """
        derived = [MacKey.derive(secret, context) for secret in keys]
        if not derived:
            raise ValueError("refresh tokens need a secret")
        self._current = derived[0]
        self._by_prefix = {
            _prefix(key): [other for other in derived if other.id == key.id] for key in derived
        }

    @override
    def encode(self, token: RefreshToken) -> str:
        body = _BODY.pack(
            _prefix(self._current),
            token.session_id.bytes,
            token.generation,
            int(token.expires_at.timestamp()),
            token.secret,
        )
        return base64.urlsafe_b64encode(body + self._current.mac(body)).decode()

    @override
    def decode(self, encoded: str, now: datetime) -> RefreshToken:
        if not _SPELLING.fullmatch(encoded):
            raise RefreshTokenInvalidError
        raw = base64.urlsafe_b64decode(encoded)
        body, mac = raw[: _BODY.size], raw[_BODY.size :]
        prefix, session_id, generation, expiry, secret = _BODY.unpack(body)
        keys = self._by_prefix.get(prefix, ())
        if not any(hmac.compare_digest(key.mac(body), mac) for key in keys):
            raise RefreshTokenInvalidError
        expires_at = datetime.fromtimestamp(expiry, UTC)
        if expires_at <= now:
            raise RefreshTokenInvalidError
        return RefreshToken(
            session_id=SessionId(UUID(bytes=session_id)),
            generation=generation,
            expires_at=expires_at,
            secret=secret,
        )


def _prefix(key: MacKey) -> bytes:
    return bytes((_VERSION, key.id, _FLAGS))
