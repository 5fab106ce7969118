"""What is stored of a password, in one of two schemes.

Up to 72 bytes of UTF-8, all that bcrypt takes:

    $2b$12$<salt, 22><digest, 31>                         as Node's bcrypt writes and reads it

Longer ones are pre-hashed to base64(HMAC-SHA-256(salt, password)), 44 characters and no NUL:

    $bcrypt-sha256$v=2,t=2b,r=12$<salt, 22>$<digest, 31>  as passlib writes and reads it

The salt is the key of the pre-hash. A plain SHA-256 would let whoever has fast hashes of the same
passwords from elsewhere try those as passwords ("shucking"); nobody has HMACs under this salt. A
secret key would do that, too, but its loss or rotation would lock everybody with a long password
out for good: `v=2` in the stored string leaves room for a scheme that has one.
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
_NOBODYS_SALT: Final = "......................"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredHash:
    """A stored hash, taken apart.

    Attributes:
        version: `2b`, or `2a` or `2y` from Node or PHP, which mean the same up to 72 bytes.
        cost: The binary logarithm of the work, 4 to 31.
        salt: 22 characters of bcrypt's alphabet.
        digest: 31 characters of it.
    """

    is_prehashed: bool
    version: str
    cost: int
    salt: str = field(repr=False)
    digest: str = field(repr=False)

    @classmethod
    def parse(cls, encoded: str) -> Self | None:
        """Take a stored hash apart; None if it is of no scheme that is known here."""
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

    def admits(self, password: str) -> bool:
        """Tell whether a password can be the one behind it at all: none is ever cut to fit."""
        return self.is_prehashed or len(password.encode()) <= _MAX_BYTES

    def matches(self, password: str) -> bool:
        """Tell, at the hash's own cost, whether an admitted password is the one behind it."""
        raw = password.encode()
        key = _prehashed(raw, self.salt) if self.is_prehashed else raw
        hashed = f"{_setting(self.version, self.cost, self.salt)}{self.digest}"
        return bcrypt.checkpw(key, hashed.encode())


def make(password: str, cost: int) -> str:
    """Hash a password for storage, under a new salt."""
    raw = password.encode()
    setting = bcrypt.gensalt(cost)
    if len(raw) <= _MAX_BYTES:
        return bcrypt.hashpw(raw, setting).decode()
    salt = setting.decode().rpartition("$")[2]
    digest = bcrypt.hashpw(_prehashed(raw, salt), setting).decode().rpartition(salt)[2]
    return f"$bcrypt-sha256$v=2,t=2b,r={cost}${salt}${digest}"


def spend(cost: int) -> None:
    """Do the work of a hash for nothing."""
    bcrypt.hashpw(b"", _setting("2b", cost, _NOBODYS_SALT).encode())


def _setting(version: str, cost: int, salt: str) -> str:
    return f"${version}${cost:02}${salt}"


def _prehashed(password: bytes, salt: str) -> bytes:
    return base64.b64encode(hmac.digest(salt.encode(), password, hashlib.sha256))
