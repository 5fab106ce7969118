"""Which keys the configured secrets stand for."""

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latchkey.adapters.keys import (
    SigningKey,
    access_key,
    challenge_key,
    refresh_key,
    refresh_secret,
)
from latchkey.domain.audit.pseudonyms import Pseudonyms
from latchkey.entrypoints import keys
from latchkey.entrypoints.settings import Settings, from_env
from latchkey.testing.frozen_clock import START

ENVIRON: Final = {
    "JWT_SECRET": "d2f1c0a98b7e6d5c4b3a29180f1e2d3c4b5a69788796a5b4",
    "REFRESH_SECRET": "9a1be07c5d3f42a8b6e1907f2c4d5e6a8b0c1d2e3f405162",
}
OTHER: Final = "52c1f40e9d8b7a6c3e2f1d0b9a8c7e6f5d4b3a291807f6e5"
THIRD: Final = "c7e6f5d4b3a291807f6e552c1f40e9d8b7a6c3e2f1d0b9a8"
CONTEXT: Final = "latchkey|development"
_LISTS: Final = st.lists(
    st.sampled_from([ENVIRON["JWT_SECRET"], OTHER, THIRD, "längeres Geheimnis 7c5d3f42a8b6e1"]),
    min_size=1,
)


def settings(**environ: str) -> Settings:
    return from_env(ENVIRON | environ)


def pseudonyms(**environ: str) -> Pseudonyms:
    return keys.pseudonyms(settings(**environ))


def kids(signing: list[SigningKey]) -> list[str]:
    return [key.verifying.kid for key in signing]


@pytest.mark.requirement("AT-18")
@given(_LISTS)
def test_the_first_secret_signs_access_tokens_and_all_verify(secrets: list[str]) -> None:
    expected = kids([access_key(secret.encode()) for secret in dict.fromkeys(secrets)])

    access = keys.access_keys(settings(JWT_SECRET=",".join(secrets)))

    assert access.signing_at(START).verifying.kid == expected[0]
    assert [key.kid for key in access.verifying] == expected


@pytest.mark.requirement("RS-17")
@given(_LISTS)
def test_the_first_secret_writes_refresh_tokens_and_all_read(secrets: list[str]) -> None:
    expected = [refresh_key(secret.encode(), CONTEXT) for secret in dict.fromkeys(secrets)]

    refresh = keys.refresh_keys(settings(JWT_SECRET="", REFRESH_SECRET=",".join(secrets)))

    assert [key.sign(b"") for key in refresh] == [key.sign(b"") for key in expected]


@pytest.mark.requirement("AT-3")
def test_keys_of_refresh_tokens_are_derived_where_they_have_no_secret() -> None:
    secret = refresh_secret(ENVIRON["JWT_SECRET"].encode())

    (key,) = keys.refresh_keys(settings(REFRESH_SECRET=""))

    assert key.sign(b"") == refresh_key(secret, CONTEXT).sign(b"")


@pytest.mark.requirement("AT-3")
@pytest.mark.parametrize("environ", [{"JWT_ISSUER": "another"}, {"APP_ENV": "test"}])
def test_other_installations_have_other_keys_of_refresh_tokens(environ: dict[str, str]) -> None:
    (ours,), (theirs,) = keys.refresh_keys(settings()), keys.refresh_keys(settings(**environ))

    assert ours.sign(b"") != theirs.sign(b"")


@pytest.mark.requirement("RS-17")
def test_a_former_issuer_keeps_the_keys_of_refresh_tokens() -> None:
    (before,) = keys.refresh_keys(settings())
    (after,) = keys.refresh_keys(
        settings(JWT_ISSUER="https://a.example", JWT_FORMER_ISSUER="latchkey")
    )

    assert after.sign(b"") == before.sign(b"")


def test_access_tokens_need_a_secret() -> None:
    with pytest.raises(ValueError, match="needs one that signs"):
        keys.access_keys(settings(JWT_SECRET=""))


@pytest.mark.requirement("LG-12")
def test_all_processes_of_an_installation_use_the_same_pseudonyms() -> None:
    one, other = pseudonyms(), pseudonyms(JWT_SECRET=OTHER)

    assert one == other


@pytest.mark.requirement("LG-12", "AT-3")
@pytest.mark.parametrize(
    "environ", [{"REFRESH_SECRET": OTHER}, {"REFRESH_SECRET": ""}, {"JWT_ISSUER": "another"}]
)
def test_other_installations_use_other_pseudonyms(environ: dict[str, str]) -> None:
    one, other = pseudonyms(), pseudonyms(**environ)

    assert one != other


@pytest.mark.requirement("AT-3")
def test_pseudonyms_have_a_key_of_their_own() -> None:
    key = pseudonyms().key

    assert len(key) == 32
    assert key not in {secret.encode()[:32] for secret in ENVIRON.values()}


@pytest.mark.requirement("MF-5")
def test_second_factors_depend_on_their_own_secret_and_on_no_other() -> None:
    expected = keys.factor_keys(settings(FACTOR_SECRET=f"{OTHER},{THIRD}"))

    for others in (
        {"JWT_SECRET": "f4Rq9ZtB1yXw7LmVn2PjKc6HsD8GuEa5"},
        {"REFRESH_SECRET": "f4Rq9ZtB1yXw7LmVn2PjKc6HsD8GuEa5"},
        {"JWT_ISSUER": "https://auth.example.com"},
    ):
        found = keys.factor_keys(settings(**others, FACTOR_SECRET=f"{OTHER},{THIRD}"))
        assert [key.sign(b"") for key in found] == [key.sign(b"") for key in expected]
    rotated = keys.factor_keys(settings(FACTOR_SECRET=f"{THIRD},{OTHER}"))
    assert kids(rotated) == kids(expected)[::-1]
    assert keys.factor_keys(settings()) == []


@pytest.mark.requirement("MF-1")
def test_the_first_secret_of_refresh_tokens_writes_challenges_and_all_read() -> None:
    found = keys.challenge_keys(settings(REFRESH_SECRET=f"{OTHER},{THIRD}"))

    expected = [challenge_key(secret.encode(), CONTEXT) for secret in (OTHER, THIRD)]
    assert [key.sign(b"") for key in found] == [key.sign(b"") for key in expected]
