"""What a codec for link tokens promises."""

import base64
import re
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from latchkey.domain.links.errors import LinkEndedError, LinkInvalidError
from latchkey.domain.links.link_end import LinkEnd
from latchkey.domain.links.link_token import LinkId, LinkKind, LinkToken, LinkTokenCodec
from latchkey.testing.factories import link_token
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.suite import any_adapter

_MICROSECOND: Final = timedelta(microseconds=1)
_URL_SAFE: Final = re.compile("[A-Za-z0-9_-]{100}")
_ANY_CHARACTER: Final = st.characters(exclude_categories=())
_TOKENS: Final = st.builds(
    LinkToken,
    kind=st.sampled_from(LinkKind),
    link_id=st.uuids().map(LinkId),
    password_version=st.integers(0, 2**32 - 1),
    expires_at=st.integers(1, 2**32 - 1).map(lambda at: datetime.fromtimestamp(at, UTC)),
    secret=st.binary(min_size=16, max_size=16),
)


def _is_refused(link_codec: LinkTokenCodec, encoded: str) -> bool:
    try:
        link_codec.decode(encoded, START)
    except LinkInvalidError:
        return True
    return False


class LinkTokenCodecSuite:
    """All that a codec for link tokens promises. Asks for `link_codec` and `foreign_link_codec`.

    `foreign_link_codec` differs from `link_codec` only in its secret.
    """

    @any_adapter
    @given(_TOKENS)
    def test_a_token_is_read_as_it_was_written(
        self, link_codec: LinkTokenCodec, token: LinkToken
    ) -> None:
        encoded = link_codec.encode(token)

        assert _URL_SAFE.fullmatch(encoded)
        assert link_codec.decode(encoded, token.expires_at - _MICROSECOND) == token

    def test_the_same_token_is_always_the_same_text(self, link_codec: LinkTokenCodec) -> None:
        token = link_token()
        again = link_codec.decode(link_codec.encode(token), START)

        assert link_codec.encode(again) == link_codec.encode(token)

    def test_each_link_has_a_text_of_its_own(self, link_codec: LinkTokenCodec) -> None:
        encoded = {link_codec.encode(link_token()) for _ in range(100)}

        assert len(encoded) == 100

    def test_a_token_is_over_at_its_expiry(self, link_codec: LinkTokenCodec) -> None:
        token = link_token()
        encoded = link_codec.encode(token)

        assert link_codec.decode(encoded, token.expires_at - _MICROSECOND) == token
        with pytest.raises(LinkEndedError) as ended:
            link_codec.decode(encoded, token.expires_at)
        assert ended.value.reason is LinkEnd.EXPIRED

    def test_a_token_with_any_one_bit_flipped_is_refused(self, link_codec: LinkTokenCodec) -> None:
        raw = int.from_bytes(base64.urlsafe_b64decode(link_codec.encode(link_token())))
        flipped = [(raw ^ (1 << bit)).to_bytes(75) for bit in range(600)]

        accepted = [
            bit
            for bit, forgery in enumerate(flipped)
            if not _is_refused(link_codec, base64.urlsafe_b64encode(forgery).decode())
        ]

        assert accepted == []

    @any_adapter
    @given(st.data())
    def test_a_token_with_another_character_is_refused(
        self, link_codec: LinkTokenCodec, data: st.DataObject
    ) -> None:
        encoded = link_codec.encode(link_token())
        at = data.draw(st.integers(0, len(encoded) - 1))
        other = data.draw(_ANY_CHARACTER)
        assume(other != encoded[at])

        with pytest.raises(LinkInvalidError):
            link_codec.decode(encoded[:at] + other + encoded[at + 1 :], START)

    @any_adapter
    @given(st.text(_ANY_CHARACTER) | st.from_regex(_URL_SAFE, fullmatch=True))
    def test_any_text_is_refused(self, link_codec: LinkTokenCodec, text: str) -> None:
        with pytest.raises(LinkInvalidError):
            link_codec.decode(text, START)

    @pytest.mark.parametrize("added", ["=", "A", "AAAA", " ", "\n", "\0"])
    def test_a_token_with_something_added_is_refused(
        self, link_codec: LinkTokenCodec, added: str
    ) -> None:
        encoded = link_codec.encode(link_token())

        assert _is_refused(link_codec, encoded + added)
        assert _is_refused(link_codec, added + encoded)

    def test_a_token_under_a_foreign_secret_is_refused(
        self, link_codec: LinkTokenCodec, foreign_link_codec: LinkTokenCodec
    ) -> None:
        with pytest.raises(LinkInvalidError):
            link_codec.decode(foreign_link_codec.encode(link_token()), START)
