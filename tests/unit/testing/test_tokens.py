"""Access tokens for the tests of other services."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import jwt
import pytest

from latchkey.adapters.memory import MemoryStorage
from latchkey.domain.accounts.user import Role
from latchkey.domain.sessions.access_token import TokenService
from latchkey.domain.sessions.errors import AccessTokenInvalidError
from latchkey.entrypoints.container import Container
from latchkey.entrypoints.settings import from_env
from latchkey.testing.environ import ENVIRON
from latchkey.testing.frozen_clock import START, FrozenClock
from latchkey.testing.tokens import Flaw, access_token


def claims_of(encoded: str) -> dict[str, object]:
    """Verify a token as a service with PyJWT would."""
    claims: dict[str, object] = jwt.decode(
        encoded,
        ENVIRON["JWT_SECRET"],
        algorithms=["HS256"],
        issuer=ENVIRON["JWT_ISSUER"],
        audience=ENVIRON["JWT_AUDIENCE"],
    )
    return claims


@pytest.fixture
def tokens(clock: FrozenClock) -> TokenService:
    settings = from_env(ENVIRON)
    storage = MemoryStorage(clock)
    return Container(settings=settings, storage=storage).tokens()


def test_a_token_says_what_was_asked_for(tokens: TokenService) -> None:
    user_id, session_id = uuid4(), uuid4()

    encoded = access_token(
        role=Role.ADMIN,
        user_id=user_id,
        email="ada@example.org",
        session_id=session_id,
        now=START,
    )

    principal = tokens.verify(encoded, START)
    assert (principal.id, principal.session_id) == (user_id, session_id)
    assert (principal.email, principal.role) == ("ada@example.org", Role.ADMIN)


def test_a_token_holds_at_present(tokens: TokenService) -> None:
    principal = tokens.verify(access_token(), datetime.now(UTC))

    assert principal.role is Role.USER


def test_two_tokens_are_of_different_users(tokens: TokenService) -> None:
    now = datetime.now(UTC)

    first, second = (tokens.verify(access_token(), now) for _ in range(2))

    assert (first.id, first.session_id) != (second.id, second.session_id)


def test_another_service_can_have_other_settings(tokens: TokenService) -> None:
    encoded = access_token(environ={**ENVIRON, "JWT_AUDIENCE": "shop"}, now=START)

    with pytest.raises(AccessTokenInvalidError):
        tokens.verify(encoded, START)


@pytest.mark.parametrize("flaw", Flaw)
def test_a_flawed_token_is_refused(tokens: TokenService, flaw: Flaw) -> None:
    encoded = access_token(flaw=flaw, now=START)

    with pytest.raises(AccessTokenInvalidError):
        tokens.verify(encoded, START)


@pytest.mark.parametrize(
    ("flaw", "reason"),
    [
        (Flaw.EXPIRED, jwt.ExpiredSignatureError),
        (Flaw.FORGED, jwt.InvalidSignatureError),
        (Flaw.TAMPERED, jwt.InvalidSignatureError),
        (Flaw.UNSIGNED, jwt.InvalidAlgorithmError),
        (Flaw.FOREIGN_ISSUER, jwt.InvalidIssuerError),
        (Flaw.FOREIGN_AUDIENCE, jwt.InvalidAudienceError),
    ],
)
def test_a_flawed_token_has_this_flaw_alone(flaw: Flaw, reason: type[Exception]) -> None:
    assert claims_of(access_token())["role"] == "USER"

    with pytest.raises(reason):
        claims_of(access_token(flaw=flaw))


def test_an_expired_token_held_until_a_second_ago(tokens: TokenService) -> None:
    encoded = access_token(flaw=Flaw.EXPIRED, now=START)

    principal = tokens.verify(encoded, START - timedelta(seconds=2))
    assert principal.role is Role.USER


@pytest.mark.anyio
async def test_the_service_in_memory_knows_the_key(latchkey_client: httpx.AsyncClient) -> None:
    bearer = {"Authorization": f"Bearer {access_token()}"}

    response = await latchkey_client.get("/api/orders", headers=bearer)

    assert response.json() == {"items": [], "nextCursor": None}
