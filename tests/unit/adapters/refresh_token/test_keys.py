"""The keys that write and read refresh tokens, and how they are replaced."""

from datetime import timedelta
from itertools import count

import pytest

from latchkey.adapters.jwt import JwtTokenService
from latchkey.adapters.keys import HmacKey, refresh_key, refresh_secret
from latchkey.adapters.refresh_token import HmacRefreshTokenCodec
from latchkey.domain.sessions.errors import AccessTokenInvalidError
from latchkey.testing.frozen_clock import START
from token_keys import access_keys
from unit.adapters.refresh_token.writer import (
    CONTEXT,
    SECRET,
    TOKEN,
    body,
    codec,
    forged,
    hkdf,
    refuses,
)

OLD, NEW, FOREIGN = (bytes([letter]) * 32 for letter in b"onf")


def _two_secrets_of_one_id() -> tuple[bytes, bytes]:
    seen: dict[str, bytes] = {}
    for secret in (number.to_bytes(32) for number in count()):
        key_id = refresh_key(secret, CONTEXT).verifying.kid
        if key_id in seen:
            return seen[key_id], secret
        seen[key_id] = secret
    raise AssertionError


@pytest.mark.requirement("RS-17")
def test_a_secret_is_rolled_out_without_ending_a_session() -> None:
    only_old, learning, switched, only_new = (
        codec(OLD),
        codec(OLD, NEW),
        codec(NEW, OLD),
        codec(NEW),
    )
    steps = [(only_old, learning), (learning, switched), (switched, only_new)]

    refused = [
        refuses(reader, writer.encode(TOKEN))
        for before, after in steps
        for writer, reader in ((before, after), (after, before), (before, before), (after, after))
    ]

    assert refused == [False] * len(refused)


def test_the_first_secret_writes() -> None:
    assert codec(NEW, OLD).encode(TOKEN) == codec(NEW).encode(TOKEN)


@pytest.mark.requirement("RS-17")
def test_a_dropped_secret_ends_all_its_sessions_at_once() -> None:
    assert refuses(codec(NEW), codec(OLD).encode(TOKEN))


def test_a_foreign_secret_is_refused_by_a_list() -> None:
    assert refuses(codec(NEW, OLD), codec(FOREIGN).encode(TOKEN))


def test_two_secrets_of_one_key_id_are_both_read() -> None:
    first, second = _two_secrets_of_one_id()
    both = codec(first, second)

    refused = [refuses(both, codec(secret).encode(TOKEN)) for secret in (first, second)]

    assert refused == [False, False]


def test_two_secrets_of_one_key_id_are_no_two_keys_for_one_token() -> None:
    first, second = _two_secrets_of_one_id()

    assert refuses(codec(first), codec(second).encode(TOKEN))


@pytest.mark.requirement("AT-3")
def test_another_installation_refuses_the_tokens_of_the_same_secret() -> None:
    staging = codec(SECRET, context="latchkey|staging")

    assert refuses(staging, codec(SECRET).encode(TOKEN))


@pytest.mark.requirement("AT-3")
def test_a_mac_of_another_purpose_is_refused() -> None:
    genuine = body(codec(SECRET).encode(TOKEN))
    key = hkdf(SECRET, b"refresh-mac/v1|" + CONTEXT.encode())

    forgeries = [
        forged(genuine, label=b""),
        forged(genuine, label=b"refresh/v2"),
        forged(genuine, key=SECRET),
        forged(genuine, key=hkdf(SECRET, b"refresh-key-id/v1|" + CONTEXT.encode())),
        forged(genuine, key=hkdf(SECRET, b"latchkey/refresh-secret/v1")),
        forged(genuine, key=hkdf(key, b"")),
    ]

    assert all(refuses(codec(SECRET), forgery) for forgery in forgeries)


def test_a_secret_derived_from_the_one_of_access_tokens_is_another_one() -> None:
    derived = refresh_secret(SECRET)

    assert len(derived) == 32
    assert refuses(codec(derived), codec(SECRET).encode(TOKEN))
    assert refuses(codec(SECRET), codec(derived).encode(TOKEN))


def test_a_refresh_token_is_no_access_token() -> None:
    access = JwtTokenService(access_keys(SECRET), "latchkey", "latchkey", timedelta(minutes=15))

    with pytest.raises(AccessTokenInvalidError):
        access.verify(codec(SECRET).encode(TOKEN), START)


def test_no_key_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="need a key"):
        codec()


@pytest.mark.parametrize("kid", ["", "8e8e", "latchkey"])
def test_a_key_whose_kid_is_not_one_byte_is_refused(kid: str) -> None:
    with pytest.raises(ValueError, match=r"unpack|hexadecimal"):
        HmacRefreshTokenCodec([HmacKey.of(SECRET, kid)])


def test_no_secret_is_shown() -> None:
    secret_key = hkdf(SECRET, b"refresh-mac/v1|" + CONTEXT.encode())

    shown = f"{codec(SECRET)!r} {vars(codec(SECRET))!r} {TOKEN!r}"

    assert not any(repr(secret)[2:-1] in shown for secret in (SECRET, secret_key, TOKEN.secret))
