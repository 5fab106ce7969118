"""The wire form of refresh tokens, and the keys that write and read it."""

import base64
import hmac
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Final
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.jwt import JwtTokenService
from adapters.refresh_token import HmacRefreshTokenCodec, derived_refresh_secret
from adapters.refresh_token.keys import MacKey
from domain.errors import AccessTokenInvalidError, RefreshTokenInvalidError
from domain.token import RefreshToken, SessionId
from frozen_clock import START

SECRET: Final = b"a secret of more than thirty-two bytes"
OLD, NEW, FOREIGN = (bytes([letter]) * 32 for letter in b"onf")
CONTEXT: Final = "latchkey|test"
BODY: Final = 43
TOKEN: Final = RefreshToken(
    session_id=SessionId(UUID("0198c0de-0000-7000-8000-00000000abcd")),
    generation=7,
    expires_at=datetime(2026, 4, 1, tzinfo=UTC),
    secret=bytes(range(16)),
)
SECOND: Final = timedelta(seconds=1)


def _codec(*secrets: bytes, context: str = CONTEXT) -> HmacRefreshTokenCodec:
    return HmacRefreshTokenCodec(secrets, context)


def _refuses(codec: HmacRefreshTokenCodec, encoded: str) -> bool:
    try:
        codec.decode(encoded, START)
    except RefreshTokenInvalidError:
        return True
    return False


def _hkdf(secret: bytes, info: bytes) -> bytes:
    return hmac.digest(hmac.digest(b"", secret, "sha256"), info + b"\x01", "sha256")


def _forged(body: bytes, key: bytes | None = None, label: bytes = b"refresh/v1") -> str:
    """Write any body, by default with the real key and label."""
    key = key or _hkdf(SECRET, b"refresh-mac/v1|" + CONTEXT.encode())
    return base64.urlsafe_b64encode(body + hmac.digest(key, label + body, "sha256")).decode()


def _body(encoded: str) -> bytes:
    return base64.urlsafe_b64decode(encoded)[:BODY]


def _two_secrets_of_one_id() -> tuple[bytes, bytes]:
    seen: dict[int, bytes] = {}
    for secret in (number.to_bytes(32) for number in count()):
        key_id = MacKey.derive(secret, CONTEXT).id
        if key_id in seen:
            return seen[key_id], secret
        seen[key_id] = secret
    raise AssertionError


def test_the_bytes_are_those_of_the_contract() -> None:
    body = _body(_codec(SECRET).encode(TOKEN))

    assert (
        body
        == (
            b"\x01"  # version
            + _hkdf(SECRET, b"refresh-key-id/v1|" + CONTEXT.encode())[:1]
            + b"\x00"  # flags
            + bytes.fromhex("0198c0de00007000800000000000abcd")
            + bytes.fromhex("00000007")
            + bytes.fromhex("69cc6000")  # 2026-04-01T00:00:00Z
            + bytes.fromhex("000102030405060708090a0b0c0d0e0f")
        )
    )


def test_the_mac_is_that_of_the_contract() -> None:
    encoded = _codec(SECRET).encode(TOKEN)

    assert encoded == _forged(_body(encoded))


def test_a_token_stays_the_same_from_release_to_release() -> None:
    assert _codec(SECRET).encode(TOKEN) == (
        "AY4AAZjA3gAAcACAAAAAAACrzQAAAAdpzGAAAAECAwQFBgcICQoLDA0OD9Pu7bd8"
        "tiFqq-jvDzeHrJnPk3glJvmmLZRE19q9VZ1v"
    )


@given(
    st.builds(
        RefreshToken,
        session_id=st.uuids().map(SessionId),
        generation=st.integers(0, 2**32 - 1),
        expires_at=st.integers(1, 2**32 - 1).map(lambda at: datetime.fromtimestamp(at, UTC)),
        secret=st.binary(min_size=16, max_size=16),
    )
)
def test_every_token_of_the_wire_form_is_read_as_it_was_written(token: RefreshToken) -> None:
    codec = _codec(SECRET)

    assert codec.decode(codec.encode(token), token.expires_at - SECOND) == token


