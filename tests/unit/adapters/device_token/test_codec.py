"""The wire form of device tokens, and what is refused."""

import base64
import hmac
from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latchkey.adapters.device_token import HmacDeviceTokenCodec
from latchkey.adapters.keys import HmacKey, device_key
from latchkey.domain.throttling.device import Device
from latchkey.testing.frozen_clock import START

SECRET, OTHER = b"s" * 32, b"o" * 32
ADA: Final = "ada@example.org"
PHONE: Final = Device(
    id=bytes(range(16)),
    password_version=7,
    expires_at=(START + timedelta(days=400)).replace(microsecond=0),
)
CODEC: Final = HmacDeviceTokenCodec([device_key(SECRET, "test")])
SECOND: Final = timedelta(seconds=1)


def signed(body: bytes, account: str = ADA) -> str:
    """Authenticate any body with the genuine key."""
    mac = device_key(SECRET, "test").sign(b"device/v1" + body + account.encode())
    return base64.urlsafe_b64encode(body + mac).decode()


def test_the_bytes_are_those_of_the_contract() -> None:
    raw = base64.urlsafe_b64decode(CODEC.encode(PHONE, ADA))

    expiry = int(PHONE.expires_at.timestamp()).to_bytes(4, "big")
    assert raw[:-32] == b"\x01" + bytes(range(16)) + b"\x00\x00\x00\x07" + expiry
    assert signed(raw[:-32]) == CODEC.encode(PHONE, ADA)


@given(
    st.binary(min_size=16, max_size=16),
    st.integers(0, 2**31 - 1),
    st.integers(1, 2**31 - 1),
    st.text(st.characters()),
)
def test_a_token_is_read_as_it_was_written(
    device_id: bytes, version: int, seconds: int, account: str
) -> None:
    expires_at = START.replace(microsecond=0) + timedelta(seconds=seconds)
    device = Device(id=device_id, password_version=version, expires_at=expires_at)

    encoded = CODEC.encode(device, account)

    assert len(encoded) == 76
    assert CODEC.decode(encoded, account, START) == device


@pytest.mark.requirement("LG-6")
@pytest.mark.parametrize("account", ["bob@example.org", "", "ada@example.or", "ADA@example.org"])
def test_a_device_of_another_account_is_unknown(account: str) -> None:
    assert CODEC.decode(CODEC.encode(PHONE, account), ADA, START) is None


@pytest.mark.parametrize("bit", range(57 * 8))
def test_a_token_with_any_bit_changed_is_unknown(bit: int) -> None:
    raw = bytearray(base64.urlsafe_b64decode(CODEC.encode(PHONE, ADA)))
    raw[bit // 8] ^= 1 << bit % 8

    assert CODEC.decode(base64.urlsafe_b64encode(raw).decode(), ADA, START) is None


@pytest.mark.parametrize("text", ["", "x", "A" * 76, "A" * 75, "é" * 76, "\n" * 76, "=" * 76])
def test_any_other_text_is_unknown(text: str) -> None:
    assert CODEC.decode(text, ADA, START) is None


@pytest.mark.parametrize("end", ["\n", " ", "=", "A"])
def test_a_token_has_one_spelling(end: str) -> None:
    assert CODEC.decode(CODEC.encode(PHONE, ADA) + end, ADA, START) is None


def test_another_version_is_unknown_with_a_true_mac() -> None:
    body = base64.urlsafe_b64decode(CODEC.encode(PHONE, ADA))[:-32]

    assert CODEC.decode(signed(b"\x02" + body[1:]), ADA, START) is None


def test_a_device_is_known_until_it_expires() -> None:
    encoded = CODEC.encode(PHONE, ADA)

    assert CODEC.decode(encoded, ADA, PHONE.expires_at - SECOND) == PHONE
    assert CODEC.decode(encoded, ADA, PHONE.expires_at) is None


def test_the_first_key_writes_and_all_read() -> None:
    old, new = device_key(SECRET, "test"), device_key(OTHER, "test")
    rotated = HmacDeviceTokenCodec([new, old])

    assert rotated.decode(CODEC.encode(PHONE, ADA), ADA, START) == PHONE
    assert CODEC.decode(rotated.encode(PHONE, ADA), ADA, START) is None


def test_a_codec_needs_a_key() -> None:
    with pytest.raises(ValueError, match="need a key"):
        HmacDeviceTokenCodec([])


@pytest.mark.parametrize("key", [device_key(OTHER, "test"), device_key(SECRET, "live")])
def test_other_secrets_and_installations_have_other_keys(key: HmacKey) -> None:
    assert HmacDeviceTokenCodec([key]).decode(CODEC.encode(PHONE, ADA), ADA, START) is None


def test_a_login_keeps_a_known_device_and_makes_an_unknown_one_up() -> None:
    later = START + timedelta(days=30)

    known = Device.after_login(PHONE, 8, later)
    one, other = (Device.after_login(None, 8, later) for _ in range(2))

    expires_at = (later + timedelta(days=400)).replace(microsecond=0)
    assert known == replace(PHONE, password_version=8, expires_at=expires_at)
    assert not hmac.compare_digest(one.id, other.id)
    assert (len(one.id), one.expires_at) == (16, expires_at)
