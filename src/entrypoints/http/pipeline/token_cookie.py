"""The cookies that carry tokens (RFC 6265bis)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property


@dataclass(frozen=True, kw_only=True)
class TokenCookie:
    """Writes and reads one of the cookies.

    Attributes:
        name: The name of the cookie.
        path: Browsers send it to this path and those below it.
        is_secure: Whether browsers send it over HTTPS only.
    """

    name: str
    path: str
    is_secure: bool

    def write(self, token: str, lifetime: timedelta) -> str:
        """Return the `Set-Cookie` header that stores a token; scripts cannot read it.

        Args:
            token: URL-safe characters.
            lifetime: How long the browser keeps the cookie, rounded down to whole seconds.
        """
        secure = "; Secure" if self.is_secure else ""
        return (
            f"{self.name}={token}; HttpOnly; Path={self.path}; SameSite=Strict"
            f"; Max-Age={int(lifetime.total_seconds())}{secure}"
        )

    def clear(self) -> str:
        """Return the `Set-Cookie` header that deletes the token."""
        return self.write("", timedelta(0))

    def read(self, headers: Iterable[tuple[bytes, bytes]]) -> tuple[str, ...]:
        """Return the values of all cookies of this name as sent, except empty ones.

        They are not percent-decoded and not unquoted. Only SP and HTAB count as white space: over
        plain HTTP, a browser rejects a cookie named `__Secure-refresh_token`, but stores one with
        a byte such as 0xA0 before the name.
        """
        found = [
            value.rstrip(b" \t").decode("latin-1")
            for name, line in headers
            if name == b"cookie"
            for value in self._pattern.findall(line)
        ]
        return tuple(filter(None, found))

    @cached_property
    def _pattern(self) -> re.Pattern[bytes]:
        return re.compile(rb"(?:^|;)[ \t]*%s=[ \t]*([^;]*)" % re.escape(self.name.encode()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cookies:
    """The cookies of the service.

    Attributes:
        refresh: Carries the refresh token.
        device: Carries the device token, to a login alone.
        remembered: Carries the token of a remembered device, to a login alone.
    """

    refresh: TokenCookie
    device: TokenCookie
    remembered: TokenCookie

    @classmethod
    def of(cls, name: str, *, is_secure: bool) -> "Cookies":
        """Return all of them.

        Args:
            name: That of the refresh token's cookie, from which the others' are derived. So all
                have the same prefix, and clients know the others by their end, `_device`.
            is_secure: Whether browsers send them over HTTPS only.
        """
        return cls(
            refresh=TokenCookie(name=name, path="/api/auth", is_secure=is_secure),
            device=TokenCookie(name=f"{name}_device", path="/api/auth/login", is_secure=is_secure),
            remembered=TokenCookie(
                name=f"{name}_remembered_device", path="/api/auth/login", is_secure=is_secure
            ),
        )
