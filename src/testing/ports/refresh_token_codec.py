"""What a codec for refresh tokens promises."""

import base64
import re
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from latchkey.domain.factors.authentication import Means
from latchkey.domain.sessions.errors import RefreshTokenInvalidError
from latchkey.domain.sessions.refresh_token import RefreshToken, RefreshTokenCodec
from latchkey.domain.sessions.session_id import SessionId
from latchkey.testing.factories import refresh_token
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.suite import any_adapter

_MICROSECOND: Final = timedelta(microseconds=1)
_URL_SAFE: Final = re.compile("[A-Za-z0-9_-]{100}")
_ANY_CHARACTER: Final = st.characters(exclude_categories=())
_TOKENS: Final = st.builds(
    RefreshToken,
    session_id=st.uuids().map(SessionId),
    generation=st.integers(0, 2**32 - 1),
    expires_at=st.integers(1, 2**32 - 1).map(lambda at: datetime.fromtimestamp(at, UTC)),
    secret=st.binary(min_size=16, max_size=16),
    means=st.sampled_from(Means),
)


def _is_refused(codec: RefreshTokenCodec, encoded: str) -> bool:
    try:
        codec.decode(encoded, START)
    except RefreshTokenInvalidError:
        return True
    return False


class RefreshTokenCodecSuite:
    """All that a codec for refresh tokens promises. Asks for `codec` and `foreign_codec`.

    `foreign_codec` differs from `codec` only in its secret.
    """

    @any_adapter
    @given(_TOKENS)
    def test_a_token_is_read_as_it_was_written(
        self, codec: RefreshTokenCodec, token: RefreshToken
    ) -> None:
        encoded = codec.encode(token)

        assert _URL_SAFE.fullmatch(encoded)
        assert codec.decode(encoded, token.expires_at - _MICROSECOND) == token

    def test_the_same_token_is_always_the_same_text(self, codec: RefreshTokenCodec) -> None:
        token = refresh_token(generation=3)
        again = codec.decode(codec.encode(token), START)

        assert codec.encode(again) == codec.encode(token)

    def test_each_generation_has_a_text_of_its_own(self, codec: RefreshTokenCodec) -> None:
        token = refresh_token()

        encoded = {codec.encode(token.with_generation(number)) for number in range(100)}

        assert len(encoded) == 100

    def test_a_token_dies_at_its_absolute_expiry(self, codec: RefreshTokenCodec) -> None:
        token = refresh_token()
        encoded = codec.encode(token)

        assert codec.decode(encoded, token.expires_at - _MICROSECOND) == token
        with pytest.raises(RefreshTokenInvalidError):
            codec.decode(encoded, token.expires_at)

    @pytest.mark.requirement("RS-7")
    def test_a_token_with_any_one_bit_flipped_is_refused(self, codec: RefreshTokenCodec) -> None:
        raw = int.from_bytes(base64.urlsafe_b64decode(codec.encode(refresh_token())))
        flipped = [(raw ^ (1 << bit)).to_bytes(75) for bit in range(600)]

        accepted = [
            bit
            for bit, forgery in enumerate(flipped)
            if not _is_refused(codec, base64.urlsafe_b64encode(forgery).decode())
        ]

        assert accepted == []

    @any_adapter
    @given(st.data())
    def test_a_token_with_another_character_is_refused(
        self, codec: RefreshTokenCodec, data: st.DataObject
    ) -> None:
        encoded = codec.encode(refresh_token())
        at = data.draw(st.integers(0, len(encoded) - 1))
        other = data.draw(_ANY_CHARACTER)
        assume(other != encoded[at])

        with pytest.raises(RefreshTokenInvalidError):
            codec.decode(encoded[:at] + other + encoded[at + 1 :], START)

    @any_adapter
    @given(st.text(_ANY_CHARACTER) | st.from_regex(_URL_SAFE, fullmatch=True))
    def test_any_text_is_refused(self, codec: RefreshTokenCodec, text: str) -> None:
        with pytest.raises(RefreshTokenInvalidError):
            codec.decode(text, START)

    @pytest.mark.parametrize("added", ["=", "A", "AAAA", " ", "\n", "\0"])
    def test_a_token_with_something_added_is_refused(
        self, codec: RefreshTokenCodec, added: str
    ) -> None:
        encoded = codec.encode(refresh_token())

        assert _is_refused(codec, encoded + added)
        assert _is_refused(codec, added + encoded)

    def test_a_token_under_a_foreign_secret_is_refused(
        self, codec: RefreshTokenCodec, foreign_codec: RefreshTokenCodec
    ) -> None:
        with pytest.raises(RefreshTokenInvalidError):
            codec.decode(foreign_codec.encode(refresh_token()), START)
