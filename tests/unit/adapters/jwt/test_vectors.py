"""Published tokens: what the forger writes is what the RFCs write, and none of them is ours."""

import hashlib
import hmac
from typing import Final

import pytest

from latchkey.adapters.jwt import JwtTokenService
from latchkey.domain.sessions.errors import AccessTokenInvalidError
from latchkey.testing.frozen_clock import START
from token_keys import access_keys
from unit.adapters.jwt.forged_claims import LIFETIME
from unit.adapters.jwt.forger import signature, unbase64url

_A1_KEY: Final = unbase64url(
    "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"
)  # RFC 7515, A.1.1
_PAYLOAD: Final = (
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
)
_VECTORS: Final = {
    "RFC 7515, A.1 (HS256); RFC 7519, 3.1": (
        f"eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.{_PAYLOAD}"
        ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    ),
    "RFC 7519, 6.1 (none)": f"eyJhbGciOiJub25lIn0.{_PAYLOAD}.",
    "RFC 7515, A.3 (ES256)": (
        f"eyJhbGciOiJFUzI1NiJ9.{_PAYLOAD}"
        ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSA"
        "pmWQxfKTUJqPP3-Kg6NU1Q"
    ),
    "RFC 8037, A.4 (EdDSA)": (
        "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"
        ".hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt"
        "9g7sVvpAr_MuM0KAg"
    ),
    "RFC 7797, 4.1 (b64 false)": (
        "eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19."
        ".A5dxf2s96_n5FLueVuW1Z_vh161FwXZC4YLPff6dmDY"
    ),
}


def test_the_forger_signs_as_rfc_7515_does() -> None:
    signing_input, _, expected = _VECTORS["RFC 7515, A.1 (HS256); RFC 7519, 3.1"].rpartition(".")

    assert signature(signing_input, _A1_KEY) == expected


def test_hmac_is_the_one_of_rfc_4231() -> None:
    # Test case 2: a key shorter than the output.
    digest = hmac.digest(b"Jefe", b"what do ya want for nothing?", hashlib.sha256)

    assert digest.hex() == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"


@pytest.mark.parametrize("token", _VECTORS.values(), ids=_VECTORS.keys())
def test_a_published_token_is_refused_by_its_own_key(token: str) -> None:
    service = JwtTokenService(access_keys(_A1_KEY), "joe", "joe", LIFETIME)

    with pytest.raises(AccessTokenInvalidError):
        service.verify(token, START)
