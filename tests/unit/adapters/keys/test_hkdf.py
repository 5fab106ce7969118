"""The vectors of RFC 5869, appendix A: the first block of each, which is what is derived here."""

import pytest

from latchkey.adapters.keys.hkdf import hkdf_sha256


@pytest.mark.parametrize(
    ("secret", "salt", "info", "first_block"),
    [
        pytest.param(
            "0b" * 22,
            "000102030405060708090a0b0c",
            "f0f1f2f3f4f5f6f7f8f9",
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf",
            id="A.1",
        ),
        pytest.param(
            bytes(range(0x50)).hex(),
            bytes(range(0x60, 0xB0)).hex(),
            bytes(range(0xB0, 0x100)).hex(),
            "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c",
            id="A.2, longer inputs",
        ),
        pytest.param(
            "0b" * 22,
            "",
            "",
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d",
            id="A.3, no salt and no info",
        ),
    ],
)
def test_a_key_is_the_first_block_of_the_rfc(
    secret: str, salt: str, info: str, first_block: str
) -> None:
    key = hkdf_sha256(bytes.fromhex(secret), salt=bytes.fromhex(salt), info=bytes.fromhex(info))

    assert key.hex() == first_block
