"""What a client gets for proving who it is: an access token and a refresh token."""

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
        refresh_expires_in: How long the session lasts if it isn't refreshed, timedelta > 0.
    """

    access: AccessToken
    refresh: str = field(repr=False)
    refresh_expires_in: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenPairIssuer:
    """Makes the token pair of a session."""

    tokens: TokenService
    codec: RefreshTokenCodec
    policy: SessionPolicy

    def issue(self, found: UserSession, presented: RefreshToken, now: datetime) -> TokenPair:
        """Make the pair of the session's current generation, with its user as of now.

        Args:
            found: The session, alive, with its user.
            presented: Any token of the session, for its secret.
            now: The instant of issue.
        """
        session, user = found.session, found.user
        principal = Principal(
            id=user.id, email=user.email.text, role=user.role, session_id=session.id
        )
        return TokenPair(
            access=self.tokens.issue(principal, now),
            refresh=self.codec.encode(presented.with_generation(session.generation)),
            refresh_expires_in=session.remaining(now, self.policy.idle),
        )
