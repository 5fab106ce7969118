"""Access tokens for the tests of a service that only checks them. Needs no running service."""

import base64
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid4

from latchkey.adapters.memory import MemoryStorage
from latchkey.adapters.system import SystemClock
from latchkey.domain.accounts.user import Role, UserId
from latchkey.domain.kernel.identifier import new_id
from latchkey.domain.sessions.access_token import Principal
from latchkey.domain.sessions.session_id import SessionId
from latchkey.entrypoints.container import Container
from latchkey.entrypoints.settings import from_env
from latchkey.testing.environ import ENVIRON


class Flaw(StrEnum):
    """Why a token must be rejected. Parametrize a test with all of them."""

    EXPIRED = "expired"
    FORGED = "forged"  # signed with another key
    TAMPERED = "tampered"  # changed after it was signed: it claims another user
    UNSIGNED = "unsigned"  # `alg` is `none` (RFC 8725, section 2.1)
    FOREIGN_ISSUER = "foreign_issuer"
    FOREIGN_AUDIENCE = "foreign_audience"


_CHANGED: Final[Mapping[Flaw, Mapping[str, str]]] = {
    Flaw.FORGED: {"JWT_SECRET": "a-foreign-secret-of-the-tests-c0ffee"},
    Flaw.FOREIGN_ISSUER: {"JWT_ISSUER": "another issuer"},
    Flaw.FOREIGN_AUDIENCE: {"JWT_AUDIENCE": "another audience"},
}
_SECOND: Final = timedelta(seconds=1)


def access_token(
    *,
    role: Role = Role.USER,
    user_id: UUID | None = None,
    email: str = "user@latchkey.example",
    session_id: UUID | None = None,
    flaw: Flaw | None = None,
    now: datetime | None = None,
    environ: Mapping[str, str] = ENVIRON,
) -> str:
    """Create an access token as the service would.

    To verify it, use the variables `JWT_SECRET` (or the public part of `JWT_KEYS`), `JWT_ISSUER`
    and `JWT_AUDIENCE` of `environ`.

    Args:
        role: The claim `role`.
        user_id: The claim `sub`; random if it is None.
        email: The claim `email`.
        session_id: The claim `sid`, a UUID of version 7; a new one if it is None.
        flaw: What is wrong with the token; nothing if it is None.
        now: The instant of issue, aware UTC; the present if it is None.
        environ: The settings of the service that issues it.

    Returns:
        A JWT in its compact form, valid for `JWT_ACCESS_TTL` (15 minutes by default).
    """
    settings = from_env({**environ, **_CHANGED.get(flaw, {})} if flaw else environ)
    clock = SystemClock()
    storage = MemoryStorage(clock)
    tokens = Container(settings=settings, storage=storage).tokens()
    issued_at = now or clock.now()
    if flaw is Flaw.EXPIRED:
        issued_at -= settings.tokens.access_lifetime + _SECOND
    principal = Principal(
        id=UserId(user_id or uuid4()),
        email=email,
        role=role,
        session_id=SessionId(session_id or new_id(issued_at)),
    )
    return _spoilt(tokens.issue(principal, issued_at).encoded, flaw)


def _spoilt(encoded: str, flaw: Flaw | None) -> str:
    header, payload, signature = encoded.split(".")
    if flaw is Flaw.TAMPERED:
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return f"{header}.{_segment({**claims, 'sub': str(uuid4())})}.{signature}"
    if flaw is Flaw.UNSIGNED:
        return f"{_segment({'alg': 'none', 'typ': 'at+jwt'})}.{payload}."
    return encoded


def _segment(members: Mapping[str, object]) -> str:
    text = json.dumps(members, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()
