import secrets

import pytest

from latchkey.entrypoints.settings.secret_quality import fault_of


@pytest.mark.requirement("AT-2")
@pytest.mark.parametrize(
    "secret",
    [
        "x" * 31,
        "your-256-bit-secret-your-256-bit-secret",
        "SuperSecret-SuperSecret-SuperSecret-1234",
        "changeme-changeme-changeme-changeme",
        "0123456789abcdef0123456789abcdef",
        "a" * 64,
        "ab" * 32,
        "abcdefgh" * 4,
    ],
)
def test_a_short_known_or_repetitive_secret_is_refused_without_being_shown(secret: str) -> None:
    fault = fault_of(secret)

    assert fault is not None
    assert secret not in fault


@pytest.mark.parametrize("make", [secrets.token_hex, secrets.token_urlsafe])
def test_32_random_bytes_are_good_in_either_spelling(make: object) -> None:
    assert callable(make)
    for _ in range(200):
        assert fault_of(make(32)) is None
