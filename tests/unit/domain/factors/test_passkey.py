"""Passkeys: what their counters say, and how they are named."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latchkey.domain.factors.passkey import (
    Counter,
    PasskeyUse,
    judge_counter,
    passkey_name,
)
from latchkey.domain.kernel.errors import InvalidInputError
from latchkey.domain.kernel.identifier import new_id, time_of
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.passkeys import passkey

COUNTS = st.integers(0, 2**32 - 1)


@given(COUNTS, COUNTS, st.booleans())
def test_only_a_counted_passkey_of_one_device_can_be_told_to_be_copied(
    before: int,
    now: int,
    is_backed_up: bool,  # noqa: FBT001 - drawn
) -> None:
    use = PasskeyUse(sign_count=now, is_backed_up=is_backed_up)

    verdict = judge_counter(replace(passkey(), sign_count=before), use)

    has_grown = now > before or before == now == 0
    is_copied = not has_grown and before > 0 and now > 0 and not is_backed_up
    expected = Counter.GROWN if has_grown else Counter.COPIED if is_copied else Counter.SUSPECT
    assert verdict is expected


@pytest.mark.parametrize(("before", "now"), [*product([0, 1, 5], [0, 1, 5])])
def test_a_counter_is_judged_by_the_table(before: int, now: int) -> None:
    device = judge_counter(
        replace(passkey(), sign_count=before), PasskeyUse(sign_count=now, is_backed_up=False)
    )

    refused = {(1, 1), (5, 1), (5, 5)}
    noted = {(1, 0), (5, 0)}
    assert (device is Counter.COPIED) is ((before, now) in refused)
    assert (device is Counter.SUSPECT) is ((before, now) in noted)


@pytest.mark.parametrize("typed", ["My laptop", "  My \t laptop\n", "My\u00a0laptop"])
def test_a_name_is_stored_with_single_blanks(typed: str) -> None:
    assert passkey_name(typed) == "My laptop"


@pytest.mark.parametrize("typed", ["", " ", "x" * 65, "a\0", "\u202ea", "a\u200d", "\ud800"])
def test_other_names_are_refused(typed: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        passkey_name(typed)
    assert [each.field for each in refused.value.violations] == ["name"]


def test_a_passkey_was_used_when_its_challenge_was_issued() -> None:
    new, challenge = passkey(), new_id(START + timedelta(minutes=1))

    assert new.last_used_at == new.created_at
    assert replace(new, last_challenge=challenge).last_used_at == time_of(challenge)
