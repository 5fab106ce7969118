"""The wire form of challenges, and what is refused."""

import base64
from datetime import timedelta
from typing import Final
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latchkey.adapters.challenge_token import HmacPendingSignInCodec
from latchkey.adapters.keys import HmacKey, challenge_key, device_key
from latchkey.domain.accounts.user import UserId
from latchkey.domain.factors.errors import ChallengeEndedError, ChallengeInvalidError
from latchkey.domain.factors.pending_sign_in import PendingSignIn
from latchkey.testing.frozen_clock import START

SECRET, OTHER = b"s" * 32, b"o" * 32
ADA: Final = UserId(UUID("01890000-0000-7000-8000-000000000001"))
PENDING: Final = PendingSignIn(
    user_id=ADA,
    binding=bytes(range(10)),
    expires_at=(START + timedelta(minutes=5)).replace(microsecond=0),
)
CODEC: Final = HmacPendingSignInCodec([challenge_key(SECRET, "test")])
SECOND: Final = timedelta(seconds=1)


def signed(body: bytes) -> str:
    """Authenticate any body with the genuine key."""
    mac = challenge_key(SECRET, "test").sign(b"challenge/v1" + body)
    return base64.urlsafe_b64encode(body + mac).decode()


def assert_forged(text: str, codec: HmacPendingSignInCodec = CODEC) -> None:
    with pytest.raises(ChallengeInvalidError) as refused:
        codec.decode(text, START)
    assert type(refused.value) is ChallengeInvalidError


def test_the_bytes_are_those_of_the_contract() -> None:
    raw = base64.urlsafe_b64decode(CODEC.encode(PENDING))

    expiry = int(PENDING.expires_at.timestamp()).to_bytes(4, "big")
    assert raw[:-32] == b"\x01" + ADA.bytes + bytes(range(10)) + expiry
    assert signed(raw[:-32]) == CODEC.encode(PENDING)


@given(st.uuids(), st.binary(min_size=10, max_size=10), st.integers(1, 2**31 - 1))
def test_a_challenge_is_read_as_it_was_written(user: UUID, binding: bytes, seconds: int) -> None:
    expires_at = START.replace(microsecond=0) + timedelta(seconds=seconds)
    pending = PendingSignIn(user_id=UserId(user), binding=binding, expires_at=expires_at)

    encoded = CODEC.encode(pending)

    assert len(encoded) == 84
    assert CODEC.decode(encoded, START) == pending


@pytest.mark.parametrize("bit", range(63 * 8))
def test_a_challenge_with_any_bit_changed_is_forged(bit: int) -> None:
    raw = bytearray(base64.urlsafe_b64decode(CODEC.encode(PENDING)))
    raw[bit // 8] ^= 1 << bit % 8

    assert_forged(base64.urlsafe_b64encode(raw).decode())


@pytest.mark.parametrize("text", ["", "x", "A" * 84, "A" * 83, "é" * 84, "\n" * 84, "=" * 84])
def test_any_other_text_is_forged(text: str) -> None:
    assert_forged(text)


@pytest.mark.parametrize("end", ["\n", " ", "=", "A"])
def test_a_challenge_has_one_spelling(end: str) -> None:
    assert_forged(CODEC.encode(PENDING) + end)


def test_another_version_is_forged_with_a_true_mac() -> None:
    body = base64.urlsafe_b64decode(CODEC.encode(PENDING))[:-32]

    assert_forged(signed(b"\x02" + body[1:]))


def test_a_challenge_is_good_until_it_expires() -> None:
    encoded = CODEC.encode(PENDING)
    end = PENDING.expires_at

    assert CODEC.decode(encoded, end - SECOND) == PENDING
    with pytest.raises(ChallengeEndedError):
        CODEC.decode(encoded, end)


def test_the_first_key_writes_and_all_read() -> None:
    old, new = challenge_key(SECRET, "test"), challenge_key(OTHER, "test")
    rotated = HmacPendingSignInCodec([new, old])

    assert rotated.decode(CODEC.encode(PENDING), START) == PENDING
    assert_forged(rotated.encode(PENDING))


def test_a_codec_needs_a_key() -> None:
    with pytest.raises(ValueError, match="need a key"):
        HmacPendingSignInCodec([])


@pytest.mark.parametrize(
    "key",
    [challenge_key(OTHER, "test"), challenge_key(SECRET, "live"), device_key(SECRET, "test")],
    ids=["another secret", "another installation", "another purpose"],
)
def test_every_secret_installation_and_purpose_has_a_key_of_its_own(key: HmacKey) -> None:
    assert_forged(CODEC.encode(PENDING), HmacPendingSignInCodec([key]))
