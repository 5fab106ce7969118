"""Second factors as they are stored, and the ports that store them.

A user has at most one TOTP that is confirmed, and one that is not. Confirming the latter replaces
the former. So a user who moves to another device is never without a second factor.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import NewType, Self
from uuid import UUID

from latchkey.domain.accounts.password_credential import PasswordCredential
from latchkey.domain.accounts.user import UserId
from latchkey.domain.factors.authentication import SecondMethod
from latchkey.domain.factors.totp import start_of
from latchkey.domain.kernel.identifier import new_id, time_of

FactorId = NewType("FactorId", UUID)


@dataclass(frozen=True, slots=True, kw_only=True)
class TotpSeed:
    """What a secret is computed from, besides a key. It is worth nothing without the key.

    Attributes:
        key_id: Names the key.
        nonce: 16 random bytes; hidden in `repr`.
    """

    key_id: str
    nonce: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TotpFactor:
    """An authenticator app of a user.

    Attributes:
        id: Contains the time of its creation, to the millisecond.
        spent_step: The last step that a code was accepted for, or None if the factor is not
            confirmed. The code that confirms it is spent, too.
    """

    id: FactorId
    seed: TotpSeed
    spent_step: int | None = None

    @classmethod
    def begin(cls, seed: TotpSeed, now: datetime) -> Self:
        """Create a factor that is not confirmed."""
        return cls(id=FactorId(new_id(now)), seed=seed)

    @property
    def created_at(self) -> datetime:
        """When it was created, aware UTC, whole milliseconds."""
        return time_of(self.id)

    @property
    def last_used_at(self) -> datetime | None:
        """The begin of the step that was spent last, aware UTC, or None before it is confirmed."""
        return None if self.spent_step is None else start_of(self.spent_step)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFactors:
    """A user with their password credential and second factors, read at one instant.

    Attributes:
        totp: The confirmed one, or None.
        pending: The one that is not confirmed, or None.
        has_passkey: Whether there is a passkey at least.
        recovery_codes_left: How many were not used yet, >= 0.
    """

    credential: PasswordCredential
    totp: TotpFactor | None = None
    pending: TotpFactor | None = None
    has_passkey: bool = False
    recovery_codes_left: int = 0

    @property
    def has_factor(self) -> bool:
        """Whether there is a confirmed app or a passkey."""
        return self.totp is not None or self.has_passkey

    @property
    def answers(self) -> frozenset[SecondMethod]:
        """The second methods that the user can use now."""
        can = {
            SecondMethod.TOTP: self.totp is not None,
            SecondMethod.RECOVERY_CODE: self.recovery_codes_left > 0,
            SecondMethod.PASSKEY: self.has_passkey,
        }
        return frozenset(method for method, is_possible in can.items() if is_possible)


class FactorRepository(ABC):
    """Stores second factors. Each method is one atomic step, also among concurrent calls.

    A credential has `has_second_factor` while its user has a confirmed app or a passkey.
    """

    @abstractmethod
    async def find(self, user_id: UserId) -> FoundFactors | None:
        """Return a user's factors as last committed, or None if there is no such user."""

    @abstractmethod
    async def enrol(self, user_id: UserId, factor: TotpFactor) -> None:
        """Store a factor that is not confirmed, in place of one that was not.

        Args:
            user_id: An existing user.
            factor: A factor that is not confirmed.
        """

    @abstractmethod
    async def confirm(self, user_id: UserId, factor_id: FactorId, step: int) -> bool:
        """Confirm a factor, and spend the step of the code that confirmed it.

        It replaces the one that was confirmed before. Of concurrent calls, exactly one succeeds.

        Returns:
            Whether the user had this factor and it was not confirmed. If not, nothing has changed.
        """

    @abstractmethod
    async def spend(self, user_id: UserId, factor_id: FactorId, step: int) -> bool:
        """Spend a step of a confirmed factor (compare-and-set).

        Of concurrent calls with one step, exactly one succeeds. Once a call has succeeded, none
        with the same or an earlier step does.

        Returns:
            Whether the user had this factor, and neither this step nor a later one was spent. If
            not, nothing has changed.
        """

    @abstractmethod
    async def remove(self, user_id: UserId) -> bool:
        """Delete all factors of a user, with passkeys and recovery codes.

        Returns:
            Whether there was a confirmed app or a passkey.
        """


class RecoveryCodeRepository(ABC):
    """Stores hashes of recovery codes. Each method is one atomic step, among concurrent calls too.

    Hashes are 32 bytes.
    """

    @abstractmethod
    async def replace(self, user_id: UserId, hashes: Collection[bytes]) -> bool:
        """Replace all codes of a user who has a confirmed app or a passkey.

        Returns:
            Whether the user has one. If not, nothing has changed.
        """

    @abstractmethod
    async def spend(self, user_id: UserId, hashes: Collection[bytes]) -> bool:
        """Delete a code, which must have one of these hashes.

        Of concurrent calls with one code, exactly one succeeds.

        Args:
            user_id: Whose code it is.
            hashes: Those of one code, by different keys.

        Returns:
            Whether the user had the code.
        """
