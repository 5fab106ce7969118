"""Whatever chance makes of a token, it is refused or harmless, and never another error."""

from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from latchkey.adapters.jwt import JwtTokenService
from latchkey.domain.accounts.user import Role
from latchkey.domain.sessions.access_token import Principal
from latchkey.domain.sessions.errors import AccessTokenInvalidError
from latchkey.testing.frozen_clock import START
from unit.adapters.jwt.forged_claims import ALL
from unit.adapters.jwt.forger import Genuine, signed

_SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
_JSON = st.recursive(
    _SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=10
)
_ANY_CHARACTER = st.characters(exclude_categories=())
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.="


def _verified(service: JwtTokenService, encoded: str) -> Principal | None:
    try:
        return service.verify(encoded, START)
    except AccessTokenInvalidError:
        return None


@given(st.text(_ANY_CHARACTER) | st.text(_ALPHABET))
def test_any_text_is_refused(service: JwtTokenService, text: str) -> None:
    with pytest.raises(AccessTokenInvalidError):
        service.verify(text, START)


@given(st.data())
def test_another_character_anywhere_is_refused(
    service: JwtTokenService, genuine: Genuine, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(genuine.encoded) - 1))
    other = data.draw(_ANY_CHARACTER | st.sampled_from(_ALPHABET))
    assume(other != genuine.encoded[at])

    with pytest.raises(AccessTokenInvalidError):
        service.verify(genuine.encoded[:at] + other + genuine.encoded[at + 1 :], START)


@given(st.data())
def test_a_token_cut_or_spliced_is_refused(
    service: JwtTokenService, genuine: Genuine, data: st.DataObject
) -> None:
    positions = st.integers(0, len(genuine.encoded))
    start, end = data.draw(positions), data.draw(positions)
    spliced = genuine.encoded[:start] + data.draw(st.text(_ALPHABET)) + genuine.encoded[end:]
    assume(spliced != genuine.encoded)

    with pytest.raises(AccessTokenInvalidError):
        service.verify(spliced, START)


@pytest.mark.requirement("AT-14")
@given(st.binary())
def test_any_signed_bytes_are_refused(
    service: JwtTokenService, genuine: Genuine, payload: bytes
) -> None:
    with pytest.raises(AccessTokenInvalidError):
        service.verify(genuine.with_payload(payload), START)


@given(st.text(_ANY_CHARACTER) | st.text(_ALPHABET))
def test_any_signed_segments_are_refused(
    service: JwtTokenService, genuine: Genuine, segments: str
) -> None:
    with pytest.raises(AccessTokenInvalidError):
        service.verify(signed(f"{genuine.segments[0]}.{segments}"), START)


@given(_JSON)
def test_any_signed_json_is_refused(
    service: JwtTokenService, genuine: Genuine, document: object
) -> None:
    with pytest.raises(AccessTokenInvalidError):
        service.verify(genuine.with_payload(document), START)


@pytest.mark.requirement("AT-4")
@given(st.sampled_from((*ALL, "nbf")), _JSON)
def test_any_signed_claim_is_refused_or_of_its_type(
    service: JwtTokenService, genuine: Genuine, name: str, value: object
) -> None:
    verified = _verified(service, genuine.with_claims(**{name: value}))

    if verified is not None:
        assert type(verified.id) is UUID
        assert type(verified.session_id) is UUID
        assert type(verified.role) is Role
        assert 0 < len(verified.email.encode()) <= 254


@given(
    st.dictionaries(
        st.text(max_size=20).filter(lambda name: name not in (*ALL, "nbf")),
        st.none() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
        max_size=5,
    )
)
def test_unknown_claims_never_matter(
    service: JwtTokenService, principal: Principal, genuine: Genuine, unknown: dict[str, object]
) -> None:
    assert _verified(service, genuine.with_payload(genuine.claims | unknown)) == principal
