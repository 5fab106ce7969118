import secrets
from collections.abc import Callable

import pytest

from latchkey.entrypoints.settings.secret_quality import strong_fault_of


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
        "abc" * 21 + "a",
        "a" * 16 + "b" * 16 + "e" * 16,
        "secretsecretsecretsecretsecret12",
        "passw0rdpassw0rdpassw0rdpassw0rd!",
        "latchkeylatchkeylatchkeylatchkey!",
        "thisisourcompanyjwtsigningkey2026",
        "correct horse battery staple correct horse!",
        "My-Very-Long-And-Secure-JWT-Secret-Key-For-Production!",
        "a-string-secret-at-least-256-bits-long",
        "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow",
        "404E635266556A586E3272357538782F413F4428472B4B6250645367566B5970",
    ],
)
def test_a_short_known_or_repetitive_secret_is_refused_without_being_shown(secret: str) -> None:
    fault = strong_fault_of(secret)

    assert fault is not None
    assert secret not in fault


@pytest.mark.parametrize("size", [24, 32, 48, 96])
@pytest.mark.parametrize("make", [secrets.token_hex, secrets.token_urlsafe])
def test_random_bytes_are_good_in_either_spelling(make: Callable[[int], str], size: int) -> None:
    assert [fault for fault in (strong_fault_of(make(size)) for _ in range(200)) if fault] == []
