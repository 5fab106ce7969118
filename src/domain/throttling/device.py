"""Devices that an account was signed in to from, and the port that writes their tokens.

A device token tells the owner of an account from strangers who guess its password. It proves
nothing else: a login needs the password all the same.

Source: OWASP, Slow Down Online Guessing Attacks with Device Cookies.
"""

import secrets
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Self

ID_BYTES: Final = 16
LIFETIME: Final = timedelta(days=400)
"""How long a device is known after the last login from it. Browsers keep no cookie longer.

Source: RFC 6265bis, section 5.5 (Max-Age).
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """The content of a device token. It is not stored.

    Attributes:
        id: 16 random bytes, different for each device and account.
        password_version: That of the account at the last login. With another password, the
            account does not know the device any more.
        expires_at: Aware UTC, whole seconds.
    """

    id: bytes
    password_version: int
    expires_at: datetime

    @classmethod
    def after_login(cls, known: "Device | None", password_version: int, now: datetime) -> Self:
        """Return the device of a login that has succeeded: the known one, or a new one."""
        return cls(
            id=known.id if known else secrets.token_bytes(ID_BYTES),
            password_version=password_version,
            expires_at=(now + LIFETIME).replace(microsecond=0),
        )


class DeviceTokenCodec(ABC):
    """Encodes and decodes device tokens."""

    @abstractmethod
    def encode(self, device: Device, account: str) -> str:
        """Encode a device of an account, and authenticate both with the current key.

        Args:
            device: The device.
            account: The canonical e-mail address. The token does not contain it.

        Returns:
            76 URL-safe characters.
        """

    @abstractmethod
    def decode(self, encoded: str, account: str, now: datetime) -> Device | None:
        """Decode and verify a token, without storage.

        Args:
            encoded: What the client presented; may be any text.
            account: The account that the device must be of; may be any text.
            now: The time at which the token must not have expired, aware UTC.

        Returns:
            The device; or None if the text differs in any bit from what `encode` creates for this
            account with one of the keys, or has expired.
        """
