"""Problems of sessions and their tokens."""

from typing import Final

from latchkey.domain.sessions.errors import (
    AccessTokenInvalidError,
    AccessTokenMissingError,
    AudienceUnknownError,
    RefreshTokenInvalidError,
    RefreshTokenMissingError,
    RefreshTokenSupersededError,
    SessionEndedError,
)
from latchkey.entrypoints.http.problems.problem import Problem, Problems

PROBLEMS: Final[Problems] = {
    AccessTokenMissingError: Problem(
        status=401,
        title="Access token missing",
        detail="This operation requires an access token.",
        advice="Send `Authorization: Bearer <access token>`. Log in or refresh to get one.",
    ),
    AccessTokenInvalidError: Problem(
        status=401,
        title="Access token invalid",
        detail="The access token is not valid, or no longer valid.",
        advice="Refresh once, and repeat the request with the new access token.",
        error="invalid_token",
    ),
    AudienceUnknownError: Problem(
        status=400,
        title="Audience unknown",
        detail="No service that access tokens are issued for has this name.",
        advice="Use one of the names in `AUDIENCES`, which the operators know.",
    ),
    RefreshTokenMissingError: Problem(
        status=401,
        title="Refresh token missing",
        detail="The request has no refresh token cookie.",
        advice="Show the login page: nobody is signed in.",
    ),
    RefreshTokenInvalidError: Problem(
        status=401,
        title="Refresh token invalid",
        detail="The refresh token was not issued by this service, or has expired.",
        advice="Show the login page. Sending the same cookie again will fail again.",
    ),
    RefreshTokenSupersededError: Problem(
        status=401,
        title="Refresh token superseded",
        detail="Newer requests have replaced this refresh token. The session is still active.",
        advice="Refresh again with the browser's current cookie: another tab has renewed it.",
    ),
    SessionEndedError: Problem(
        status=401,
        title="Session ended",
        detail="The session of this refresh token has ended.",
        advice="Show the login page, and tell the user why: see `reason`.",
    ),
}
