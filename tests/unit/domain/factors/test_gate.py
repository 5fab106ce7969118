"""What a sign-in leads to: every case, written down once more."""

from itertools import chain, combinations, product
from typing import Final

import pytest

from latchkey.domain.factors.authentication import (
    Authentication,
    FirstMethod,
    Level,
    SecondMethod,
)
from latchkey.domain.factors.gate import Challenge, Enrolment, gate

TOTP: Final = SecondMethod.TOTP
RECOVERY: Final = SecondMethod.RECOVERY_CODE
PASSWORD: Final = Authentication(first=FirstMethod.PASSWORD)
WITH_TOTP: Final = Authentication(first=FirstMethod.PASSWORD, second=TOTP)
WITH_RECOVERY: Final = Authentication(first=FirstMethod.PASSWORD, second=RECOVERY)
EITHER: Final = (False, True)

ASK: Final = Challenge(answers=frozenset({TOTP}))
ASK_EITHER: Final = Challenge(answers=frozenset({TOTP, RECOVERY}))
CASES: Final = {
    # proven, what the user can answer with: what it leads to if no factor is required, else
    (PASSWORD, ()): (PASSWORD, Enrolment()),
    (WITH_TOTP, ()): (PASSWORD, Enrolment()),
    (WITH_RECOVERY, ()): (PASSWORD, Enrolment()),
    (PASSWORD, (RECOVERY,)): (PASSWORD, Enrolment()),
    (WITH_TOTP, (RECOVERY,)): (PASSWORD, Enrolment()),
    (WITH_RECOVERY, (RECOVERY,)): (PASSWORD, Enrolment()),
    (PASSWORD, (TOTP,)): (ASK, ASK),
    (WITH_TOTP, (TOTP,)): (WITH_TOTP, WITH_TOTP),
    (WITH_RECOVERY, (TOTP,)): (WITH_RECOVERY, WITH_RECOVERY),
    (PASSWORD, (TOTP, RECOVERY)): (ASK_EITHER, ASK_EITHER),
    (WITH_TOTP, (TOTP, RECOVERY)): (WITH_TOTP, WITH_TOTP),
    (WITH_RECOVERY, (TOTP, RECOVERY)): (WITH_RECOVERY, WITH_RECOVERY),
}


def test_every_case_is_written_down() -> None:
    proven = {
        Authentication(first=first, second=second)
        for first, second in product(FirstMethod, [None, *SecondMethod])
    }
    methods = tuple(SecondMethod)
    answers = set(chain.from_iterable(combinations(methods, n) for n in range(len(methods) + 1)))

    assert set(CASES) == set(product(proven, answers))


@pytest.mark.parametrize("is_required", EITHER)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_sign_in_leads_to_what_the_table_says(
    case: tuple[Authentication, tuple[SecondMethod, ...]],
    is_required: bool,  # noqa: FBT001 - drawn from both
) -> None:
    proven, answers = case

    assert gate(proven, set(answers), is_required=is_required) == CASES[case][is_required]


def test_a_password_alone_is_one_factor() -> None:
    assert (PASSWORD.level.methods, PASSWORD.level) == (("pwd",), Level.ONE_FACTOR)


@pytest.mark.parametrize("both", [WITH_TOTP, WITH_RECOVERY], ids=["totp", "recovery code"])
def test_a_password_and_a_second_method_are_two_factors(both: Authentication) -> None:
    assert (both.level.methods, both.level) == (("pwd", "otp", "mfa"), Level.TWO_FACTORS)


def test_the_levels_are_called_as_in_tokens() -> None:
    assert [level.value for level in Level] == ["aal1", "aal2"]
