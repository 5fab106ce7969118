"""Keys for HMAC-SHA-256."""

from typing import Final

import jwt
import pytest

from latchkey.adapters.keys import HmacKey
from unit.adapters.keys.suite import KeySuite

SECRET: Final = b"a secret of more than thirty-two bytes"


@pytest.fixture
def key() -> HmacKey:
    return HmacKey.of(SECRET, "ours")


@pytest.fixture
def foreign() -> HmacKey:
    return HmacKey.of(b"f" * 32, "foreign")


class TestHmacKey(KeySuite):
    pass


def test_a_signature_is_the_one_of_rfc_4231() -> None:
    # Test case 6: a key that is longer than a block.
    key = HmacKey.of(b"\xaa" * 131, "case 6")

    signature = key.sign(b"Test Using Larger Than Block-Size Key - Hash Key First")

    assert signature.hex() == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"


@pytest.mark.requirement("AT-2")
def test_a_secret_of_31_bytes_is_refused() -> None:
    HmacKey.of(b"s" * 32, "enough")
    with pytest.raises(ValueError, match="32 bytes"):
        HmacKey.of(b"s" * 31, "short")


@pytest.mark.requirement("AT-19")
@pytest.mark.parametrize(
    "key",
    [
        b"-----BEGIN PUBLIC KEY-----\n" + b"A" * 44 + b"\n-----END PUBLIC KEY-----\n",
        b"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE",
        b'{"kty": "oct", "k": "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ"}',
    ],
)
def test_a_key_of_another_kind_is_no_secret(key: bytes) -> None:
    with pytest.raises(jwt.InvalidKeyError):
        HmacKey.of(key, "public")


def test_no_secret_is_shown(key: HmacKey) -> None:
    shown = f"{key!r} {key} {key.verifying!r}"

    assert SECRET.decode() not in shown
    assert "ours" in shown
