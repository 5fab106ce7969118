"""The closed lists that requests are counted by: routes, and how a login or a refresh ended."""

from typing import Final

from latchkey.domain.accounts.errors import InvalidCredentialsError, PasswordHasherBusyError
from latchkey.domain.factors.errors import (
    ChallengeEndedError,
    ChallengeInvalidError,
    PasskeyInvalidError,
    PasskeyUnknownError,
    SecondFactorInvalidError,
    SecondFactorRequiredError,
)
from latchkey.domain.kernel.errors import LatchkeyError, StorageUnavailableError
from latchkey.domain.sessions.errors import (
    RefreshTokenExpiredError,
    RefreshTokenInvalidError,
    RefreshTokenMissingError,
    RefreshTokenNeverIssuedError,
    RefreshTokenReusedError,
    RefreshTokenSupersededError,
    SessionEndedError,
)
from latchkey.domain.sessions.judge import Verdict
from latchkey.domain.throttling.errors import TooManyAttemptsError
from latchkey.entrypoints.http.problems.table import PROBLEMS

LOGIN: Final = ("POST", "/api/auth/login")
SECOND_FACTOR: Final = ("POST", "/api/auth/login/second-factor")
ENROLMENT: Final = ("POST", "/api/auth/login/enrolment/confirm")
REFRESH: Final = ("POST", "/api/auth/refresh")
PASSKEY: Final = ("POST", "/api/auth/login/passkey")
PASSKEY_ENROLMENT: Final = ("POST", "/api/auth/login/enrolment/passkeys")
LOGINS: Final = frozenset({LOGIN, SECOND_FACTOR, ENROLMENT, PASSKEY, PASSKEY_ENROLMENT})
"""The routes that a login is made of."""
NO_ROUTE: Final = ("-", "-")
ROUTES: Final = (
    LOGIN,
    SECOND_FACTOR,
    ("POST", "/api/auth/login/enrolment"),
    ENROLMENT,
    ("POST", "/api/auth/login/enrolment/passkeys/options"),
    PASSKEY_ENROLMENT,
    ("POST", "/api/auth/passkeys/options"),
    PASSKEY,
    REFRESH,
    ("POST", "/api/auth/logout"),
    ("POST", "/api/auth/bootstrap"),
    ("POST", "/api/auth/token"),
    ("POST", "/api/auth/password"),
    ("POST", "/api/auth/password-resets"),
    ("POST", "/api/auth/password-resets/complete"),
    ("POST", "/api/auth/links/read"),
    ("GET", "/api/auth/features"),
    ("POST", "/api/auth/registrations"),
    ("POST", "/api/auth/registrations/complete"),
    ("GET", "/api/auth/me"),
    ("GET", "/api/auth/account"),
    ("POST", "/api/auth/account"),
    ("POST", "/api/auth/account/delete"),
    ("POST", "/api/auth/email-changes"),
    ("POST", "/api/auth/email-changes/cancel"),
    ("POST", "/api/auth/email-changes/complete"),
    ("GET", "/api/auth/sessions"),
    ("POST", "/api/auth/sessions/end"),
    ("GET", "/api/auth/factors"),
    ("POST", "/api/auth/factors/totp"),
    ("POST", "/api/auth/factors/totp/confirm"),
    ("POST", "/api/auth/factors/recovery-codes"),
    ("POST", "/api/auth/factors/remove"),
    ("POST", "/api/auth/factors/remembered-devices/forget"),
    ("POST", "/api/auth/factors/passkeys/options"),
    ("POST", "/api/auth/factors/passkeys"),
    ("POST", "/api/auth/factors/passkeys/{passkey}/remove"),
    ("GET", "/api/orders"),
    ("GET", "/api/admin/users"),
    ("POST", "/api/admin/users"),
    ("GET", "/api/admin/users/search"),
    ("GET", "/api/admin/users/{user}"),
    ("POST", "/api/admin/users/{user}"),
    ("GET", "/api/admin/users/{user}/sessions"),
    ("POST", "/api/admin/users/{user}/sessions/end"),
    ("POST", "/api/admin/users/{user}/password-resets"),
    ("GET", "/api/admin/invitations"),
    ("POST", "/api/admin/invitations"),
    ("POST", "/api/admin/invitations/{invitation}/withdraw"),
    ("GET", "/api/admin/audit"),
    ("GET", "/api/admin/mails"),
    ("POST", "/api/admin/mails/test"),
    ("GET", "/health/live"),
    ("GET", "/health/ready"),
    ("GET", "/.well-known/jwks.json"),
    ("GET", "/.well-known/ended-sessions"),
    ("GET", "/.well-known/oauth-authorization-server"),
    ("GET", "/.well-known/openid-configuration"),
    ("GET", "/problems"),
    ("GET", "/problems/{code}"),
    ("GET", "/openapi.json"),
    ("GET", "/docs"),
    ("GET", "/docs/{name}"),
    ("GET", "/mailbox"),
    NO_ROUTE,
)
"""Every route, as method and template. The pages and all other requests count as `NO_ROUTE`."""

OTHER: Final = "other"
SUCCEEDED: Final = "succeeded"
OUTCOMES: Final[dict[type[LatchkeyError], str]] = {
    InvalidCredentialsError: "failed",
    SecondFactorRequiredError: "challenged",
    SecondFactorInvalidError: "second_factor_failed",
    PasskeyInvalidError: "passkey_failed",
    PasskeyUnknownError: "passkey_unknown",
    ChallengeInvalidError: "challenge_forged",
    ChallengeEndedError: "challenge_ended",
    TooManyAttemptsError: "throttled",
    PasswordHasherBusyError: "busy",
    StorageUnavailableError: "unavailable",
}
"""How a login is counted that ends in an error. An unknown account counts as a wrong password.

With a second factor, both of its requests are counted: one is challenged, the next one succeeds.
"""

GRANTED: Final[dict[Verdict, str]] = {
    Verdict.ROTATE: "rotated",
    Verdict.REPLAY: "replayed",
    Verdict.FAST_FORWARD: "fast_forwarded",
}
"""How a refresh is counted that succeeds."""

DENIED: Final[dict[type[LatchkeyError], str]] = {
    RefreshTokenMissingError: "missing",
    RefreshTokenInvalidError: "forged",
    RefreshTokenExpiredError: "expired",
    RefreshTokenSupersededError: "superseded",
    RefreshTokenReusedError: "reused",
    RefreshTokenNeverIssuedError: "never_issued",
    SessionEndedError: "ended",
    TooManyAttemptsError: "throttled",
    StorageUnavailableError: "unavailable",
}
"""How a refresh is counted that ends in an error."""

STATUSES: Final = (
    *("200", "201", "202", "204", "304", "499"),
    *sorted({str(problem.status) for problem in PROBLEMS.values()}),
    OTHER,
)
LOGGED_ERRORS: Final = (
    "internal_error",
    "refresh_token_never_issued",
    "prune_failed",
    "mail_cannot_be_claimed",
    "mail_error",
)
