"""Every named forgery is refused (RFC 8725, section 2, and what is known beyond it)."""

import json

import pytest

from latchkey.adapters.jwt import JwtTokenService
from latchkey.domain.sessions.access_token import Principal
from latchkey.domain.sessions.errors import AccessTokenInvalidError
from latchkey.testing.frozen_clock import START
from unit.adapters.jwt.forged_claims import CLAIMS
from unit.adapters.jwt.forged_forms import FORMS, Forge, signed_of_length
from unit.adapters.jwt.forged_headers import HEADERS
from unit.adapters.jwt.forger import Genuine, dumped, signed, unbase64url

FORGERIES = HEADERS | CLAIMS | FORMS


def test_what_the_forger_signs_again_unchanged_is_genuine(
    service: JwtTokenService, principal: Principal, genuine: Genuine
) -> None:
    signed_again = [
        genuine.with_header(genuine.header),
        genuine.with_payload(genuine.claims),
        signed(".".join(genuine.segments[:2])),
    ]

    assert signed_again == [genuine.encoded] * 3
    assert service.verify(signed_again[0], START) == principal


@pytest.mark.requirement("AT-1", "AT-5", "AT-6", "AT-9", "AT-10", "AT-12")
@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES.keys())
def test_a_forgery_is_refused(service: JwtTokenService, genuine: Genuine, forge: Forge) -> None:
    forgery = forge(genuine)
    assert forgery != genuine.encoded

    with pytest.raises(AccessTokenInvalidError) as refusal:
        service.verify(forgery, START)

    assert refusal.value.args == ()


@pytest.mark.requirement("AT-11")
def test_nothing_is_opened_or_fetched_for_what_a_header_says(
    service: JwtTokenService, genuine: Genuine, monkeypatch: pytest.MonkeyPatch
) -> None:
    forgeries = [forge(genuine) for forge in HEADERS.values()]
    reached: list[object] = []
    monkeypatch.setattr("socket.socket", reached.append)
    monkeypatch.setattr("builtins.open", reached.append)

    for forgery in forgeries:
        with pytest.raises(AccessTokenInvalidError):
            service.verify(forgery, START)

    assert reached == []


def test_a_token_of_8_kib_is_read(
    service: JwtTokenService, principal: Principal, genuine: Genuine
) -> None:
    longest = signed_of_length(genuine, 8192)

    assert service.verify(longest, START) == principal


def test_a_claim_of_a_later_release_is_ignored(
    service: JwtTokenService, principal: Principal, genuine: Genuine
) -> None:
    of_a_later_release = genuine.with_claims(amr=["pwd"], azp=None, cnf={"jkt": "x"}, n=1.5)

    assert service.verify(of_a_later_release, START) == principal


def test_order_and_blanks_of_the_claims_mean_nothing(
    service: JwtTokenService, principal: Principal, genuine: Genuine
) -> None:
    reordered = json.dumps(dict(reversed(genuine.claims.items())), indent=2).encode()

    assert service.verify(genuine.with_payload(reordered), START) == principal


def test_deep_nesting_is_no_error_of_its_own(
    service: JwtTokenService, principal: Principal, genuine: Genuine
) -> None:
    raw = dumped(genuine.claims)[:-1] + b',"x":' + b"[" * 2500 + b"]" * 2500 + b"}"

    try:
        verified = service.verify(genuine.with_payload(raw), START)
    except AccessTokenInvalidError:
        verified = principal

    assert verified == principal


def test_a_token_says_exactly_what_is_promised(principal: Principal, genuine: Genuine) -> None:
    header, claims = (json.loads(unbase64url(segment)) for segment in genuine.segments[:2])

    issued_at = int(START.timestamp())
    assert header == {"alg": "HS256", "kid": header["kid"], "typ": "at+jwt"}
    assert claims == {
        "iss": "latchkey",
        "aud": "latchkey",
        "sub": str(principal.id),
        "email": principal.email,
        "role": "USER",
        "sid": str(principal.session_id),
        "jti": claims["jti"],
        "iat": issued_at,
        "exp": issued_at + 15 * 60,
    }
