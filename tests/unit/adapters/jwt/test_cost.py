"""Refusing costs no more than accepting what is new, so a flood of forgeries is no lever."""

from collections.abc import Callable
from typing import Final

import pytest

from latchkey.adapters.jwt import JwtTokenService
from latchkey.testing.frozen_clock import START
from token_keys import access_keys
from unit.adapters.cost import MARGIN, ratio
from unit.adapters.jwt.forged_claims import LIFETIME
from unit.adapters.jwt.forger import SECRET, Genuine, signed

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
