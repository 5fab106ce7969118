"""The wire form of challenges: 63 bytes, 84 characters, one spelling.

    | version | user id | binding | expiry | MAC |
    |       1 |      16 |      10 |      4 |  32 |

63 is divisible by three, so base64url needs no padding and leaves no bit unused.
"""

import base64
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from struct import Struct
from typing import Final
from uuid import UUID

from typing_extensions import override

from latchkey.adapters.keys.key import SigningKey
from latchkey.domain.accounts.user import UserId
from latchkey.domain.factors.errors import ChallengeEndedError, ChallengeInvalidError
from latchkey.domain.factors.pending_sign_in import PendingSignIn, PendingSignInCodec

_VERSION: Final = 1
_LABEL: Final = b"challenge/v1"  # in front of everything that is authenticated
_BODY: Final = Struct(">B16s10sI")  # big endian, no gaps
_SPELLING: Final = re.compile("[A-Za-z0-9_-]{84}")


class HmacPendingSignInCodec(PendingSignInCodec):
    """Authenticates challenges with HMAC-SHA-256.

    A challenge does not name its key: there are few, and each is tried.

    Source: RFC 2104 (HMAC); RFC 4648, section 5 (base64url).
    """

    def __init__(self, keys: Sequence[SigningKey]) -> None:
        """Prepare the keys.

        Args:
            keys: One or more keys whose signatures have 32 bytes. The first writes, all read.

        Raises:
            ValueError: There is no key.
        """
        if not keys:
            raise ValueError("challenges need a key")
        self._signing = keys[0]
        self._verifying = [key.verifying for key in keys]

    @override
    def encode(self, pending: PendingSignIn) -> str:
        body = _BODY.pack(
            _VERSION,
            pending.user_id.bytes,
            pending.binding,
            int(pending.expires_at.timestamp()),
        )
        return base64.urlsafe_b64encode(body + self._signing.sign(_LABEL + body)).decode()

    @override
    def decode(self, encoded: str, now: datetime) -> PendingSignIn:
        if not _SPELLING.fullmatch(encoded):
            raise ChallengeInvalidError
        raw = base64.urlsafe_b64decode(encoded)
        message, mac = _LABEL + raw[: _BODY.size], raw[_BODY.size :]
        version, user_id, binding, expiry = _BODY.unpack_from(raw)
        if version != _VERSION or not any(key.verify(message, mac) for key in self._verifying):
            raise ChallengeInvalidError
        expires_at = datetime.fromtimestamp(expiry, UTC)
        if expires_at <= now:
            raise ChallengeEndedError
        return PendingSignIn(
            user_id=UserId(UUID(bytes=user_id)),
            binding=binding,
            expires_at=expires_at,
        )
