"""The wire form of passkeys' challenges, and what is refused."""

from datetime import timedelta
from typing import Final
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latchkey.adapters.keys import challenge_key, passkey_challenge_key
from latchkey.adapters.passkey_challenge import HmacPasskeyChallengeCodec
from latchkey.domain.accounts.user import UserId
from latchkey.domain.factors.errors import ChallengeEndedError, ChallengeInvalidError
from latchkey.domain.factors.passkey_challenge import LIFETIME, CreationChallenge
from latchkey.domain.kernel.identifier import new_id
from latchkey.testing.frozen_clock import START

SECRET, OTHER = b"s" * 32, b"o" * 32
ADA: Final = UserId(UUID("01890000-0000-7000-8000-000000000001"))
CODEC: Final = HmacPasskeyChallengeCodec([passkey_challenge_key(SECRET, "test")])
REQUEST: Final = new_id(START)
CREATION: Final = CreationChallenge.begin(ADA, None, START)
MILLISECOND: Final = timedelta(milliseconds=1)


def assert_forged(text: str, codec: HmacPasskeyChallengeCodec = CODEC) -> None:
    for decode in (codec.decode_request, codec.decode_creation):
        with pytest.raises(ChallengeInvalidError) as refused:
            decode(text, START)
        assert type(refused.value) is ChallengeInvalidError


def test_what_was_encoded_is_decoded_until_it_expires() -> None:
    request, creation = CODEC.encode_request(REQUEST), CODEC.encode_creation(CREATION)
    last = START + LIFETIME - MILLISECOND

    assert (len(request), len(creation)) == (64, 128)
    assert CODEC.decode_request(request, last) == REQUEST
    assert CODEC.decode_creation(creation, last) == CREATION
    with pytest.raises(ChallengeEndedError):
        CODEC.decode_request(request, START + LIFETIME)
    with pytest.raises(ChallengeEndedError):
        CODEC.decode_creation(creation, START + LIFETIME)


def test_neither_kind_is_taken_for_the_other() -> None:
    with pytest.raises(ChallengeInvalidError):
        CODEC.decode_creation(CODEC.encode_request(REQUEST), START)
    with pytest.raises(ChallengeInvalidError):
        CODEC.decode_request(CODEC.encode_creation(CREATION), START)


@given(st.integers(0, 127), st.sampled_from("ABCDEFGHabcdefgh0123-_"))
def test_no_character_can_be_changed(place: int, other: str) -> None:
    for text in (CODEC.encode_request(REQUEST), CODEC.encode_creation(CREATION)):
        at = place % len(text)
        if text[at] != other:
            assert_forged(text[:at] + other + text[at + 1 :])


@given(st.text() | st.text("AZaz09-_", min_size=64, max_size=64))
def test_any_other_text_is_refused(text: str) -> None:
    assert_forged(text)


def test_a_retired_key_reads_and_a_foreign_one_does_not() -> None:
    old, new = (passkey_challenge_key(each, "test") for each in (SECRET, OTHER))
    encoded = CODEC.encode_request(REQUEST)

    assert HmacPasskeyChallengeCodec([new, old]).decode_request(encoded, START) == REQUEST
    assert_forged(encoded, HmacPasskeyChallengeCodec([new]))
    assert_forged(encoded, HmacPasskeyChallengeCodec([challenge_key(SECRET, "test")]))
    with pytest.raises(ValueError, match="key"):
        HmacPasskeyChallengeCodec([])
