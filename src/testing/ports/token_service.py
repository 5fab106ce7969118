"""What a service for access tokens promises."""

from datetime import timedelta
from typing import Final
from uuid import UUID

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from latchkey.domain.accounts.user import Role, UserId
from latchkey.domain.factors.authentication import Means
from latchkey.domain.sessions.access_token import Principal, TokenService
from latchkey.domain.sessions.errors import AccessTokenInvalidError
from latchkey.domain.sessions.session_id import SessionId
from latchkey.testing.factories import PrincipalFactory
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.suite import any_adapter

_MICROSECOND: Final = timedelta(microseconds=1)
_ANY_TEXT: Final = st.text(st.characters(exclude_categories=()))
_PRINCIPALS: Final = st.builds(
    Principal,
    id=st.uuids().map(UserId),
    email=st.text(min_size=1, max_size=63),  # of four bytes each: at most 254
    role=st.sampled_from(Role),
    session_id=st.uuids().map(SessionId),
    means=st.sampled_from(Means),
)


class TokenServiceSuite:
    """All that a service for access tokens promises.

    Asks for `tokens`, `tokens_elsewhere` and `foreign_tokens`. `tokens_elsewhere` differs from
    `tokens` only in its audience, `elsewhere`; `foreign_tokens` only in its secret.
    """

    @any_adapter
    @given(_PRINCIPALS)
    def test_a_token_says_who_it_was_issued_for(
        self, tokens: TokenService, principal: Principal
    ) -> None:
        token = tokens.issue(principal, START)

        assert tokens.verify(token.encoded, START) == principal

    def test_an_identifier_comes_back_as_one(self, tokens: TokenService) -> None:
        verified = tokens.verify(tokens.issue(PrincipalFactory.build(), START).encoded, START)

        assert (type(verified.id), type(verified.session_id)) == (UUID, UUID)

    def test_a_token_expires_when_it_says(self, tokens: TokenService) -> None:
        principal = PrincipalFactory.build()
        token = tokens.issue(principal, START.replace(microsecond=0))
        expiry = START.replace(microsecond=0) + token.expires_in

        assert tokens.verify(token.encoded, expiry - _MICROSECOND) == principal
        with pytest.raises(AccessTokenInvalidError):
            tokens.verify(token.encoded, expiry)

    def test_a_token_lasts_for_whole_seconds(self, tokens: TokenService) -> None:
        token = tokens.issue(PrincipalFactory.build(), START)

        assert token.expires_in > timedelta(0)
        assert token.expires_in % timedelta(seconds=1) == timedelta(0)

    def test_no_two_tokens_are_equal(self, tokens: TokenService) -> None:
        principal = PrincipalFactory.build()

        encoded = {tokens.issue(principal, START).encoded for _ in range(100)}

        assert len(encoded) == 100

    def test_a_token_fits_into_a_header(self, tokens: TokenService) -> None:
        longest = PrincipalFactory.build(email="\U0001f98a" * 60 + "@example.org")

        encoded = tokens.issue(longest, START).encoded

        assert encoded.isascii()
        assert encoded.isprintable()
        assert " " not in encoded
        assert len(encoded) < 4096

    @any_adapter
    @given(_ANY_TEXT)
    @example("")
    @example("..")
    @example("\ud800.\ud800.\ud800")
    def test_any_text_is_refused(self, tokens: TokenService, text: str) -> None:
        with pytest.raises(AccessTokenInvalidError):
            tokens.verify(text, START)

    @any_adapter
    @given(st.data())
    def test_a_token_with_another_character_is_refused(
        self, tokens: TokenService, data: st.DataObject
    ) -> None:
        encoded = tokens.issue(PrincipalFactory.build(), START).encoded
        at = data.draw(st.integers(0, len(encoded) - 1))
        other = data.draw(st.characters(exclude_categories=()) | st.sampled_from(encoded))
        assume(other != encoded[at])

        with pytest.raises(AccessTokenInvalidError):
            tokens.verify(encoded[:at] + other + encoded[at + 1 :], START)

    @pytest.mark.parametrize("added", ["=", "A", "AAAA", ".", " ", "\n", "\0"])
    def test_a_token_with_something_added_is_refused(
        self, tokens: TokenService, added: str
    ) -> None:
        encoded = tokens.issue(PrincipalFactory.build(), START).encoded

        for longer in (encoded + added, added + encoded):
            with pytest.raises(AccessTokenInvalidError):
                tokens.verify(longer, START)

    def test_a_token_under_a_foreign_secret_is_refused(
        self, tokens: TokenService, foreign_tokens: TokenService
    ) -> None:
        foreign = foreign_tokens.issue(PrincipalFactory.build(), START)

        with pytest.raises(AccessTokenInvalidError):
            tokens.verify(foreign.encoded, START)

    @any_adapter
    @given(_PRINCIPALS)
    def test_a_token_can_be_exchanged_for_one_for_another_audience(
        self, tokens: TokenService, tokens_elsewhere: TokenService, principal: Principal
    ) -> None:
        presented = tokens.issue(principal, START)

        exchanged = tokens.exchange(presented.encoded, "elsewhere", START)

        assert tokens_elsewhere.verify(exchanged.encoded, START) == principal
        with pytest.raises(AccessTokenInvalidError):
            tokens.verify(exchanged.encoded, START)

    @any_adapter
    @given(st.integers(0, 899_999_999))
    def test_an_exchanged_token_expires_with_the_presented_one(
        self, tokens: TokenService, tokens_elsewhere: TokenService, microseconds: int
    ) -> None:
        issued_at = START.replace(microsecond=0)
        presented = tokens.issue(PrincipalFactory.build(), issued_at)
        later = issued_at + presented.expires_in * (microseconds / 900_000_000)
        expiry = issued_at + presented.expires_in

        exchanged = tokens.exchange(presented.encoded, "elsewhere", later)

        assert later.replace(microsecond=0) + exchanged.expires_in == expiry
        tokens_elsewhere.verify(exchanged.encoded, expiry - _MICROSECOND)
        with pytest.raises(AccessTokenInvalidError):
            tokens_elsewhere.verify(exchanged.encoded, expiry)

    @any_adapter
    @given(_ANY_TEXT)
    def test_any_text_is_not_exchanged(self, tokens: TokenService, text: str) -> None:
        with pytest.raises(AccessTokenInvalidError):
            tokens.exchange(text, "elsewhere", START)

    def test_what_verify_refuses_is_not_exchanged(
        self, tokens: TokenService, tokens_elsewhere: TokenService, foreign_tokens: TokenService
    ) -> None:
        token = tokens.issue(PrincipalFactory.build(), START)
        foreign = foreign_tokens.issue(PrincipalFactory.build(), START)
        elsewhere = tokens_elsewhere.issue(PrincipalFactory.build(), START)
        refused = [
            (token, START + token.expires_in),
            (foreign, START),
            (elsewhere, START),
        ]

        for presented, at in refused:
            with pytest.raises(AccessTokenInvalidError):
                tokens.exchange(presented.encoded, "elsewhere", at)

    def test_a_token_is_not_shown(self, tokens: TokenService) -> None:
        token = tokens.issue(PrincipalFactory.build(), START)

        assert token.encoded not in f"{token!r} {token} {tokens!r}"
