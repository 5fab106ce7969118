"""What an authenticator app reads from a QR code."""

import base64
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latchkey.domain.factors.enrolment_uri import base32_of, enrolment_uri

SECRET = bytes(range(20))


@given(st.binary(min_size=20, max_size=20))
def test_a_secret_in_base32_can_be_read_back(secret: bytes) -> None:
    text = base32_of(secret)

    assert len(text) == 32
    assert base64.b32decode(text) == secret


@pytest.mark.parametrize("issuer", ["auth.example.com", "[::1]", "Ä & Co", "a:b"])
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_label_and_parameters_name_service_account_and_secret(issuer: str, account: str) -> None:
    parts = urlsplit(enrolment_uri(SECRET, issuer=issuer, account=account))

    service, user = (unquote(text) for text in parts.path.removeprefix("/").split(":"))
    query = {name: value for name, [value] in parse_qs(parts.query).items()}
    assert (parts.scheme, parts.netloc, parts.fragment) == ("otpauth", "totp", "")
    assert (service, user) == (issuer.replace(":", ""), account.replace(":", ""))
    assert query == {
        "secret": base32_of(SECRET),
        "issuer": service,
        "algorithm": "SHA1",
        "digits": "6",
        "period": "30",
    }


def test_an_address_is_written_as_apps_expect_it() -> None:
    uri = enrolment_uri(SECRET, issuer="auth.example.com", account="ada@example.com")

    assert uri == (
        "otpauth://totp/auth.example.com:ada@example.com"
        "?secret=AAAQEAYEAUDAOCAJBIFQYDIOB4IBCEQT"
        "&issuer=auth.example.com&algorithm=SHA1&digits=6&period=30"
    )
