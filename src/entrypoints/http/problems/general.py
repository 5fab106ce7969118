"""Problems that any operation can have."""

from typing import Final

from latchkey.domain.kernel.errors import InvalidInputError, NotFoundError, StorageUnavailableError
from latchkey.domain.throttling.errors import TooManyAttemptsError
from latchkey.entrypoints.http.problems.errors import (
    ContentTooLargeError,
    HeadersTooLargeError,
    HostNotAllowedError,
    HttpsRequiredError,
    InternalError,
    MethodNotAllowedError,
    OriginNotAllowedError,
    RequestTimeoutError,
    UnsupportedMediaTypeError,
    UriTooLongError,
)
from latchkey.entrypoints.http.problems.problem import Problem, Problems

PROBLEMS: Final[Problems] = {
    InvalidInputError: Problem(
        status=400,
        title="Invalid request",
        detail="The request does not match the documented schema.",
        advice="Fix the fields listed in `errors`. The same request will fail again.",
    ),
    HostNotAllowedError: Problem(
        status=400,
        title="Host not allowed",
        detail="The service does not serve this host name.",
        advice="Use the service's public host name. Operators list host names in ALLOWED_HOSTS.",
    ),
    OriginNotAllowedError: Problem(
        status=403,
        title="Origin not allowed",
        detail="Pages of this origin cannot use the session cookie.",
        advice="Send the request from the service's own origin, or add yours to CORS_ORIGINS.",
    ),
    HttpsRequiredError: Problem(
        status=403,
        title="HTTPS required",
        detail="The service accepts HTTPS only.",
        advice="Repeat the request over HTTPS, and change every secret that was sent in the clear.",
    ),
    NotFoundError: Problem(
        status=404,
        title="Not found",
        detail="Nothing exists at this path.",
        advice="Compare the path with the documentation.",
    ),
    MethodNotAllowedError: Problem(
        status=405,
        title="Method not allowed",
        detail="This path does not support the request's method.",
        advice="Use one of the methods listed in `Allow`.",
    ),
    RequestTimeoutError: Problem(
        status=408,
        title="Request timeout",
        detail="The request body did not arrive in time.",
        advice="Send the whole request at once. Repeat it on a new connection.",
    ),
    ContentTooLargeError: Problem(
        status=413,
        title="Content too large",
        detail="The request body is larger than 16 KiB.",
        advice="Send less. No documented request comes near the limit.",
    ),
    UriTooLongError: Problem(
        status=414,
        title="URI too long",
        detail="The path or the query is too long, or the query has too many parameters.",
        advice="Use the documented paths and parameters only.",
    ),
    UnsupportedMediaTypeError: Problem(
        status=415,
        title="Unsupported media type",
        detail="The request body is not declared as application/json, or is compressed.",
        advice="Send JSON in UTF-8 with `Content-Type: application/json`, and without"
        " `Content-Encoding`.",
    ),
    HeadersTooLargeError: Problem(
        status=431,
        title="Headers too large",
        detail="The request headers together are larger than 12 KiB.",
        advice="Send fewer or smaller headers. Delete cookies that other applications left.",
    ),
    TooManyAttemptsError: Problem(
        status=429,
        title="Too many attempts",
        detail="Too many passwords or codes were tried, or a session was refreshed too often.",
        advice="Keep the session, wait for the seconds in `Retry-After`, and try again.",
    ),
    InternalError: Problem(
        status=500,
        title="Internal error",
        detail="The service failed.",
        advice="Report the `requestId` to the operators of the service.",
    ),
    StorageUnavailableError: Problem(
        status=503,
        title="Storage unavailable",
        detail="The database cannot be reached.",
        advice="Keep the session and the cookie. Wait for the seconds in `Retry-After`; repeat.",
    ),
}
