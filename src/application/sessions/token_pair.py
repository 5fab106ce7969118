"""The access token and the refresh token that a client gets."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from latchkey.domain.sessions.access_token import AccessToken, Principal, TokenService
from latchkey.domain.sessions.refresh_token import RefreshToken, RefreshTokenCodec
from latchkey.domain.sessions.session import SessionPolicy, UserSession


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenPair:
    """The two tokens of a session.

    Attributes:
        refresh: 100 URL-safe characters; hidden in `repr`.
        refresh_expires_in: How long the session lasts without another refresh, timedelta > 0.
    """

    access: AccessToken
    refresh: str = field(repr=False)
    refresh_expires_in: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenPairIssuer:
    """Issues the token pair of a session."""

    tokens: TokenService
    codec: RefreshTokenCodec
    policy: SessionPolicy

    def issue(self, found: UserSession, presented: RefreshToken, now: datetime) -> TokenPair:
        """Issue the pair of the session's current generation.

        Args:
            found: The active session with its user.
            presented: Any token of the session; provides the secret and the means.
            now: The time of issue.
        """
        session, user = found.session, found.user
        principal = Principal(
            id=user.id,
            email=user.email.text,
            role=user.role,
            session_id=session.id,
            means=presented.means,
        )
        return TokenPair(
            access=self.tokens.issue(principal, now),
            refresh=self.codec.encode(presented.with_generation(session.generation)),
            refresh_expires_in=session.remaining(now, self.policy.idle),
        )
