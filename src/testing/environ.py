"""The settings of the test kit, as environment variables."""

from collections.abc import Mapping
from typing import Final

ENVIRON: Final[Mapping[str, str]] = {
    "APP_ENV": "test",
    "JWT_SECRET": "a-secret-of-the-tests-8d1f0b7c42e9",
    "JWT_ISSUER": "latchkey",
    "JWT_AUDIENCE": "latchkey",
    "REFRESH_SECRET": "another-secret-of-the-tests-5a3e9c",
    "FACTOR_SECRET": "a-third-secret-of-the-tests-7b2d4f",
}
"""Set these where a service of yours checks what `latchkey.testing` signed."""
