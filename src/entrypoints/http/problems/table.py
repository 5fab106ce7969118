"""Every problem that a client can meet, in one table (RFC 9457).

A domain error finds its row by its `code`. A row's page at `/problems/<code>` explains it.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

REALM: Final = "latchkey"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A kind of problem.

    Attributes:
        code: Stable, snake_case; clients branch on it.
        status: HTTP status code.
        title: What it is, in a few words; the same for each occurrence.
        detail: What happened, in a sentence without any value of the request.
        advice: What a client should do about it.
        error: The error code of a Bearer challenge (RFC 6750, section 3.1), if it has one.
    """

    code: str
    status: int
    title: str
    detail: str
    advice: str
    error: str | None = None

    @property
    def type(self) -> str:
        """The problem's type, a URI reference to the page that explains it."""
        return f"/problems/{self.code}"

    @property
    def challenge(self) -> str | None:
        """The `WWW-Authenticate` of its answers: on every 401, and where it has an error code."""
        if self.error is not None:
            return f'Bearer realm="{REALM}", error="{self.error}"'
        return f'Bearer realm="{REALM}"' if self.status == 401 else None


_TABLE: Final = (
    Problem(
        code="invalid_request",
        status=400,
        title="Invalid request",
        detail="The request does not have the documented form.",
        advice="Mend what `errors` names, field by field. The same request will fail again.",
    ),
    Problem(
        code="host_not_allowed",
        status=400,
        title="Host not allowed",
        detail="The service does not answer to this host name.",
        advice="Use the service's public host name. Operators list host names in ALLOWED_HOSTS.",
    ),
    Problem(
        code="invalid_credentials",
        status=401,
        title="Invalid credentials",
        detail="E-mail and password do not match an account.",
        advice="Let the person try again. It is not told which of the two was wrong.",
    ),
    Problem(
        code="access_token_missing",
        status=401,
        title="Access token missing",
        detail="This operation needs an access token.",
        advice="Send `Authorization: Bearer <access token>`; log in or refresh to get one.",
    ),
    Problem(
        code="access_token_invalid",
        status=401,
        title="Access token invalid",
        detail="The access token is not valid, or not any more.",
        advice="Refresh once and repeat the request with the new access token.",
        error="invalid_token",
    ),
    Problem(
        code="refresh_token_missing",
        status=401,
        title="Refresh token missing",
        detail="The request has no refresh token cookie.",
        advice="Show the login page: nobody is signed in here.",
    ),
    Problem(
        code="refresh_token_invalid",
        status=401,
        title="Refresh token invalid",
        detail="The refresh token cookie was not made by this service, or has expired.",
        advice="Show the login page. Sending the same cookie again will not help.",
    ),
    Problem(
        code="refresh_token_superseded",
        status=401,
        title="Refresh token superseded",
        detail="Newer requests have replaced this refresh token; the session goes on.",
        advice="Refresh again with the cookie that is in the jar now: another tab has renewed it.",
    ),
    Problem(
        code="session_ended",
        status=401,
        title="Session ended",
        detail="The session of this refresh token is over.",
        advice="Show the login page and tell the person why: `reason` says it.",
    ),
    Problem(
        code="origin_not_allowed",
        status=403,
        title="Origin not allowed",
        detail="A page of this origin may not use the session cookie.",
        advice="Send it from the service's own origin, or have yours listed in CORS_ORIGINS.",
    ),
    Problem(
        code="insufficient_role",
        status=403,
        title="Insufficient role",
        detail="Your role does not allow this operation.",
        advice="Do not repeat the request. Hide what the signed-in person's role does not allow.",
        error="insufficient_scope",
    ),
    Problem(
        code="bootstrap_disabled",
        status=403,
        title="Bootstrap disabled",
        detail="The first administrator can not be made over HTTP here.",
        advice="Run `latchkey create-admin` beside the database.",
    ),
    Problem(
        code="https_required",
        status=403,
        title="HTTPS required",
        detail="The service is spoken to over HTTPS alone.",
        advice="Repeat the request over https, and change secrets that were sent in the clear.",
    ),
    Problem(
        code="not_found",
        status=404,
        title="Not found",
        detail="There is nothing at this path.",
        advice="Compare the path with the documentation.",
    ),
    Problem(
        code="method_not_allowed",
        status=405,
        title="Method not allowed",
        detail="This path does not know the request's method.",
        advice="Use one of the methods in `Allow`.",
    ),
    Problem(
        code="request_timeout",
        status=408,
        title="Request timeout",
        detail="The body of the request did not arrive in time.",
        advice="Send the whole request at once; repeat it on a new connection.",
    ),
    Problem(
        code="already_bootstrapped",
        status=409,
        title="Already bootstrapped",
        detail="There is an administrator already.",
        advice="Log in as the administrator, who can make others.",
    ),
    Problem(
        code="email_taken",
        status=409,
        title="E-mail taken",
        detail="Another user has this e-mail address.",
        advice="Choose another address; upper and lower case are the same.",
    ),
    Problem(
        code="content_too_large",
        status=413,
        title="Content too large",
        detail="The body of the request has more than 16 KiB.",
        advice="Send less. No documented request comes near the limit.",
    ),
    Problem(
        code="unsupported_media_type",
        status=415,
        title="Unsupported media type",
        detail="The body of the request is not declared as application/json.",
        advice="Send JSON in UTF-8 with `Content-Type: application/json`.",
    ),
    Problem(
        code="too_many_attempts",
        status=429,
        title="Too many attempts",
        detail="Too many logins were tried, or one session was refreshed too often.",
        advice="Keep the session, wait for as many seconds as `Retry-After` says, and try again.",
    ),
    Problem(
        code="internal_error",
        status=500,
        title="Internal error",
        detail="The service has failed.",
        advice="Report the `requestId` to whoever runs the service.",
    ),
    Problem(
        code="password_hasher_busy",
        status=503,
        title="Too many logins at once",
        detail="More passwords wait to be checked than can be.",
        advice="Wait for as many seconds as `Retry-After` says, with some jitter, and repeat.",
    ),
    Problem(
        code="storage_unavailable",
        status=503,
        title="Storage unavailable",
        detail="The database can not be reached.",
        advice="Keep the session and the cookie, wait as `Retry-After` says, and repeat.",
    ),
)

PROBLEMS: Final = MappingProxyType({problem.code: problem for problem in _TABLE})
