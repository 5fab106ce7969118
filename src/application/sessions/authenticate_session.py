"""Tell which session a refresh token speaks for (docs/flow.md, R1)."""

from dataclasses import dataclass

from latchkey.domain.kernel.clock import Clock
from latchkey.domain.sessions.refresh_token import RefreshToken, RefreshTokenCodec


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthenticateSession:
    """Read a refresh token, without the storage."""

    codec: RefreshTokenCodec
    clock: Clock

    def __call__(self, refresh_token: str) -> RefreshToken:
        """Authenticate; plain computation, so it isn't awaited.

        Raises:
            RefreshTokenInvalidError: The service didn't make it, or its session is too old.
        """
        return self.codec.decode(refresh_token, self.clock.now())
