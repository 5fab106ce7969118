"""Show one user with their second factors (docs/flow.md, F66)."""

from dataclasses import dataclass

from latchkey.application.administration.get_user import GetUser
from latchkey.domain.accounts.user import User, UserId
from latchkey.domain.factors.factor import FactorRepository
from latchkey.domain.sessions.access_token import Principal


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownUser:
    """A user, and which kinds of second factors they have."""

    user: User
    has_app: bool
    has_passkey: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowUser:
    """Return a user, and which kinds of second factors they have."""

    get_user: GetUser
    factors: FactorRepository

    async def __call__(self, principal: Principal | None, user_id: UserId) -> ShownUser:
        """Arguments and errors are those of `GetUser`."""
        user = await self.get_user(principal, user_id)
        found = await self.factors.find(user_id)
        return ShownUser(
            user=user,
            has_app=found is not None and found.totp is not None,
            has_passkey=found is not None and found.has_passkey,
        )
