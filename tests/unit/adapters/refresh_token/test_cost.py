"""Refusing a refresh token costs no more than accepting one."""

from typing import Final

import pytest

from latchkey.adapters.refresh_token import HmacRefreshTokenCodec
from latchkey.testing.factories import refresh_token
from latchkey.testing.frozen_clock import START
from token_keys import refresh_keys
from unit.adapters.cost import MARGIN, ratio

_CODEC: Final = HmacRefreshTokenCodec(refresh_keys(b"s" * 32, b"t" * 32))
_GENUINE: Final = _CODEC.encode(refresh_token())


@pytest.mark.parametrize(
    "forgery",
    [
        pytest.param("", id="nothing"),
        pytest.param("A" * 100, id="zeros"),
        pytest.param("A" * 2**20, id="1 MiB"),
        pytest.param(_GENUINE[:-4] + "AAAA", id="wrong MAC"),
    ],
)
def test_refusing_costs_no_more_than_accepting(forgery: str) -> None:
    cost = ratio(lambda: _CODEC.decode(forgery, START), lambda: _CODEC.decode(_GENUINE, START))

    assert cost < MARGIN
