"""Refusing costs no more than accepting what is new, so a flood of forgeries is no lever."""

from collections.abc import Callable
from typing import Final

import pytest

from latchkey.adapters.jwt import JwtTokenService
from latchkey.adapters.keys import KeySet, guard_key
from latchkey.adapters.keys.key_set import ALWAYS
from latchkey.adapters.keys.p256_key import P256Key
from latchkey.domain.sessions.access_token import Principal
from latchkey.testing.frozen_clock import START
from token_keys import access_keys
from unit.adapters.cost import MARGIN, ratio
from unit.adapters.jwt.forged_claims import LIFETIME
from unit.adapters.jwt.forger import SECRET, Genuine, base64url, dumped, signed

_REFUSED: Final[dict[str, Callable[[Genuine], str]]] = {
    "nothing": lambda _: "",
    "garbage of 8 KiB": lambda _: "A" * 8192,
    "garbage of 1 MiB": lambda _: "ä" * 2**20,
    "dots of 8 KiB": lambda _: "." * 8192,
    "another algorithm": lambda g: g.with_members(alg="none"),
    "nested header": lambda g: g.with_header(b"[" * 5000),
    "wrong signature": lambda g: f"{g.segments[0]}.{g.segments[1]}.{'A' * 43}",
    "signature of 1 KiB": lambda g: f"{g.segments[0]}.{g.segments[1]}.{'A' * 1024}",
    "payload of 8 KiB": lambda g: f"{g.segments[0]}.{'A' * 8000}.{g.segments[2]}",
    "expired": lambda g: g.with_claims(exp=1, iat=0),
    "alien segment, signed": lambda g: signed(f"{g.segments[0]}.{'!' * 400}"),
}


@pytest.mark.requirement("AT-9")
@pytest.mark.parametrize("forge", _REFUSED.values(), ids=_REFUSED.keys())
def test_refusing_costs_no_more_than_accepting(
    genuine: Genuine, forge: Callable[[Genuine], str]
) -> None:
    service = JwtTokenService(access_keys(SECRET), "latchkey", "latchkey", LIFETIME, remembered=0)
    forgery = forge(genuine)

    cost = ratio(
        lambda: service.verify(forgery, START), lambda: service.verify(genuine.encoded, START)
    )

    assert cost < MARGIN


_MADE_UP: Final = 0.5  # of what a new token costs; an HMAC costs about a tenth
_OTHER_SIGNATURE: Final = base64url(b"\x11" * 64)
_REFUSED_BEFORE_A_SIGNATURE: Final[dict[str, Callable[[str], str]]] = {
    "nothing": lambda _: "",
    "garbage of 8 KiB": lambda _: "A" * 8192,
    "a made-up payload": lambda header: f"{header}.{base64url(dumped({}))}.{_OTHER_SIGNATURE}",
    "a payload of 8 KiB": lambda header: f"{header}.{'A' * 8000}.{_OTHER_SIGNATURE}",
}


@pytest.fixture
def of_a_key_pair() -> JwtTokenService:
    keys = KeySet.in_turns(
        [(P256Key.generate(), ALWAYS)], kept=LIFETIME, guards=[guard_key(b"g" * 32, "latchkey")]
    )
    return JwtTokenService(keys, "latchkey", "latchkey", LIFETIME, remembered=0)


@pytest.mark.requirement("AT-22")
@pytest.mark.parametrize(
    "forge", _REFUSED_BEFORE_A_SIGNATURE.values(), ids=_REFUSED_BEFORE_A_SIGNATURE.keys()
)
def test_what_is_made_up_costs_less_than_a_signature(
    of_a_key_pair: JwtTokenService, principal: Principal, forge: Callable[[str], str]
) -> None:
    token = of_a_key_pair.issue(principal, START).encoded
    forgery = forge(token.partition(".")[0])

    cost = ratio(
        lambda: of_a_key_pair.verify(forgery, START), lambda: of_a_key_pair.verify(token, START)
    )

    assert cost < _MADE_UP


@pytest.mark.requirement("AT-22")
def test_another_signature_costs_no_more_than_a_new_token(
    of_a_key_pair: JwtTokenService, principal: Principal
) -> None:
    token = of_a_key_pair.issue(principal, START).encoded
    forgery = f"{token.rpartition('.')[0]}.{_OTHER_SIGNATURE}"

    cost = ratio(
        lambda: of_a_key_pair.verify(forgery, START), lambda: of_a_key_pair.verify(token, START)
    )

    assert cost < MARGIN
