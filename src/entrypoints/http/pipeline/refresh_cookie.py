"""The refresh token's cookie (RFC 6265bis)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from latchkey.domain.sessions.errors import RefreshTokenInvalidError, RefreshTokenMissingError


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshCookie:
    """Writes and reads the cookie.

    Attributes:
        name: The name of the cookie.
        is_secure: Whether browsers send it over HTTPS only.
    """

    name: str
    is_secure: bool

    def write(self, token: str, lifetime: timedelta) -> str:
        """Return the `Set-Cookie` header that stores a token; scripts cannot read it.

        Args:
            token: URL-safe characters.
            lifetime: How long the browser keeps the cookie, rounded down to whole seconds.
        """
        secure = "; Secure" if self.is_secure else ""
        return (
            f"{self.name}={token}; HttpOnly; Path=/api/auth; SameSite=Strict"
            f"; Max-Age={int(lifetime.total_seconds())}{secure}"
        )

    def clear(self) -> str:
        """Return the `Set-Cookie` header that deletes the token."""
        return self.write("", timedelta(0))

    def read(self, headers: Iterable[tuple[bytes, bytes]]) -> str:
        """Return the token as sent: not percent-decoded and not unquoted.

        Raises:
            RefreshTokenMissingError: There is no cookie of this name, or it is empty.
            RefreshTokenInvalidError: There are several cookies of this name.
        """
        values = self._values(headers)
        if len(values) > 1:
            raise RefreshTokenInvalidError
        if not values or not values[0]:
            raise RefreshTokenMissingError
        return values[0]

    def read_if_any(self, headers: Iterable[tuple[bytes, bytes]]) -> str | None:
        """Return the token, or None unless there is exactly one cookie of this name."""
        values = self._values(headers)
        return values[0] if len(values) == 1 else None

    def _values(self, headers: Iterable[tuple[bytes, bytes]]) -> list[str]:
        prefix = f"{self.name}="
        return [
            pair.strip()[len(prefix) :]
            for name, value in headers
            if name == b"cookie"
            for pair in value.decode("latin-1").split(";")
            if pair.strip().startswith(prefix)
        ]
