"""The refresh token's cookie (RFC 6265bis)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property


@dataclass(frozen=True, kw_only=True)
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

    def read(self, headers: Iterable[tuple[bytes, bytes]]) -> tuple[str, ...]:
        """Return the values of all cookies of the name as they were sent, the empty ones left out.

        They are neither percent-decoded nor unquoted. Only SP and HTAB are white space: a browser
        refuses `__Secure-refresh_token` over plain HTTP, but stores it with a byte such as 0xA0
        before its name.
        """
        found = (
            match[1].rstrip(b" \t")
            for name, value in headers
            if name == b"cookie"
            for match in self._pattern.finditer(value)
        )
        return tuple(value.decode("latin-1") for value in found if value)

    @cached_property
    def _pattern(self) -> re.Pattern[bytes]:
        return re.compile(rb"(?:^|;)[ \t]*%s=[ \t]*([^;]*)" % re.escape(self.name.encode()))
