"""The port that computes the secrets of second factors."""

from abc import ABC, abstractmethod

from latchkey.domain.accounts.user import UserId
from latchkey.domain.factors.factor import TotpSeed
from latchkey.domain.factors.recovery_code import RecoveryCode


class FactorKeys(ABC):
    """Computes secrets from a key and from what is stored.

    So neither a copy of the storage nor the key alone answers a challenge.
    """

    @abstractmethod
    def new_seed(self) -> TotpSeed:
        """Draw the seed of a new TOTP, for the current key.

        Raises:
            SecondFactorsDisabledError: There is no key.
        """

    @abstractmethod
    def totp_secret(self, user_id: UserId, seed: TotpSeed) -> bytes | None:
        """Compute the secret that a user's authenticator app shares.

        Returns:
            `SECRET_BYTES` bytes, always the same for the same user, seed and key; or None if the
            key is gone.
        """

    @abstractmethod
    def recovery_hashes(self, user_id: UserId, code: RecoveryCode) -> tuple[bytes, ...]:
        """Compute what may be stored of a user's recovery code.

        Returns:
            A hash of 32 bytes for each key, the current one first; none if there is no key.
        """
