"""The compact form of an access token: header, payload and signature in base64url."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from latchkey.adapters.jwt.base64url import base64url, decoded
from latchkey.adapters.jwt.guard import Guard
from latchkey.adapters.keys.key import PublicKey, VerifyingKey
from latchkey.adapters.keys.key_set import KeySet
from latchkey.domain.sessions.errors import AccessTokenInvalidError

_TYPE: Final = "at+jwt"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Signed:
    """What all tokens of one key have in common.

    Attributes:
        header: The first segment.
        guard: Makes and checks the MAC in the payload, or None if there is none.
        accepted_until: When the last genuine token of the key has expired, Unix seconds, or None.
    """

    header: bytes
    key: VerifyingKey
    guard: Guard | None
    accepted_until: int | None


class CompactForm:
    """Signs payloads with the key of a set whose turn it is, and opens what any of its keys signed.

    All tokens of a key have the same header, so the header of a token is looked up and never
    parsed. Headers belong to this class and not to the keys, because a header says what kind of
    token it is for.

    Source: RFC 7515, section 7.1 (compact form); RFC 9068, section 2.1 (`at+jwt`).
    """

    __slots__ = ("_by_header", "_by_kid", "_keys")

    def __init__(self, keys: KeySet) -> None:
        """Compute the header of each key."""
        self._keys = keys
        guard = Guard(keys.guards) if keys.guards else None
        forms = [_form(key, keys, guard) for key in keys.verifying]
        self._by_header = {form.header: form for form in forms}
        self._by_kid = {form.key.kid: form for form in forms}

    def sign(self, payload: bytes, now: datetime) -> bytes:
        """Return the signed token of a payload."""
        key = self._keys.signing_at(now)
        form = self._by_kid[key.verifying.kid]
        if form.guard is not None:
            payload = form.guard.add(form.header, payload)
        signing_input = form.header + b"." + base64url(payload)
        return signing_input + b"." + base64url(key.sign(signing_input))

    def open(self, encoded: bytes) -> tuple[bytes, int | None]:
        """Verify the signature of a token and return its payload.

        Returns:
            The payload, and the Unix second until which the key is accepted, or None.

        Raises:
            AccessTokenInvalidError: The header is not that of any key, the key did not make the
                signature, or a segment is not in canonical base64url.
        """
        header = encoded.partition(b".")[0]
        form = self._by_header.get(header)
        if form is None:
            raise AccessTokenInvalidError
        signing_input, _, signature = encoded.rpartition(b".")
        payload = signing_input[len(header) + 1 :]
        if form.guard is not None and not form.guard.passes(header, decoded(payload)):
            raise AccessTokenInvalidError
        if not form.key.verify(signing_input, decoded(signature)):
            raise AccessTokenInvalidError
        return decoded(payload), form.accepted_until


def _form(key: VerifyingKey, keys: KeySet, guard: Guard | None) -> _Signed:
    members = {"alg": key.alg, "kid": key.kid, "typ": _TYPE}
    until = keys.accepted_until(key)
    return _Signed(
        header=base64url(json.dumps(members, separators=(",", ":")).encode()),
        key=key,
        guard=guard if isinstance(key, PublicKey) else None,
        accepted_until=None if until is None else int(until.timestamp()),
    )
