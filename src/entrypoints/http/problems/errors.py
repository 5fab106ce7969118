"""Errors that HTTP itself causes, before a use case is called."""

from latchkey.domain.kernel.errors import InvalidInputError, LatchkeyError, Violation
from latchkey.entrypoints.http.responses import Headers


class HttpError(LatchkeyError):
    """A request that is rejected before a use case is called.

    Attributes:
        headers: Additional headers of the response.
    """

    headers: Headers = ()


class HostNotAllowedError(HttpError):
    """The `Host` header is not one of the service's host names."""

    code = "host_not_allowed"


class HttpsRequiredError(HttpError):
    """The request came over plain HTTP in production."""

    code = "https_required"


class OriginNotAllowedError(HttpError):
    """A page of another origin tried to use the session cookie."""

    code = "origin_not_allowed"


class MethodNotAllowedError(HttpError):
    """The path has no route for this method.

    Args:
        allow: The methods that the path has, separated by commas.
    """

    code = "method_not_allowed"

    def __init__(self, allow: str) -> None:
        super().__init__(allow)
        self.headers = ((b"allow", allow.encode()),)


class RequestTimeoutError(HttpError):
    """The body did not arrive in time."""

    code = "request_timeout"
    headers = ((b"connection", b"close"),)


class ContentTooLargeError(HttpError):
    """The body or its `Content-Length` is above the limit."""

    code = "content_too_large"
    headers = ((b"connection", b"close"),)


class TransferCodingError(InvalidInputError, HttpError):
    """The body has another transfer coding than `chunked`, or that one twice."""

    headers = ((b"connection", b"close"),)

    def __init__(self) -> None:
        super().__init__(Violation("Transfer-Encoding", "must be chunked, once"))


class UriTooLongError(HttpError):
    """The path or the query is longer than any documented one."""

    code = "uri_too_long"


class HeadersTooLargeError(HttpError):
    """The headers together are larger than any documented request needs."""

    code = "headers_too_large"
    headers = ((b"connection", b"close"),)


class UnsupportedMediaTypeError(HttpError):
    """The body is not declared as JSON in UTF-8."""

    code = "unsupported_media_type"
    headers = ((b"accept", b"application/json"), (b"accept-encoding", b"identity"))


class InternalError(HttpError):
    """An unexpected error in the service."""

    code = "internal_error"
