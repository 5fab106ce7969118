"""The wire form of link tokens, and the keys that they are written and read with."""

import base64
from typing import Final
from urllib.parse import quote

import pytest

from latchkey.adapters.keys import HmacKey, SigningKey
from latchkey.adapters.link_token import HmacLinkTokenCodec
from latchkey.adapters.refresh_token import HmacRefreshTokenCodec
from latchkey.domain.links.errors import LinkInvalidError
from latchkey.domain.links.link_token import LinkKind
from latchkey.domain.sessions.errors import RefreshTokenInvalidError
from latchkey.testing.factories import link_token, refresh_token
from latchkey.testing.frozen_clock import START
from token_keys import link_keys, refresh_keys

OURS, OLD = (bytes([letter]) * 32 for letter in b"uo")
KID: Final = "2a"


def twins() -> list[SigningKey]:
    """Make two keys with one `kid`, as two secrets have by chance."""
    return [HmacKey.of(secret, kid=KID) for secret in (OURS, OLD)]


def test_a_token_is_written_as_documented() -> None:
    [key] = link_keys(OURS)
    token = link_token()

    raw = base64.urlsafe_b64decode(HmacLinkTokenCodec([key]).encode(token))

    body = b"".join(
        (
            bytes((1, *bytes.fromhex(key.verifying.kid), 1)),
            token.link_id.bytes,
            token.password_version.to_bytes(4),
            int(token.expires_at.timestamp()).to_bytes(4),
            token.secret,
        )
    )
    assert raw == body + key.sign(b"link/v1" + body)


@pytest.mark.parametrize("position", [0, 2], ids=["version", "kind"])
def test_an_unknown_version_or_kind_is_refused_whoever_has_signed_it(position: int) -> None:
    [key] = link_keys(OURS)
    codec = HmacLinkTokenCodec([key])
    body = bytearray(base64.urlsafe_b64decode(codec.encode(link_token()))[:43])
    body[position] += len(LinkKind)

    signed = bytes(body) + key.sign(b"link/v1" + bytes(body))

    with pytest.raises(LinkInvalidError):
        codec.decode(base64.urlsafe_b64encode(signed).decode(), START)


@pytest.mark.parametrize("writes", [0, 1])
def test_each_of_two_keys_with_one_kid_is_read(writes: int) -> None:
    keys, token = twins(), link_token()

    encoded = HmacLinkTokenCodec([keys[writes]]).encode(token)

    assert HmacLinkTokenCodec(keys).decode(encoded, START) == token


def test_a_link_of_before_a_rotation_is_read_and_the_new_key_writes() -> None:
    before, during = HmacLinkTokenCodec(link_keys(OLD)), HmacLinkTokenCodec(link_keys(OURS, OLD))
    after, token = HmacLinkTokenCodec(link_keys(OURS)), link_token()

    assert during.decode(before.encode(token), START) == token
    assert after.decode(during.encode(token), START) == token
    with pytest.raises(LinkInvalidError):
        after.decode(before.encode(token), START)


def test_no_refresh_token_is_a_link_and_no_link_a_refresh_token() -> None:
    links, sessions = HmacLinkTokenCodec(link_keys(OURS)), HmacRefreshTokenCodec(refresh_keys(OURS))

    with pytest.raises(LinkInvalidError):
        links.decode(sessions.encode(refresh_token()), START)
    with pytest.raises(RefreshTokenInvalidError):
        sessions.decode(links.encode(link_token()), START)


def test_even_with_one_key_no_refresh_token_is_a_link_and_no_link_a_refresh_token() -> None:
    keys = twins()[:1]
    links, sessions = HmacLinkTokenCodec(keys), HmacRefreshTokenCodec(keys)

    with pytest.raises(LinkInvalidError):
        links.decode(sessions.encode(refresh_token()), START)
    with pytest.raises(RefreshTokenInvalidError):
        sessions.decode(links.encode(link_token()), START)


def test_there_must_be_a_key() -> None:
    with pytest.raises(ValueError, match="need a key"):
        HmacLinkTokenCodec([])


def test_a_program_that_escapes_the_address_leaves_the_token_whole() -> None:
    encoded = HmacLinkTokenCodec(link_keys(OURS)).encode(link_token())

    assert quote(quote(encoded, safe=""), safe="") == encoded
