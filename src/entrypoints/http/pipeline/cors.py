"""Decides which web origins may use the session cookie: the service's own, and listed ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from latchkey.entrypoints.http.responses import Headers

_OWN: Final = frozenset({b"same-origin", b"none"})  # whatever else there is, is foreign
_TRACING: Final = b"traceparent, tracestate, baggage, sentry-trace"  # W3C, OpenTelemetry, Sentry
_PREFLIGHT: Final[Headers] = (
    (b"access-control-allow-methods", b"GET, POST"),
    (b"access-control-allow-headers", b"Authorization, Content-Type, X-Request-ID, " + _TRACING),
    (b"access-control-max-age", b"600"),
)


@dataclass(frozen=True, slots=True)
class OriginPolicy:
    """Checks `Origin` and `Sec-Fetch-Site`, which web pages cannot forge.

    Attributes:
        listed: Exact origins that may send credentials, besides the service's own.
    """

    listed: frozenset[str]

    def allows(self, sent: Mapping[bytes, bytes], own: str) -> bool:
        """Return whether a request may use the session cookie.

        A request with neither of the two headers does not come from a browser, so no page has
        caused it.

        Args:
            sent: The headers of the request, folded.
            own: The service's own origin, as the client sees it.

        Source: W3C Fetch Metadata Request Headers; OWASP cheat sheet on CSRF.
        """
        origin = sent.get(b"origin")
        is_foreign = sent.get(b"sec-fetch-site", b"none") not in _OWN
        if origin is None:
            return not is_foreign
        text = origin.decode("latin-1")
        return text in self.listed or (text == own and not is_foreign)

    def headers_for(self, origin: bytes | None) -> Headers:
        """Return the CORS headers of a response (Fetch standard, section 3.2)."""
        if not self.listed:
            return ()
        vary = (b"vary", b"Origin")
        if origin is None or origin.decode("latin-1") not in self.listed:
            return (vary,)
        return (
            vary,
            (b"access-control-allow-origin", origin),
            (b"access-control-allow-credentials", b"true"),
            (b"access-control-expose-headers", b"Retry-After, X-Request-ID"),
        )

    def preflight(self, method: str, headers: dict[bytes, bytes]) -> Headers | None:
        """Return the response headers of a CORS preflight, or None if the request is not one."""
        if method != "OPTIONS" or b"access-control-request-method" not in headers:
            return None
        origin = headers.get(b"origin")
        is_listed = origin is not None and origin.decode("latin-1") in self.listed
        return _PREFLIGHT if is_listed else ()
