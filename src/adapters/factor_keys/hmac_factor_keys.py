"""Secrets of second factors, computed with HMAC-SHA-256."""

import secrets
from collections.abc import Sequence
from typing import Final

from typing_extensions import override

from latchkey.adapters.keys.key import SigningKey
from latchkey.domain.accounts.user import UserId
from latchkey.domain.factors.errors import SecondFactorsDisabledError
from latchkey.domain.factors.factor import TotpSeed
from latchkey.domain.factors.factor_keys import FactorKeys
from latchkey.domain.factors.recovery_code import RecoveryCode
from latchkey.domain.factors.totp import SECRET_BYTES

NONCE_BYTES: Final = 16
_TOTP: Final = b"totp/v1"  # in front of everything that a secret is computed from
_RECOVERY: Final = b"recovery/v1"


class HmacFactorKeys(FactorKeys):
    """Uses an HMAC as a pseudorandom function of the user and of what is stored.

    What is copied to another user's row is worth nothing there.

    Source: RFC 2104 (HMAC); RFC 5869, section 2.3, which derives keys in the same way.
    """

    def __init__(self, keys: Sequence[SigningKey]) -> None:
        """Prepare the keys.

        Args:
            keys: Keys whose signatures are HMACs of 32 bytes, each with a `kid` of its own. The
                first computes what is new, all of them what is stored. Without one, nothing new can
                be computed, and nothing that is stored is worth anything.
        """
        self._current = keys[0].verifying.kid if keys else None
        self._keys = {key.verifying.kid: key for key in keys}

    @override
    def new_seed(self) -> TotpSeed:
        if self._current is None:
            raise SecondFactorsDisabledError
        return TotpSeed(key_id=self._current, nonce=secrets.token_bytes(NONCE_BYTES))

    @override
    def totp_secret(self, user_id: UserId, seed: TotpSeed) -> bytes | None:
        key = self._keys.get(seed.key_id)
        if key is None:
            return None
        return key.sign(_TOTP + user_id.bytes + seed.nonce)[:SECRET_BYTES]

    @override
    def recovery_hashes(self, user_id: UserId, code: RecoveryCode) -> tuple[bytes, ...]:
        message = _RECOVERY + user_id.bytes + code.reveal().encode()
        return tuple(key.sign(message) for key in self._keys.values())
