"""What a sign-in leads to: a session, or one more question.

Every way of signing in asks this one function before it opens a session:

    user has      | required | second proven | leads to
    no factor     | no       | any           | a session with one factor
    no factor     | yes      | any           | enrolment: add a factor first
    a factor      | any      | no            | a challenge
    a factor      | any      | yes           | a session with two factors

Recovery codes stand in for a factor that is lost, so they count only while there is one. A second
proof of a factor that was removed meanwhile counts for nothing.

`gate` implements this table as a pure, total function.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from latchkey.domain.factors.authentication import Authentication, SecondMethod


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
    """Return what a sign-in leads to.

    Pure and total.

    Args:
        proven: What the user has proven so far.
        answers: The second methods that the user can use now. A recovery code that has just been
            used up need not be among them.
        is_required: Whether the user must have a second factor.

    Returns:
        What counts as proven, for which a session may be opened; otherwise what is missing.
    """
    if SecondMethod.TOTP not in answers:
        return Enrolment() if is_required else Authentication(first=proven.first)
    if proven.second is None:
        return Challenge(answers=frozenset(answers))
    return proven
