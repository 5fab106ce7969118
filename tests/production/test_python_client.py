"""The client of the extra `client` with a service as production runs it: TLS, `Secure` cookies."""

import ssl
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from harness.service import Service
from latchkey.client import ServiceUnavailableError, Session
from production.deployment import ADMIN, COOKIE


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cookies"


def test_a_session_lasts_from_one_program_to_the_next(
    over_tls: Service, trust: ssl.SSLContext, file: Path
) -> None:
    Session(over_tls.url, cookies=file, trust=trust).login(ADMIN.email, ADMIN.password)

    for _ in range(2):
        program = Session(over_tls.url, cookies=file, trust=trust)
        with httpx.Client(base_url=over_tls.url, auth=program, verify=trust) as http:
            assert http.get("/api/auth/me").json()["email"] == ADMIN.email

    assert COOKIE in file.read_text()


def test_a_certificate_that_the_platform_does_not_trust_is_not_accepted(
    over_tls: Service, file: Path
) -> None:
    session = Session(over_tls.url, cookies=file, patience=timedelta(0))

    with pytest.raises(ServiceUnavailableError, match="CERTIFICATE_VERIFY_FAILED"):
        session.login(ADMIN.email, ADMIN.password)