@pytest.mark.parametrize("version", [0, 2, 255])
def test_another_version_is_refused_with_a_true_mac(version: int) -> None:
    body = _body(_codec(SECRET).encode(TOKEN))

    assert _refuses(_codec(SECRET), _forged(bytes([version]) + body[1:]))


@pytest.mark.parametrize("flags", [1, 2, 128, 255])
def test_any_flag_is_refused_with_a_true_mac(flags: int) -> None:
    body = _body(_codec(SECRET).encode(TOKEN))

    assert _refuses(_codec(SECRET), _forged(body[:2] + bytes([flags]) + body[3:]))


def test_another_key_id_is_refused_with_a_true_mac() -> None:
    body = _body(_codec(SECRET).encode(TOKEN))
    others = (bytes([key_id]) for key_id in range(256) if key_id != body[1])

    accepted = [
        other
        for other in others
        if not _refuses(_codec(SECRET), _forged(body[:1] + other + body[2:]))
    ]

    assert accepted == []


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: text[:-1], id="a character less"),
        pytest.param(lambda text: text + "A", id="a character more"),
        pytest.param(lambda text: text + "AAAA", id="three bytes more"),
        pytest.param(lambda text: text[:-4], id="three bytes less"),
        pytest.param(lambda text: text + "=", id="padding"),
        pytest.param(lambda text: text[:-1] + "=", id="padding within the length"),
        pytest.param(lambda text: text + "\n", id="line"),
        pytest.param(lambda text: text[:-1] + "\n", id="line within the length"),
        pytest.param(lambda text: " " + text, id="blank"),
        pytest.param(lambda text: f'"{text}"', id="quoted"),
        pytest.param(lambda text: f"%{ord(text[0]):02X}{text[1:]}", id="percent-encoded"),
        pytest.param(lambda text: text.replace("-", "+"), id="the standard alphabet's plus"),
        pytest.param(lambda text: text.replace("_", "/"), id="the standard alphabet's slash"),
        pytest.param(lambda text: "+" + text[1:], id="plus"),
        pytest.param(lambda text: "/" + text[1:], id="slash"),
        pytest.param(lambda text: "ä" + text[1:], id="accented"),
        pytest.param(lambda text: "\uff21" + text[1:], id="full-width"),
        pytest.param(lambda text: "\udc80" + text[1:], id="lone surrogate"),
        pytest.param(lambda text: "\0" + text[1:], id="nul"),
        pytest.param(lambda text: text[:50] + text[50:].swapcase(), id="swapped case"),
        pytest.param(lambda text: f"{text},{text}", id="two"),
        pytest.param(lambda _: "", id="nothing"),
        pytest.param(lambda _: "A" * 100, id="zeros"),
        pytest.param(lambda _: "A" * 2**20, id="1 MiB"),
    ],
)
def test_another_spelling_is_refused(change: Callable[[str], str]) -> None:
    codec = _codec(SECRET)
    encoded = codec.encode(TOKEN.with_generation(8))  # has - and _ in it
    assert change(encoded) != encoded

    with pytest.raises(RefreshTokenInvalidError):
        codec.decode(change(encoded), START)


@given(
    st.text(st.characters(exclude_categories=()))
    | st.from_regex("[A-Za-z0-9_-]{100}", fullmatch=True)
)
def test_any_text_is_refused(text: str) -> None:
    with pytest.raises(RefreshTokenInvalidError):
        _codec(SECRET).decode(text, START)


def test_a_token_is_dead_at_its_absolute_expiry_and_not_before() -> None:
    codec = _codec(SECRET)
    encoded = codec.encode(TOKEN)

    assert codec.decode(encoded, TOKEN.expires_at - timedelta(microseconds=1)) == TOKEN
    with pytest.raises(RefreshTokenInvalidError):
        codec.decode(encoded, TOKEN.expires_at)


