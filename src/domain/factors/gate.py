"""What a sign-in leads to: a session, or one more question.

Every way of signing in asks this one function before it opens a session:

    proven                | user has  | required | leads to
    a password            | no factor | no       | a session with one factor
    a password            | no factor | yes      | enrolment: add a factor first
    a password            | a factor  | any      | a challenge
    a password, on a      | no factor | any      | as a password
      remembered device   | a factor  | no       | a session with one factor
                          | a factor  | yes      | a challenge
    a password and a code | no factor | any      | as a password
    a password and a code | a factor  | any      | a session with two factors
    a passkey             | any       | any      | a session with two factors

A remembered device is the proof of another day. So its session claims what was proven now, one
factor, and is worth nothing to a role that requires two.

Recovery codes stand in for a factor that is lost, so they count only while there is one. A code of
a factor that was removed meanwhile counts for nothing. A passkey that was removed signs nobody in,
so whoever has proven one has it.

`gate` implements this table as a pure, total function.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from latchkey.domain.factors.authentication import Authentication, Level, SecondMethod

_FACTORS: Final = frozenset({SecondMethod.TOTP, SecondMethod.PASSKEY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """The user has to prove a second factor.

    Attributes:
        answers: Each of these methods is enough; never empty.
    """

    answers: frozenset[SecondMethod]


@dataclass(frozen=True, slots=True)
class Enrolment:
    """The user has no second factor, and has to add one first."""


def gate(
    proven: Authentication, answers: AbstractSet[SecondMethod], *, is_required: bool
) -> Authentication | Challenge | Enrolment:
    """Decide whether a sign-in may open a session, or what the user must prove first.

    Pure and total.

    Args:
        proven: What the user has proven so far.
        answers: The second methods that the user can use now. A recovery code that has just been
            used up need not be among them.
        is_required: Whether the user must have a second factor.

    Returns:
        What counts as proven, for which a session may be opened; otherwise what is missing.
    """
    if proven.factor is SecondMethod.PASSKEY:
        return proven
    if not answers & _FACTORS:
        return Enrolment() if is_required else Authentication.by_password()
    if proven.level is Level.ONE_FACTOR and (proven.device is None or is_required):
        return Challenge(answers=frozenset(answers))
    return proven
