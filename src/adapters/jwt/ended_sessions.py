"""Lists of ended sessions as JWTs."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from latchkey.adapters.jwt.base64url import base64url
from latchkey.adapters.keys.key_set import KeySet
from latchkey.domain.sessions.session_id import SessionId

LIFETIME: Final = timedelta(seconds=60)
"""How long a list can be relied on, for services that cannot fetch a newer one."""

_TYPE: Final = "ended+jwt"


class EndedSessionsSigner:
    """Signs lists of ended sessions with the keys of access tokens, as a type of their own.

    Source: RFC 8725, section 3.11 (explicit types).
    """

    def __init__(self, keys: KeySet, issuer: str) -> None:
        """Sign with the key whose turn it is.

        Args:
            keys: The keys of access tokens.
            issuer: The claim `iss`.
        """
        self._keys = keys
        self._issuer = issuer

    def sign(self, session_ids: Iterable[SessionId], at: datetime) -> str:
        """Return a JWT with the ids as its claim `sids`.

        Args:
            session_ids: All sessions that had ended.
            at: When; aware UTC.
        """
        key, issued_at = self._keys.signing_at(at), int(at.timestamp())
        header = {"alg": key.verifying.alg, "kid": key.verifying.kid, "typ": _TYPE}
        claims = {
            "iss": self._issuer,
            "iat": issued_at,
            "exp": issued_at + int(LIFETIME.total_seconds()),
            "sids": [str(session_id) for session_id in session_ids],
        }
        signing_input = b".".join(base64url(_dump(part)) for part in (header, claims))
        return (signing_input + b"." + base64url(key.sign(signing_input))).decode()


def _dump(members: object) -> bytes:
    return json.dumps(members, separators=(",", ":")).encode()
