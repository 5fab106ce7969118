"""The wire form of passkeys' challenges, of which there are two kinds with a spelling each.

that of a sign-in:      | id | MAC |                          48 bytes,  64 characters
that of a new passkey:  | id | user id | user handle | MAC |  96 bytes, 128 characters

id and user id have 16 bytes, the handle and the MAC 32. All lengths are divisible by three, so
base64url needs no padding and leaves no bit unused. Each kind is authenticated with a label of
its own, which names the version, too.
"""

import base64
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from typing_extensions import override

from latchkey.adapters.keys.key import SigningKey
from latchkey.domain.accounts.user import UserId
from latchkey.domain.factors.errors import ChallengeEndedError, ChallengeInvalidError
from latchkey.domain.factors.passkey_challenge import (
    LIFETIME,
    CreationChallenge,
    PasskeyChallengeCodec,
)
from latchkey.domain.kernel.identifier import time_of

_REQUEST: Final = b"passkey-request/v1"
_CREATION: Final = b"passkey-creation/v1"
_SPELLING: Final = re.compile("[A-Za-z0-9_-]+")
_MAC_BYTES: Final = 32
_REQUEST_BYTES: Final = 16
_CREATION_BYTES: Final = 64


class HmacPasskeyChallengeCodec(PasskeyChallengeCodec):
    """Authenticates challenges with HMAC-SHA-256.

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
            raise ValueError("challenges of passkeys need a key")
        self._signing = keys[0]
        self._verifying = [key.verifying for key in keys]

    @override
    def encode_request(self, challenge: UUID) -> str:
        return self._encode(_REQUEST, challenge.bytes)

    @override
    def decode_request(self, encoded: str, now: datetime) -> UUID:
        body = self._decode(_REQUEST, encoded, _REQUEST_BYTES)
        return _in_time(UUID(bytes=body), now)

    @override
    def encode_creation(self, challenge: CreationChallenge) -> str:
        body = challenge.id.bytes + challenge.user_id.bytes + challenge.user_handle
        return self._encode(_CREATION, body)

    @override
    def decode_creation(self, encoded: str, now: datetime) -> CreationChallenge:
        body = self._decode(_CREATION, encoded, _CREATION_BYTES)
        return CreationChallenge(
            id=_in_time(UUID(bytes=body[:16]), now),
            user_id=UserId(UUID(bytes=body[16:32])),
            user_handle=body[32:],
        )

    def _encode(self, label: bytes, body: bytes) -> str:
        return base64.urlsafe_b64encode(body + self._signing.sign(label + body)).decode()

    def _decode(self, label: bytes, encoded: str, size: int) -> bytes:
        has_length = len(encoded) == (size + _MAC_BYTES) // 3 * 4
        if not has_length or not _SPELLING.fullmatch(encoded):
            raise ChallengeInvalidError
        raw = base64.urlsafe_b64decode(encoded)
        body, mac = raw[:size], raw[size:]
        if not any(key.verify(label + body, mac) for key in self._verifying):
            raise ChallengeInvalidError
        return body


def _in_time(challenge: UUID, now: datetime) -> UUID:
    if time_of(challenge) + LIFETIME <= now:
        raise ChallengeEndedError
    return challenge
