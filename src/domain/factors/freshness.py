"""Whether the sign-in of a session is fresh enough to change second factors."""

from datetime import datetime, timedelta

from latchkey.domain.factors.authentication import Level
from latchkey.domain.factors.errors import ReauthenticationRequiredError


def check_fresh(
    signed_in_at: datetime,
    level: Level,
    now: datetime,
    *,
    max_age: timedelta,
    has_second_factor: bool,
) -> None:
    """Check that a sign-in is recent, and has proven all that the user can prove.

    Pure and total.

    Args:
        signed_in_at: When the sign-in was, aware UTC.
        level: What it has proven.
        now: The instant of the change, aware UTC.
        max_age: How long ago the sign-in may be at most.
        has_second_factor: Whether the user has a second factor.

    Raises:
        ReauthenticationRequiredError: The user has to sign in again first.

    Source: RFC 9470, section 3.
    """
    is_complete = level is Level.TWO_FACTORS or not has_second_factor
    if now - signed_in_at > max_age or not is_complete:
        raise ReauthenticationRequiredError(max_age)
