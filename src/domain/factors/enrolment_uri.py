"""The address that an authenticator app reads from a QR code."""

import base64
from urllib.parse import quote, urlencode

from latchkey.domain.factors.totp import DIGITS, STEP


def base32_of(secret: bytes) -> str:
    """Return a secret as people type it into an app.

    Source: RFC 4648, section 6, without padding.
    """
    return base64.b32encode(secret).decode().rstrip("=")


def enrolment_uri(secret: bytes, *, issuer: str, account: str) -> str:
    """Return the address of a secret.

    Args:
        secret: What the app and the service share.
        issuer: Names the service. Colons are left out: apps take them for the end of the name.
        account: Names the account, such as its e-mail address; likewise.

    Source: Key Uri Format of Google Authenticator, which all apps read.
    """
    service, user = (quote(text.replace(":", ""), safe="@") for text in (issuer, account))
    parameters = {
        "secret": base32_of(secret),
        "issuer": issuer.replace(":", ""),
        "algorithm": "SHA1",
        "digits": DIGITS,
        "period": int(STEP.total_seconds()),
    }
    return f"otpauth://totp/{service}:{user}?{urlencode(parameters, quote_via=quote)}"
