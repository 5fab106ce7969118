"""The claims of an access token, in strict JSON: nothing is guessed, converted or repaired."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NoReturn
from uuid import UUID

import msgspec

from latchkey.domain.accounts.email_address import MAX_EMAIL_BYTES
from latchkey.domain.accounts.user import Role, UserId
from latchkey.domain.factors.authentication import Means
from latchkey.domain.kernel.identifier import new_id, unix_time_of
from latchkey.domain.sessions.access_token import Principal
from latchkey.domain.sessions.errors import AccessTokenInvalidError
from latchkey.domain.sessions.session_id import SessionId

LEEWAY: Final = timedelta(seconds=5)
"""How much the clock of another replica may be ahead of ours."""

_LEEWAY: Final = int(LEEWAY.total_seconds())
_CLIENT: Final = "latchkey"  # there are no OAuth clients, so the service is its own


class Payload(msgspec.Struct, frozen=True, kw_only=True):
    """The claims as `Claims.write` writes them. What `Claims.read` gets may have any form."""

    iss: str
    aud: str
    sub: UUID
    email: str
    role: Role
    sid: UUID
    jti: UUID
    iat: int
    exp: int


class LevelPayload(Payload, frozen=True, kw_only=True):
    """The claims of a token that also says how its user has signed in, and when.

    Source: RFC 9068, section 2.2.1; RFC 8176, section 2 (`amr`).
    """

    auth_time: int
    acr: str
    amr: tuple[str, ...]


class PublicPayload(LevelPayload, frozen=True, kw_only=True):
    """The claims of a token that other services verify, whose libraries ask for more.

    Source: RFC 9068, section 2.2 (`client_id`).
    """

    client_id: str


_encode: Final = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedClaims:
    """The claims of a token with a valid signature, and when the token is valid.

    Attributes:
        begins_at: The later of `iat` and `nbf`, Unix seconds.
        expires_at: `exp`, Unix seconds.
    """

    principal: Principal
    begins_at: int
    expires_at: int

    def holds(self, now: float) -> bool:
        """Return whether the token is valid at an instant, in Unix seconds."""
        return self.begins_at - _LEEWAY <= now < self.expires_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """Writes the claims of one issuer, and reads those for one audience.

    Unknown claims are ignored (RFC 7519, section 4), so that a new release can add one while
    replicas of the old release still verify its tokens. `nbf` is not written, but it is checked.

    Attributes:
        lifetime: From issue to expiry, timedelta > 0, whole seconds. Tokens with a longer lifetime
            are rejected.
        is_public: Whether other services verify the tokens.
        former_issuer: Another issuer whose tokens are read, or None.

    Source: RFC 7519, section 4.1; RFC 9068, section 2.2.
    """

    issuer: str
    audience: str
    lifetime: timedelta
    is_public: bool = False
    former_issuer: str | None = None

    def write(self, principal: Principal, now: datetime) -> bytes:
        """Return the claims about a principal as JSON, with a new `jti`."""
        return self.write_for(self.audience, principal, now, self.lifetime)

    def write_for(
        self, audience: str, principal: Principal, now: datetime, lifetime: timedelta
    ) -> bytes:
        """Return the claims about a principal for any audience."""
        issued_at = int(now.timestamp())
        kind, added = self._kind(principal)
        return _encode(
            kind(
                iss=self.issuer,
                aud=audience,
                sub=principal.id,
                email=principal.email,
                role=principal.role,
                sid=principal.session_id,
                jti=new_id(now),
                iat=issued_at,
                exp=issued_at + int(lifetime.total_seconds()),
                **added,
            )
        )

    def _kind(self, principal: Principal) -> tuple[type[Payload], Mapping[str, Any]]:
        means = principal.means
        if not self.is_public and means is Means.PASSWORD:
            return Payload, {}
        login = unix_time_of(principal.session_id)
        added = {"auth_time": login, "acr": means.level.value, "amr": means.methods}
        if not self.is_public:
            return LevelPayload, added
        return PublicPayload, {"client_id": _CLIENT, **added}

    def read(self, payload: bytes) -> VerifiedClaims:
        """Parse claims. Does not check whether the token is valid now.

        Raises:
            AccessTokenInvalidError: The payload is not one JSON object in UTF-8 with distinct
                members, a claim is missing or has another type or form, the issuer or the audience
                is not the expected one, or the lifetime is longer than that of this service.
        """
        try:
            return self._verified(_DECODER.decode(payload.decode()))
        except (KeyError, RecursionError, TypeError, ValueError):
            raise AccessTokenInvalidError from None

    def _verified(self, claims: Mapping[str, Any]) -> VerifiedClaims:
        if _text(claims, "iss") not in {self.issuer, self.former_issuer}:
            raise AccessTokenInvalidError
        if _text(claims, "aud") != self.audience:
            raise AccessTokenInvalidError
        issued_at, expires_at = _instant(claims, "iat"), _instant(claims, "exp")
        not_before = _instant(claims, "nbf") if "nbf" in claims else issued_at
        if not 0 < expires_at - issued_at <= self.lifetime.total_seconds():
            raise AccessTokenInvalidError
        return VerifiedClaims(
            principal=_principal(claims),
            begins_at=max(issued_at, not_before),
            expires_at=expires_at,
        )


def _principal(claims: Mapping[str, Any]) -> Principal:
    _identifier(claims, "jti")
    email = _text(claims, "email")
    if not 0 < len(email.encode()) <= MAX_EMAIL_BYTES:
        raise AccessTokenInvalidError
    return Principal(
        id=UserId(_identifier(claims, "sub")),
        email=email,
        role=Role(_text(claims, "role")),
        session_id=SessionId(_identifier(claims, "sid")),
        means=_means(claims) if "acr" in claims else Means.PASSWORD,
    )


def _means(claims: Mapping[str, Any]) -> Means:
    names = claims["amr"]
    if type(names) is not list or any(type(name) is not str for name in names):
        raise AccessTokenInvalidError
    means = Means(tuple(names))
    if _text(claims, "acr") != means.level.value:
        raise AccessTokenInvalidError
    return means


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims[name]
    if type(value) is not str:
        raise AccessTokenInvalidError
    return value


def _instant(claims: Mapping[str, Any], name: str) -> int:
    value = claims[name]
    if type(value) is not int:  # True is an instance of int, too
        raise AccessTokenInvalidError
    return value


def _identifier(claims: Mapping[str, Any], name: str) -> UUID:
    text = _text(claims, name)
    identifier = UUID(text)
    if str(identifier) != text:  # braces, urn:uuid: or capitals
        raise AccessTokenInvalidError
    return identifier


def _distinct(members: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(members)
    if len(found) != len(members):
        raise AccessTokenInvalidError
    return found


def _refuse(_: str) -> NoReturn:
    raise AccessTokenInvalidError


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_distinct, parse_constant=_refuse)