def test_a_secret_is_rolled_out_without_ending_a_session() -> None:
    only_old, learning, switched, only_new = (
        _codec(OLD),
        _codec(OLD, NEW),
        _codec(NEW, OLD),
        _codec(NEW),
    )
    steps = [(only_old, learning), (learning, switched), (switched, only_new)]

    refused = [
        _refuses(reader, writer.encode(TOKEN))
        for before, after in steps
        for writer, reader in ((before, after), (after, before), (before, before), (after, after))
    ]

    assert refused == [False] * len(refused)


def test_the_first_secret_writes() -> None:
    assert _codec(NEW, OLD).encode(TOKEN) == _codec(NEW).encode(TOKEN)


def test_a_dropped_secret_ends_all_its_sessions_at_once() -> None:
    assert _refuses(_codec(NEW), _codec(OLD).encode(TOKEN))


def test_a_foreign_secret_is_refused_by_a_list() -> None:
    assert _refuses(_codec(NEW, OLD), _codec(FOREIGN).encode(TOKEN))


def test_two_secrets_of_one_key_id_are_both_read() -> None:
    first, second = _two_secrets_of_one_id()
    both = _codec(first, second)

    refused = [_refuses(both, _codec(secret).encode(TOKEN)) for secret in (first, second)]

    assert refused == [False, False]


def test_two_secrets_of_one_key_id_are_no_two_keys_for_one_token() -> None:
    first, second = _two_secrets_of_one_id()

    assert _refuses(_codec(first), _codec(second).encode(TOKEN))


def test_another_installation_refuses_the_tokens_of_the_same_secret() -> None:
    staging = _codec(SECRET, context="latchkey|staging")

    assert _refuses(staging, _codec(SECRET).encode(TOKEN))


def test_a_mac_of_another_purpose_is_refused() -> None:
    body = _body(_codec(SECRET).encode(TOKEN))
    key = _hkdf(SECRET, b"refresh-mac/v1|" + CONTEXT.encode())

    forgeries = [
        _forged(body, label=b""),
        _forged(body, label=b"refresh/v2"),
        _forged(body, key=SECRET),
        _forged(body, key=_hkdf(SECRET, b"refresh-key-id/v1|" + CONTEXT.encode())),
        _forged(body, key=_hkdf(SECRET, b"latchkey/refresh-secret/v1")),
        _forged(body, key=_hkdf(key, b"")),
    ]

    assert all(_refuses(_codec(SECRET), forgery) for forgery in forgeries)


def test_a_secret_derived_from_the_one_of_access_tokens_is_another_one() -> None:
    derived = derived_refresh_secret(SECRET)

    assert len(derived) == 32
    assert _refuses(_codec(derived), _codec(SECRET).encode(TOKEN))
    assert _refuses(_codec(SECRET), _codec(derived).encode(TOKEN))


def test_a_derived_secret_stays_the_same_from_release_to_release() -> None:
    assert derived_refresh_secret(SECRET) == _hkdf(SECRET, b"latchkey/refresh-secret/v1")


def test_a_refresh_token_is_no_access_token() -> None:
    access = JwtTokenService([SECRET], "latchkey", "latchkey", timedelta(minutes=15))

    with pytest.raises(AccessTokenInvalidError):
        access.verify(_codec(SECRET).encode(TOKEN), START)


def test_a_secret_of_31_bytes_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        _codec(b"s" * 31)


def test_no_secret_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="need a secret"):
        _codec()


def test_no_secret_is_shown() -> None:
    codec, key = _codec(SECRET), MacKey.derive(SECRET, CONTEXT)

    shown = f"{codec!r} {key!r} {key} {TOKEN!r}"

    assert not any(repr(secret)[2:-1] in shown for secret in (SECRET, key.key, TOKEN.secret))
