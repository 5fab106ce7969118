"""What a codec for the challenges of passkeys promises."""

import base64
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Final
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latchkey.domain.accounts.user import UserId
from latchkey.domain.factors.errors import ChallengeEndedError, ChallengeInvalidError
from latchkey.domain.factors.passkey_challenge import (
    LIFETIME,
    CreationChallenge,
    PasskeyChallengeCodec,
)
from latchkey.domain.kernel.identifier import new_id, time_of
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.suite import any_adapter

_MICROSECOND: Final = timedelta(microseconds=1)
_URL_SAFE: Final = re.compile("[A-Za-z0-9_-]+")
_REQUESTS: Final = re.compile("[A-Za-z0-9_-]{64}")
_CREATIONS: Final = re.compile("[A-Za-z0-9_-]{128}")
_ANY_CHARACTER: Final = st.characters(exclude_categories=())


def _creation() -> CreationChallenge:
    return CreationChallenge.begin(UserId(uuid4()), None, START)


def _is_forged(decode: Callable[..., object], encoded: str) -> bool:
    try:
        decode(encoded, START)
    except ChallengeInvalidError as error:
        return not isinstance(error, ChallengeEndedError)
    return False


def _flipped(encoded: str) -> list[str]:
    """Return all texts that differ in one bit of what they encode."""
    raw = base64.urlsafe_b64decode(encoded)
    number, size = int.from_bytes(raw), len(raw)
    others = [(number ^ (1 << bit)).to_bytes(size) for bit in range(8 * size)]
    return [base64.urlsafe_b64encode(other).decode() for other in others]


class PasskeyChallengeCodecSuite:
    """All that a codec promises. Asks for `challenge_codec` and `foreign_challenge_codec`.

    `foreign_challenge_codec` differs from `challenge_codec` only in its secret.
    """

    def test_a_request_is_read_as_it_was_written(
        self, challenge_codec: PasskeyChallengeCodec
    ) -> None:
        challenge = new_id(START)

        encoded = challenge_codec.encode_request(challenge)

        assert _REQUESTS.fullmatch(encoded)
        assert challenge_codec.decode_request(encoded, START) == challenge

    def test_a_creation_is_read_as_it_was_written(
        self, challenge_codec: PasskeyChallengeCodec
    ) -> None:
        challenge = _creation()

        encoded = challenge_codec.encode_creation(challenge)

        assert _CREATIONS.fullmatch(encoded)
        assert challenge_codec.decode_creation(encoded, START) == challenge

    def test_a_request_is_over_when_its_lifetime_is(
        self, challenge_codec: PasskeyChallengeCodec
    ) -> None:
        challenge = new_id(START)
        encoded = challenge_codec.encode_request(challenge)
        end = time_of(challenge) + LIFETIME

        assert challenge_codec.decode_request(encoded, end - _MICROSECOND) == challenge
        with pytest.raises(ChallengeEndedError):
            challenge_codec.decode_request(encoded, end)

    def test_a_creation_is_over_when_its_lifetime_is(
        self, challenge_codec: PasskeyChallengeCodec
    ) -> None:
        challenge = _creation()
        encoded = challenge_codec.encode_creation(challenge)
        end = time_of(challenge.id) + LIFETIME

        assert challenge_codec.decode_creation(encoded, end - _MICROSECOND) == challenge
        with pytest.raises(ChallengeEndedError):
            challenge_codec.decode_creation(encoded, end)

    def test_neither_kind_is_taken_for_the_other(
        self, challenge_codec: PasskeyChallengeCodec
    ) -> None:
        request = challenge_codec.encode_request(new_id(START))
        creation = challenge_codec.encode_creation(_creation())

        assert _is_forged(challenge_codec.decode_creation, request)
        assert _is_forged(challenge_codec.decode_request, creation)

    def test_a_request_with_any_one_bit_flipped_is_refused(
        self, challenge_codec: PasskeyChallengeCodec
    ) -> None:
        forgeries = _flipped(challenge_codec.encode_request(new_id(START)))

        decode = challenge_codec.decode_request
        assert [each for each in forgeries if not _is_forged(decode, each)] == []

    def test_a_creation_with_any_one_bit_flipped_is_refused(
        self, challenge_codec: PasskeyChallengeCodec
    ) -> None:
        forgeries = _flipped(challenge_codec.encode_creation(_creation()))

        decode = challenge_codec.decode_creation
        assert [each for each in forgeries if not _is_forged(decode, each)] == []

    @any_adapter
    @given(
        st.text(_ANY_CHARACTER)
        | st.from_regex(_URL_SAFE, fullmatch=True)
        | st.from_regex(_REQUESTS, fullmatch=True)
        | st.from_regex(_CREATIONS, fullmatch=True)
    )
    def test_any_text_is_refused(self, challenge_codec: PasskeyChallengeCodec, text: str) -> None:
        assert _is_forged(challenge_codec.decode_request, text)
        assert _is_forged(challenge_codec.decode_creation, text)

    @pytest.mark.parametrize("added", ["=", "A", "AAAA", " ", "\n", "\0"])
    def test_a_challenge_with_something_added_is_refused(
        self, challenge_codec: PasskeyChallengeCodec, added: str
    ) -> None:
        request = challenge_codec.encode_request(new_id(START))
        creation = challenge_codec.encode_creation(_creation())

        for text in (request + added, added + request):
            assert _is_forged(challenge_codec.decode_request, text)
        for text in (creation + added, added + creation):
            assert _is_forged(challenge_codec.decode_creation, text)

    def test_a_challenge_of_another_key_is_refused(
        self,
        challenge_codec: PasskeyChallengeCodec,
        foreign_challenge_codec: PasskeyChallengeCodec,
    ) -> None:
        request = foreign_challenge_codec.encode_request(new_id(START))
        creation = foreign_challenge_codec.encode_creation(_creation())

        assert _is_forged(challenge_codec.decode_request, request)
        assert _is_forged(challenge_codec.decode_creation, creation)
