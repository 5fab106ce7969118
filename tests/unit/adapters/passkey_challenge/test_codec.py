"""Keys of passkeys' challenges: what is retired reads, and what is for something else does not."""

import pytest

from latchkey.adapters.keys import challenge_key, passkey_challenge_key
from latchkey.adapters.passkey_challenge import HmacPasskeyChallengeCodec
from latchkey.domain.factors.errors import ChallengeInvalidError
from latchkey.domain.kernel.identifier import new_id
from latchkey.testing.frozen_clock import START

SECRET, OTHER = b"s" * 32, b"o" * 32


def test_a_retired_key_reads_and_one_for_something_else_does_not() -> None:
    old, new = (passkey_challenge_key(each, "test") for each in (SECRET, OTHER))
    request = new_id(START)
    encoded = HmacPasskeyChallengeCodec([old]).encode_request(request)

    assert HmacPasskeyChallengeCodec([new, old]).decode_request(encoded, START) == request
    with pytest.raises(ChallengeInvalidError):
        HmacPasskeyChallengeCodec([challenge_key(SECRET, "test")]).decode_request(encoded, START)


def test_without_a_key_there_is_no_codec() -> None:
    with pytest.raises(ValueError, match="key"):
        HmacPasskeyChallengeCodec([])
