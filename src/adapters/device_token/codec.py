"""The wire form of device tokens: 57 bytes, 76 characters, one spelling.

    | version | device id | password version | expiry | MAC |
    |       1 |        16 |                4 |      4 |  32 |

57 is divisible by three, so base64url needs no padding and leaves no bit unused. The MAC is of the
account, too, which the token does not contain.
"""

import base64
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from struct import Struct
from typing import Final

from typing_extensions import override

from latchkey.adapters.keys.key import SigningKey
from latchkey.domain.throttling.device import Device, DeviceTokenCodec

_VERSION: Final = 1
_LABEL: Final = b"device/v1"  # in front of everything that is authenticated
_BODY: Final = Struct(">B16sII")  # big endian, no gaps
_SPELLING: Final = re.compile("[A-Za-z0-9_-]{76}")


class HmacDeviceTokenCodec(DeviceTokenCodec):
    """Authenticates device tokens with HMAC-SHA-256.

    A token does not name its key: there are few, and each is tried.

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
            raise ValueError("device tokens need a key")
        self._signing = keys[0]
        self._verifying = [key.verifying for key in keys]

    @override
    def encode(self, device: Device, account: str) -> str:
        body = _BODY.pack(
            _VERSION, device.id, device.password_version, int(device.expires_at.timestamp())
        )
        mac = self._signing.sign(_message(body, account))
        return base64.urlsafe_b64encode(body + mac).decode()

    @override
    def decode(self, encoded: str, account: str, now: datetime) -> Device | None:
        if not _SPELLING.fullmatch(encoded):
            return None
        raw = base64.urlsafe_b64decode(encoded)
        body, mac = raw[: _BODY.size], raw[_BODY.size :]
        version, device_id, password_version, expiry = _BODY.unpack(body)
        message = _message(body, account)
        if version != _VERSION or not any(key.verify(message, mac) for key in self._verifying):
            return None
        expires_at = datetime.fromtimestamp(expiry, UTC)
        if expires_at <= now:
            return None
        return Device(id=device_id, password_version=password_version, expires_at=expires_at)


def _message(body: bytes, account: str) -> bytes:
    return _LABEL + body + account.encode(errors="surrogatepass")
