"""Devices that need no second factor for some days, and the port that stores them.

A device is remembered after a complete sign-in, if its user asks for that. From then on, the
password is enough there: the device is the earlier proof, and no new one. Whatever changes the
password or the second factors of the user ends that.
"""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, NewType, Self
from uuid import UUID

from latchkey.domain.accounts.password_credential import PasswordCredential
from latchkey.domain.accounts.user import UserId
from latchkey.domain.kernel.identifier import new_id, time_of

RememberedDeviceId = NewType("RememberedDeviceId", UUID)

LONGEST: Final = timedelta(days=30)
"""How long a device can be remembered at most."""
MOST: Final = 20
"""How many devices of one user are remembered at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RememberedDevice:
    """A device that a user need not prove a second factor on.

    Attributes:
        id: Contains the time of its creation, to the millisecond.
        secret_hash: What `hash_of` returns for the secret in its token; hidden in `repr`.
        password_version: That of the user when the second factor was proven.
        name: Such as "Firefox on Linux", at most 64 characters, or "" if it is unknown.
        expires_at: Aware UTC, whole seconds.
        last_used_at: When it last stood in for a second factor, aware UTC, or None.
    """

    id: RememberedDeviceId
    user_id: UserId
    secret_hash: bytes = field(repr=False)
    password_version: int
    name: str
    expires_at: datetime
    last_used_at: datetime | None = None

    @classmethod
    def begin(
        cls,
        credential: PasswordCredential,
        secret: bytes,
        name: str,
        *,
        now: datetime,
        lifetime: timedelta,
    ) -> Self:
        """Create the device of a user who has just proven a second factor."""
        return cls(
            id=RememberedDeviceId(new_id(now)),
            user_id=credential.user.id,
            secret_hash=hash_of(secret),
            password_version=credential.password_version,
            name=name,
            expires_at=(now + lifetime).replace(microsecond=0),
        )

    @property
    def created_at(self) -> datetime:
        """When the second factor was proven, aware UTC, whole milliseconds."""
        return time_of(self.id)


def hash_of(secret: bytes) -> bytes:
    """Return what is stored of a secret: 32 bytes.

    A plain hash is enough for 16 random bytes. So neither a copy of the database nor the key of the
    tokens makes a token.
    """
    return hashlib.sha256(secret).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class RememberedToken:
    """What a device is recognized by.

    Attributes:
        token: URL-safe characters. Hidden in `repr`.
        expires_in: How long it is good, timedelta > 0.
    """

    token: str = field(repr=False)
    expires_in: timedelta


class RememberedDeviceRepository(ABC):
    """Stores remembered devices. Each method is one atomic step, also among concurrent calls."""

    @abstractmethod
    async def add(self, device: RememberedDevice, *, keep: int) -> None:
        """Store a device of an existing user, and delete the user's oldest ones.

        The caller holds the lock of the user (`UserRepository.lock`).

        Args:
            device: A new one.
            keep: How many devices the user has afterwards at most, > 0.
        """

    @abstractmethod
    async def use(
        self, secret_hash: bytes, user_id: UserId, *, password_version: int, now: datetime
    ) -> RememberedDeviceId | None:
        """Note that a device stands in for a second factor.

        Returns:
            The device, if it is remembered for this user and this version of the password, and has
            not expired. If not, nothing has changed.
        """

    @abstractmethod
    async def of_user(self, user_id: UserId, now: datetime) -> tuple[RememberedDevice, ...]:
        """Return the devices of a user that have not expired, newest first."""

    @abstractmethod
    async def forget(
        self, user_id: UserId, chosen: Collection[RememberedDeviceId] | None = None
    ) -> tuple[RememberedDeviceId, ...]:
        """Delete devices of a user.

        Args:
            user_id: Whose devices. Those of other users stay.
            chosen: Which of them, or None for all.

        Returns:
            Those that this call has deleted, newest first.
        """

    @abstractmethod
    async def prune(self, now: datetime, *, limit: int) -> int:
        """Delete devices that have expired, `limit` at most, and return how many."""
