"""Settings of the private keys, and what they need beside them."""

import json

import pytest

from latchkey.adapters.keys.key_file import ScheduledKey, write
from latchkey.adapters.keys.key_set import ALWAYS
from latchkey.adapters.keys.p256_key import P256Key
from latchkey.entrypoints.settings import from_env
from unit.entrypoints.settings.test_from_env import OTHER_SECRET, PRODUCTION, SECRET, faults_of

KEYS = write([ScheduledKey(key=P256Key.generate(), signs_from=ALWAYS)])
WITH_KEYS = {**PRODUCTION, "JWT_KEYS": KEYS, "JWT_ISSUER": "https://auth.example.com"}


def test_private_keys_need_no_secret_beside_that_of_refresh_tokens() -> None:
    both = from_env(WITH_KEYS)
    alone = from_env({**WITH_KEYS, "JWT_SECRET": "", "REFRESH_SECRET": OTHER_SECRET})

    assert both.tokens.access_secrets == (SECRET,)
    assert alone.tokens.access_secrets == ()
    assert len(alone.tokens.keys) == 1


def test_refresh_tokens_need_a_secret_where_there_are_private_keys() -> None:
    [fault] = faults_of({**WITH_KEYS, "JWT_SECRET": ""})

    assert fault.startswith("REFRESH_SECRET: is not set; must be set beside JWT_KEYS")


@pytest.mark.parametrize(
    "issuer",
    [
        "latchkey",
        "http://auth.example.com",
        "https://",
        "https://auth.example.com/path",
        "https://auth.example.com?a=b",
        "https://auth.example.com#a",
        "https://auth.example.com:port",
        "ftp://auth.example.com",
        "auth.example.com",
    ],
)
def test_with_private_keys_the_issuer_is_the_services_address_in_production(issuer: str) -> None:
    [fault] = faults_of({**WITH_KEYS, "JWT_ISSUER": issuer})

    assert fault.startswith("JWT_ISSUER: is not where others find the public keys; must be ")
    assert from_env({**PRODUCTION, "JWT_ISSUER": issuer}).tokens.issuer == issuer


@pytest.mark.parametrize(
    "issuer", ["https://auth.example.com", "https://auth.example.com/", "https://a.example:8443"]
)
def test_an_issuer_is_kept_as_it_is_written(issuer: str) -> None:
    tokens = from_env({**WITH_KEYS, "JWT_ISSUER": issuer}).tokens

    assert (tokens.issuer, tokens.issuer_origin) == (issuer, issuer.rstrip("/"))


def test_each_key_that_cannot_be_used_has_a_line() -> None:
    [jwk] = json.loads(KEYS)["keys"]
    public = {name: value for name, value in jwk.items() if name != "d"}
    given = json.dumps({"keys": [jwk, public, {**jwk, "alg": "ES384"}]})

    faults = faults_of({**WITH_KEYS, "JWT_KEYS": given})

    assert [fault.partition(";")[0] for fault in faults] == [
        "JWT_KEYS: key 2 of 3 has no private part",
        "JWT_KEYS: key 3 of 3 has no `alg`, or another than ES256, EdDSA, RS256",
    ]
    assert jwk["d"] not in "".join(faults)


def test_audiences_are_a_list() -> None:
    assert from_env({"AUDIENCES": "orders, billing"}).tokens.audiences == ("orders", "billing")
    assert from_env({}).tokens.audiences == ()
