"""Passkeys: key pairs of a user's devices, which sign the user in without a password.

A passkey is two factors: the key, and what its device asks of the user before it signs. So it is
proven in one step, and a password before it would add nothing.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Final, Self
from uuid import UUID

from latchkey.domain.accounts.user import UserId
from latchkey.domain.factors.factor import FactorId
from latchkey.domain.kernel.errors import InvalidInputError, Violation
from latchkey.domain.kernel.identifier import new_id, time_of

MOST: Final = 10
"""How many a user can have."""
NAME_LENGTH: Final = 64
"""How many characters a name has at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RelyingParty:
    """What passkeys are bound to.

    Attributes:
        id: A host name. Browsers offer a passkey on its pages, and on those of hosts below it.
        name: Names the service to the user.

    Source: WebAuthn Level 3, section 5.4.2.
    """

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPasskey:
    """What a device tells of a passkey that it has just made.

    Attributes:
        credential_id: Chosen by the device, 1 to 1023 bytes.
        public_key: In COSE_Key form (RFC 9052, section 7).
        sign_count: How often the device says that it has signed, 0 to 2^32 - 1.
        is_synced: Whether it can be copied to the user's other devices.
        is_backed_up: Whether it has been.
    """

    credential_id: bytes
    public_key: bytes = field(repr=False)
    sign_count: int
    is_synced: bool
    is_backed_up: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey(NewPasskey):
    """A passkey of a user.

    Attributes:
        id: Contains the time of its creation, to the millisecond.
        user_handle: 32 random bytes, the same for all passkeys of a user: what devices know the
            user by. It reveals nothing.
        rp_id: The relying party that it is bound to.
        name: Chosen by the user, 1 to `NAME_LENGTH` characters.
        transports: How the device can be reached, as the browser has told.
        last_challenge: The identifier of the last challenge that it has answered, or None.
    """

    id: FactorId
    user_handle: bytes
    rp_id: str
    name: str
    transports: tuple[str, ...] = ()
    last_challenge: UUID | None = None

    @classmethod
    def of(  # noqa: PLR0913 - given by name
        cls,
        new: NewPasskey,
        *,
        user_handle: bytes,
        rp_id: str,
        name: str,
        transports: tuple[str, ...],
        now: datetime,
    ) -> Self:
        """Return the passkey that a device has made, for its user."""
        return cls(
            id=FactorId(new_id(now)),
            credential_id=new.credential_id,
            public_key=new.public_key,
            sign_count=new.sign_count,
            is_synced=new.is_synced,
            is_backed_up=new.is_backed_up,
            user_handle=user_handle,
            rp_id=rp_id,
            name=name,
            transports=transports,
        )

    def has_answered(self, challenge: UUID) -> bool:
        """Return whether a challenge, or a later one, was spent with it."""
        return self.last_challenge is not None and challenge <= self.last_challenge

    @property
    def created_at(self) -> datetime:
        """When it was added, aware UTC, whole milliseconds."""
        return time_of(self.id)

    @property
    def last_used_at(self) -> datetime:
        """When the challenge was issued that it last signed in with, or when it was added."""
        return time_of(self.last_challenge or self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyUse:
    """What a device tells of a passkey with a signature.

    Attributes:
        sign_count: As in `NewPasskey`.
        is_backed_up: As in `NewPasskey`.
    """

    sign_count: int
    is_backed_up: bool


class Counter(Enum):
    """What a signature counter says.

    Source: WebAuthn Level 3, section 6.1.1.
    """

    GROWN = "grown"
    """It has grown, or the device has none."""
    SUSPECT = "suspect"
    """It has not grown, as with some devices that sync their keys."""
    COPIED = "copied"
    """It has not grown although the key has one device: somebody else has a copy of the key."""


def judge_counter(passkey: Passkey, use: PasskeyUse) -> Counter:
    """Return what the counter of a signature says. Pure and total.

    Devices without a counter always say 0. A device that has begun to count and a key that is not
    backed up leave no other explanation than a copy.
    """
    if use.sign_count > passkey.sign_count or passkey.sign_count == use.sign_count == 0:
        return Counter.GROWN
    is_certain = passkey.sign_count > 0 and use.sign_count > 0 and not use.is_backed_up
    return Counter.COPIED if is_certain else Counter.SUSPECT


def passkey_name(typed: str) -> str:
    """Return the name of a passkey as it is stored.

    Raises:
        InvalidInputError: It is empty, too long, or has characters that cannot be shown.
    """
    name = " ".join(typed.split())
    if not 0 < len(name) <= NAME_LENGTH or not name.isprintable():
        raise InvalidInputError(
            Violation("name", f"must have 1 to {NAME_LENGTH} characters that can be shown")
        )
    return name


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnedPasskey:
    """A passkey with its user."""

    user_id: UserId
    passkey: Passkey


class PasskeyRepository(ABC):
    """Stores passkeys. Each method is one atomic step, also among concurrent calls.

    A credential has `has_second_factor` while its user has a passkey.
    """

    @abstractmethod
    async def of_user(self, user_id: UserId) -> tuple[Passkey, ...]:
        """Return a user's passkeys as last committed, the oldest first."""

    @abstractmethod
    async def by_credential(self, credential_id: bytes) -> OwnedPasskey | None:
        """Return the passkey with a credential id, or None."""

    @abstractmethod
    async def add(self, user_id: UserId, passkey: Passkey) -> bool:
        """Store a passkey.

        Args:
            user_id: An existing user.
            passkey: One that was never used.

        Returns:
            Whether nobody has a passkey with this credential id. If not, nothing has changed.
        """

    @abstractmethod
    async def spend(self, passkey_id: FactorId, challenge: UUID, use: PasskeyUse) -> bool:
        """Spend a challenge with a passkey (compare-and-set), and store what its device told.

        Of concurrent calls with one challenge, exactly one succeeds. Once a call has succeeded,
        none with the same or an earlier challenge does. The counter never gets smaller.

        Args:
            passkey_id: That of the passkey.
            challenge: The identifier of the challenge, a UUID of version 7.
            use: What the device told.

        Returns:
            Whether there is this passkey, and neither this challenge nor a later one was spent. If
            not, nothing has changed.
        """

    @abstractmethod
    async def remove(self, user_id: UserId, passkey_id: FactorId) -> bool:
        """Delete a passkey; if it was the user's last factor, their recovery codes, too.

        The caller holds the lock of the user (`UserRepository.lock`).

        Returns:
            Whether the user had this passkey.
        """
