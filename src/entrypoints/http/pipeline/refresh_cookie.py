"""The refresh token's cookie (RFC 6265bis)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from latchkey.domain.sessions.errors import RefreshTokenInvalidError, RefreshTokenMissingError


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshCookie:
    """Writes and reads the cookie.

    Attributes:
        name: Its name.
        is_secure: Whether it travels over HTTPS alone.
    """

    name: str
    is_secure: bool

    def write(self, token: str, lifetime: timedelta) -> str:
        """Give the `Set-Cookie` that hands a token to the browser, out of any script's reach.

        Args:
            token: URL-safe characters.
            lifetime: How long the browser keeps it; cut to whole seconds.
        """
        secure = "; Secure" if self.is_secure else ""
        return (
            f"{self.name}={token}; HttpOnly; Path=/api/auth; SameSite=Strict"
            f"; Max-Age={int(lifetime.total_seconds())}{secure}"
        )

    def clear(self) -> str:
        """Give the `Set-Cookie` that takes the token away again."""
        return self.write("", timedelta(0))

    def read(self, headers: Iterable[tuple[bytes, bytes]]) -> str:
        """Give the token as it was sent: neither percent-decoded nor unquoted.

        Raises:
            RefreshTokenMissingError: There is no cookie of the name, or it is empty.
            RefreshTokenInvalidError: There are several; which is genuine can't be told.
        """
        values = self._values(headers)
        if len(values) > 1:
            raise RefreshTokenInvalidError
        if not values or not values[0]:
            raise RefreshTokenMissingError
        return values[0]

    def read_if_any(self, headers: Iterable[tuple[bytes, bytes]]) -> str | None:
        """Give the token, or None unless there is exactly one."""
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
