"""Stored password hashes, in one of two schemes.

A password of fewer than 72 bytes of UTF-8:

    $2b$12$<salt, 22><digest, 31>                         as Node's bcrypt writes and reads it

A longer one is pre-hashed to base64(HMAC-SHA-256(salt, password)), 44 characters without a NUL:

    $bcrypt-sha256$v=2,t=2b,r=12$<salt, 22>$<digest, 31>  as passlib writes and reads it

bcrypt reads 72 bytes and no more: the password and, if there is room, a NUL that ends it. So the
plain hash of a password of fewer than 72 bytes covers that NUL, too, and matches no password that
is longer. Other services store a plain hash of a longer password, too: it covers the first 72
bytes, and every password that begins with them matches. Such a hash is accepted, since the rest of
the password is unknown. It counts as outdated, so the first login replaces it.

The salt is the key of the pre-hash. With a plain SHA-256, an attacker who has SHA-256 hashes from
another leak could try those as passwords ("shucking"). A secret key would prevent that, too, but if
it was lost or rotated, no long password could be verified any more. `v=2` in the stored string
leaves room for a scheme with such a key.
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass, field
from typing import Final, Self

import bcrypt

_MAX_BYTES: Final = 72
_PLAIN: Final = re.compile(
    r"\$(?P<version>2[aby])\$(?P<cost>0[4-9]|[12][0-9]|3[01])\$"
    r"(?P<salt>[./A-Za-z0-9]{21}[.Oeu])(?P<digest>[./A-Za-z0-9]{31})"
)
_PREHASHED: Final = re.compile(
    r"\$bcrypt-sha256\$v=2,t=(?P<version>2b),r=(?P<cost>[4-9]|[12][0-9]|3[01])\$"
    r"(?P<salt>[./A-Za-z0-9]{21}[.Oeu])\$(?P<digest>[./A-Za-z0-9]{31})"
)
_UNUSED_SALT: Final = "......................"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredHash:
    """A parsed stored hash.

    Attributes:
        version: `2b`, or `2a` or `2y` from Node or PHP, which are the same up to 72 bytes.
        cost: The binary logarithm of the work, 4 to 31.
        salt: 22 characters of bcrypt's base64 alphabet; hidden in `repr`.
        digest: 31 characters of the same alphabet; hidden in `repr`.
    """

    is_prehashed: bool
    version: str
    cost: int
    salt: str = field(repr=False)
    digest: str = field(repr=False)

    @classmethod
    def parse(cls, encoded: str) -> Self | None:
        """Parse a stored hash; return None if its scheme is unknown."""
        found = _PLAIN.fullmatch(encoded) or _PREHASHED.fullmatch(encoded)
        if found is None:
            return None
        return cls(
            is_prehashed=found.re is _PREHASHED,
            version=found["version"],
            cost=int(found["cost"]),
            salt=found["salt"],
            digest=found["digest"],
        )

    def covers(self, password: str) -> bool:
        """Return whether the hash depends on every byte of a password, and on where it ends."""
        return self.is_prehashed or len(password.encode()) < _MAX_BYTES

    def matches(self, password: str) -> bool:
        """Return whether a password matches, at the hash's own cost.

        Args:
            password: Not empty; without NUL and surrogates.
        """
        raw = password.encode()
        key = _prehashed(raw, self.salt) if self.is_prehashed else raw[:_MAX_BYTES]
        hashed = f"{_setting(self.version, self.cost, self.salt)}{self.digest}"
        return bcrypt.checkpw(key, hashed.encode())


def make(password: str, cost: int) -> str:
    """Hash a password with a new salt."""
    raw = password.encode()
    setting = bcrypt.gensalt(cost)
    if len(raw) < _MAX_BYTES:
        return bcrypt.hashpw(raw, setting).decode()
    salt = setting.decode().rpartition("$")[2]
    digest = bcrypt.hashpw(_prehashed(raw, salt), setting).decode().rpartition(salt)[2]
    return f"$bcrypt-sha256$v=2,t=2b,r={cost}${salt}${digest}"


def spend(cost: int) -> None:
    """Do the work of one hash and discard the result."""
    bcrypt.hashpw(b"", _setting("2b", cost, _UNUSED_SALT).encode())


def _setting(version: str, cost: int, salt: str) -> str:
    return f"${version}${cost:02}${salt}"


def _prehashed(password: bytes, salt: str) -> bytes:
    return base64.b64encode(hmac.digest(salt.encode(), password, hashlib.sha256))
