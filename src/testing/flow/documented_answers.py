"""Which statuses and headers the OpenAPI document has to name."""

from typing import Final

SUCCESSES: Final = {
    ("post", "/api/auth/bootstrap"): "201",
    ("post", "/api/admin/users"): "201",
    ("post", "/api/auth/password-resets"): "202",
    ("post", "/api/auth/registrations"): "202",
    ("post", "/api/auth/email-changes"): "202",
    ("post", "/api/auth/registrations/complete"): "201",
    ("post", "/api/admin/invitations"): "201",
    ("post", "/api/admin/mails/test"): "202",
    ("post", "/api/admin/users/{user}/password-resets"): "202",
    ("post", "/api/auth/factors/totp"): "201",
    ("post", "/api/auth/login/enrolment"): "201",
    ("post", "/api/auth/factors/recovery-codes"): "201",
    ("post", "/api/auth/factors/passkeys"): "201",
}
OWN_HEADERS: Final = {
    "401": {"WWW-Authenticate"},
    "429": {"Retry-After"},
    "503": {"Retry-After"},
}
