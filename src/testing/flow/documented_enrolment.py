"""What the OpenAPI document has to say of logins that add a second factor."""

from typing import Final

ENROLMENT_PROBLEMS: Final = {
    ("POST", "/api/auth/login/enrolment"): {
        "challenge_invalid",
        "second_factors_disabled",
        "origin_not_allowed",
    },
    ("POST", "/api/auth/login/enrolment/confirm"): {
        "invalid_request",
        "challenge_invalid",
        "factor_not_found",
        "origin_not_allowed",
        "too_many_attempts",
    },
    ("POST", "/api/auth/login/enrolment/passkeys/options"): {
        "challenge_invalid",
        "second_factors_disabled",
        "passkeys_disabled",
        "origin_not_allowed",
    },
    ("POST", "/api/auth/login/enrolment/passkeys"): {
        "invalid_request",
        "challenge_invalid",
        "second_factors_disabled",
        "passkeys_disabled",
        "origin_not_allowed",
        "passkey_known",
    },
}
