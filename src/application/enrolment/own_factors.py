"""Read the second factors of the signed-in user, to show or to change them (docs/flow.md, Y12)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from latchkey.application.accounts.current_user import CurrentUser
from latchkey.application.sessions.replace_sessions import Replacement
from latchkey.domain.audit.event import AuditAction, AuditEvent, RequestSource, event
from latchkey.domain.factors.authentication import Level, Means
from latchkey.domain.factors.factor import FactorRepository, FoundFactors
from latchkey.domain.factors.freshness import check_fresh
from latchkey.domain.kernel.clock import Clock
from latchkey.domain.sessions.access_token import Principal
from latchkey.domain.sessions.errors import AccessTokenStaleError
from latchkey.domain.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeFactorsCommand:
    """Request to change one's own second factors.

    Attributes:
        by: The signed-in user.
        device_name: A name for the client's device, at most 64 characters, or "" if it is unknown.
    """

    by: Principal
    device_name: str = ""
    source: RequestSource

    def event(self, action: AuditAction, now: datetime, **detail: str) -> AuditEvent:
        """Return what is noted of a change."""
        by = self.by
        return event(action, now, self.source, user_id=by.id, session_id=by.session_id, **detail)

    def session(self, found: FoundFactors, means: Means, signed_in_at: datetime) -> Replacement:
        """Return the session that replaces all others after a change.

        Args:
            found: The factors before the change.
            means: What the user has proven; with two factors, there is a second one from now on.
            signed_in_at: When they have proven all of it, aware UTC.
        """
        return Replacement(
            user=found.credential.user,
            means=means,
            signed_in_at=signed_in_at,
            password_version=found.credential.password_version,
            has_second_factor=means.level is Level.TWO_FACTORS,
            device_name=self.device_name,
            source=self.source,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFactors:
    """Reads the factors of a user whose session is active.

    Attributes:
        max_age: How long ago the sign-in may be, for a change.
    """

    current_user: CurrentUser
    factors: FactorRepository
    clock: Clock
    max_age: timedelta

    async def read(self, by: Principal) -> FoundFactors:
        """Return the factors.

        Raises:
            AccessTokenStaleError: The session has ended, or the user's role has changed.
        """
        user = await self.current_user(by)
        return _of(await self.factors.find(user.id))

    async def hold(self, by: Principal, unit: UnitOfWork) -> FoundFactors:
        """Return the factors, locked against changes until the unit of work ends.

        Raises:
            AccessTokenStaleError: The session has ended, or the user's role has changed.
            ReauthenticationRequiredError: The sign-in is too long ago, or has not proven the
                second factor.
        """
        user = await self.current_user.hold(by, unit)
        found = _of(await unit.factors.find(user.id))
        self.check(by, has_second_factor=found.credential.has_second_factor)
        return found

    def check(self, by: Principal, *, has_second_factor: bool) -> None:
        """Check what the token tells of the sign-in.

        Raises:
            ReauthenticationRequiredError: See `hold`.
        """
        check_fresh(
            by.signed_in_at,
            by.means.level,
            self.clock.now(),
            max_age=self.max_age,
            has_second_factor=has_second_factor,
        )


def _of(found: FoundFactors | None) -> FoundFactors:
    if found is None:
        raise AccessTokenStaleError
    return found
