from types import SimpleNamespace
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latchkey.client.access_token import AccessToken, renewal_delay

LIFETIME: Final = 900.0  # s


@pytest.fixture
def clocks(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """The wall clock and the steady clock, in seconds."""
    now = {"wall": 1_800_000_000.0, "steady": 5_000.0}
    both = SimpleNamespace(time=lambda: now["wall"], monotonic=lambda: now["steady"])
    monkeypatch.setattr("latchkey.client.access_token.time", both)
    return now


@given(st.floats(min_value=120, max_value=3600), st.floats(min_value=0, max_value=1))
def test_a_token_is_renewed_half_a_minute_to_a_minute_before_it_expires(
    expires_in: float, by_chance: float
) -> None:
    margin = expires_in - renewal_delay(expires_in, by_chance)

    assert 30 - 1e-6 <= margin <= 60 + 1e-6


@given(st.floats(min_value=1, max_value=120), st.floats(min_value=0, max_value=1))
def test_a_short_lived_token_is_used_for_half_of_its_life_at_least(
    expires_in: float, by_chance: float
) -> None:
    assert expires_in / 2 <= renewal_delay(expires_in, by_chance) < expires_in


def test_tokens_that_arrive_together_are_not_renewed_together() -> None:
    delays = {AccessToken.arrived("token", LIFETIME).good_for for _ in range(20)}

    assert len(delays) > 1


@pytest.mark.parametrize(
    ("passes", "is_due"),
    [
        ({"wall": 839.0, "steady": 839.0}, False),
        ({"wall": 871.0, "steady": 871.0}, True),
        ({"wall": 871.0, "steady": 0.0}, True),  # the computer slept
        ({"wall": 0.0, "steady": 871.0}, True),  # the clock was set back, but not before
        ({"wall": -60.0, "steady": 1.0}, True),  # it was set back, so nobody knows the age
    ],
)
def test_a_token_is_due_by_whichever_clock_has_run_further(
    clocks: dict[str, float], passes: dict[str, float], *, is_due: bool
) -> None:
    token = AccessToken.arrived("token", LIFETIME)

    for name, seconds in passes.items():
        clocks[name] += seconds

    assert token.is_due is is_due
