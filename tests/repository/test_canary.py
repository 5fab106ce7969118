"""The search for secrets finds those that the service really makes."""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from contract.flow.in_process import ADMIN, ENVIRON
from harness import leaks
from latchkey.adapters.bcrypt import BcryptPasswordHasher
from latchkey.adapters.challenge_token import HmacPendingSignInCodec
from latchkey.adapters.jwt import JwtTokenService
from latchkey.adapters.keys import challenge_key
from latchkey.adapters.keys.key_file import ScheduledKey, write
from latchkey.adapters.keys.key_pairs import PRIVATE
from latchkey.adapters.keys.key_set import ALWAYS
from latchkey.adapters.refresh_token import HmacRefreshTokenCodec
from latchkey.domain.accounts.password import Password, PasswordHash
from latchkey.domain.accounts.password_credential import PasswordCredential
from latchkey.domain.factors.enrolment_uri import base32_of, enrolment_uri
from latchkey.domain.factors.pending_sign_in import PendingSignIn
from latchkey.domain.factors.recovery_code import RecoveryCode
from latchkey.domain.factors.totp import SECRET_BYTES
from latchkey.testing.factories import PrincipalFactory, UserFactory, refresh_token
from latchkey.testing.flow.deployments import GOOD_PASSWORD
from latchkey.testing.frozen_clock import START
from production.deployment import ADMIN as PRODUCTION_ADMIN
from token_keys import access_keys, refresh_keys

SECRET = secrets.token_hex(32)
LEAKY = """
import asyncio, httpx

ANSWERS = httpx.MockTransport(lambda request: httpx.Response(400, text="$2b$12$leaked"))

def test_an_answer():
    assert httpx.Client(transport=ANSWERS).get("http://a.example/told").is_error

def test_an_answer_that_is_awaited():
    client = httpx.AsyncClient(transport=ANSWERS)
    assert asyncio.run(client.get("http://a.example/awaited")).is_error

def test_a_line():
    print("a violet-Kettle-41-harbour")

def test_a_log(tmp_path):
    (tmp_path / "serve.log").write_text("SECRET")
"""

TESTS = Path(__file__).parents[1]
FOUND = "4 found in 2 error answers, 1 logs, 1 outputs"
FINDS = (
    "password hash in GET http://a.example/told (test_leaky.py::test_an_answer (call))",
    "password hash in GET http://a.example/awaited (test_leaky.py::test_an_answer_that",
    "password in Captured stdout call (test_leaky.py::test_a_line)",
    "serve.log: ",
)


def access_token() -> str:
    service = JwtTokenService(
        access_keys(SECRET.encode()),
        issuer="latchkey",
        audience="latchkey",
        lifetime=timedelta(minutes=15),
    )
    return service.issue(PrincipalFactory.build(), START).encoded


async def password_hash(size: int) -> str:
    hasher = BcryptPasswordHasher(rounds=4, workers=1, queue=1)
    try:
        return (await hasher.hash(Password("x" * size))).encoded
    finally:
        hasher.close()


def names_of(text: str) -> list[str]:
    return [name for name, _ in leaks.secrets_in(f'{{"detail": "{text}"}}')]


@pytest.mark.requirement("ER-2", "CK-11")
def test_a_token_is_found_by_its_form() -> None:
    refresh = HmacRefreshTokenCodec(refresh_keys(SECRET.encode())).encode(refresh_token())

    assert names_of(access_token()) == ["access token"]
    assert names_of(refresh) == ["refresh token or link"]


@pytest.mark.requirement("ER-2", "ER-6")
@pytest.mark.parametrize("alg", PRIVATE)
def test_a_private_key_is_found_by_its_form(alg: str) -> None:
    key = PRIVATE[alg].generate()
    options = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    pem = key.private.private_bytes(*options).decode()
    file = write([ScheduledKey(key=key, signs_from=ALWAYS)])
    public = json.dumps(dict(key.verifying.jwk)) + key.verifying.pem.decode()

    logged, printed = json.dumps({"message": file}), repr(json.loads(file))
    texts = [pem, file, file.replace(" ", ""), logged, logged.replace(" ", ""), printed]

    assert [names_of(text) for text in texts] == [["private key"]] * 6
    assert names_of(public) == []


@pytest.mark.anyio
@pytest.mark.requirement("ER-2", "PW-11")
@pytest.mark.parametrize("size", [8, 73])
async def test_a_hash_is_found_by_its_form(size: int) -> None:
    assert names_of(await password_hash(size)) == ["password hash"]


@pytest.mark.requirement("ER-2", "MF-5")
def test_the_secrets_of_second_factors_are_found_by_their_form() -> None:
    hashed = PasswordHash("$2b$12$any")
    credential = PasswordCredential(
        user=UserFactory.build(), password_hash=hashed, password_version=1
    )
    pending = PendingSignIn.begin(credential, START)
    challenge = HmacPendingSignInCodec([challenge_key(SECRET.encode(), "test")]).encode(pending)
    secret = secrets.token_bytes(SECRET_BYTES)
    uri = enrolment_uri(secret, issuer="auth.example", account="ada@auth.example")

    assert names_of(challenge) == ["challenge"]
    for text in (uri, base32_of(secret), RecoveryCode.new().shown()):
        assert names_of(text) == ["secret of a second factor"]


@pytest.mark.requirement("ER-2", "PW-11")
def test_what_the_tests_make_up_is_found() -> None:
    passwords = [GOOD_PASSWORD, ADMIN.password, PRODUCTION_ADMIN.password]
    named = ("JWT_SECRET", "REFRESH_SECRET", "FACTOR_SECRET")
    signing = [SECRET, *(ENVIRON[name] for name in named)]

    assert {name for password in passwords for name in names_of(password)} == {"password"}
    assert [names_of(secret) for secret in signing] == [["signing secret"]] * 4


def test_what_is_no_secret_is_not_found() -> None:
    harmless = f"{secrets.token_hex(16)} 0192b3e4-5f6a-7b8c-9d0e-1f2a3b4c5d6e JWT_SECRET $2b"

    assert names_of(harmless) == []


@pytest.mark.requirement("ER-2", "PW-11", "CK-11")
@pytest.mark.parametrize("processes", [(), ("-n", "2")], ids=["alone", "in workers"])
def test_a_run_in_which_a_secret_is_found_fails_and_names_the_place(
    tmp_path: Path, processes: Sequence[str]
) -> None:
    (tmp_path / "test_leaky.py").write_text(LEAKY.replace("SECRET", SECRET))
    plugins = ("-p", "xdist", "-p", "canary")

    run = subprocess.run(  # noqa: S603 - our own plugin
        [sys.executable, "-m", "pytest", *plugins, *processes, "--rootdir", tmp_path, "."],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(TESTS), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 1
    assert [find for find in FINDS if find not in run.stdout] == []
    assert FOUND in run.stdout
    assert " 4 passed in " in run.stdout.splitlines()[-1]
