"""What a sign-in leads to: every case, written down once more."""

from itertools import combinations
from typing import Final
from uuid import UUID

import pytest

from latchkey.domain.factors.authentication import Authentication, Level, Means, SecondMethod
from latchkey.domain.factors.gate import Challenge, Enrolment, gate

TOTP: Final = SecondMethod.TOTP
RECOVERY: Final = SecondMethod.RECOVERY_CODE
PASSKEY: Final = SecondMethod.PASSKEY
PASSWORD: Final = Authentication.by_password()
WITH_TOTP: Final = Authentication.by_password(TOTP)
WITH_RECOVERY: Final = Authentication.by_password(RECOVERY)
REMEMBERED: Final = Authentication.by_password(device=UUID(int=7))
ON_DEVICE: Final = Authentication.by_passkey(is_synced=False)
SYNCED: Final = Authentication.by_passkey(is_synced=True)
EITHER: Final = (False, True)

ANSWERS: Final = [
    frozenset(answers)
    for count in range(len(SecondMethod) + 1)
    for answers in combinations(SecondMethod, count)
]
NO_FACTOR: Final = {frozenset[SecondMethod](), frozenset({RECOVERY})}
WITHOUT: Final = {
    # proven: what it leads to for a user without a factor, if none is required, or if one is
    PASSWORD: (PASSWORD, Enrolment()),
    WITH_TOTP: (PASSWORD, Enrolment()),
    WITH_RECOVERY: (PASSWORD, Enrolment()),
    REMEMBERED: (PASSWORD, Enrolment()),
    ON_DEVICE: (ON_DEVICE, ON_DEVICE),
    SYNCED: (SYNCED, SYNCED),
}


@pytest.mark.parametrize("is_required", EITHER)
@pytest.mark.parametrize("answers", [*NO_FACTOR], ids=len)
@pytest.mark.parametrize("proven", WITHOUT, ids=repr)
def test_without_a_factor_a_password_is_enough_unless_one_is_required(
    proven: Authentication,
    answers: frozenset[SecondMethod],
    is_required: bool,  # noqa: FBT001 - drawn from both
) -> None:
    assert gate(proven, answers, is_required=is_required) == WITHOUT[proven][is_required]


@pytest.mark.parametrize("is_required", EITHER)
@pytest.mark.parametrize(
    "answers",
    [answers for answers in ANSWERS if answers not in NO_FACTOR],
    ids=lambda answers: " ".join(sorted(answers)),
)
def test_with_a_factor_a_password_alone_leads_to_a_challenge(
    answers: frozenset[SecondMethod],
    is_required: bool,  # noqa: FBT001 - drawn from both
) -> None:
    led_to = {each: gate(each, answers, is_required=is_required) for each in WITHOUT}

    assert led_to.pop(PASSWORD) == Challenge(answers=answers)
    on_remembered = Challenge(answers=answers) if is_required else REMEMBERED
    assert led_to.pop(REMEMBERED) == on_remembered
    assert led_to == {each: each for each in (WITH_TOTP, WITH_RECOVERY, ON_DEVICE, SYNCED)}


def test_every_way_of_signing_in_is_among_these() -> None:
    by_password = {Authentication.by_password(each) for each in (None, TOTP, RECOVERY)}
    by_passkey = {Authentication.by_passkey(is_synced=each) for each in EITHER}

    assert set(WITHOUT) == by_password | by_passkey | {REMEMBERED}
    assert {each.means for each in WITHOUT} == set(Means)


@pytest.mark.parametrize(
    ("proven", "methods", "level"),
    [
        (PASSWORD, ("pwd",), Level.ONE_FACTOR),
        (REMEMBERED, ("pwd",), Level.ONE_FACTOR),
        (WITH_TOTP, ("pwd", "otp", "mfa"), Level.TWO_FACTORS),
        (WITH_RECOVERY, ("pwd", "otp", "mfa"), Level.TWO_FACTORS),
        (ON_DEVICE, ("hwk", "user", "mfa"), Level.TWO_FACTORS),
        (SYNCED, ("swk", "user", "mfa"), Level.TWO_FACTORS),
    ],
    ids=["password", "remembered", "totp", "recovery code", "device", "synced"],
)
def test_tokens_name_the_methods_and_the_level(
    proven: Authentication, methods: tuple[str, ...], level: Level
) -> None:
    assert (proven.means.methods, proven.level) == (methods, level)


def test_the_levels_are_called_as_in_tokens() -> None:
    assert [level.value for level in Level] == ["aal1", "aal2"]
