"""Who must have a second factor."""

from dataclasses import dataclass

from latchkey.domain.accounts.user import Role
from latchkey.domain.factors.authentication import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorRequirement:
    """The roles whose users must have a second factor.

    Attributes:
        roles: None of them requires it by default.
    """

    roles: frozenset[Role] = frozenset()

    def is_for(self, role: Role) -> bool:
        """Return whether users with a role must have a second factor."""
        return role in self.roles

    def is_met(self, role: Role, level: Level) -> bool:
        """Return whether a session of a level is enough for a role."""
        return level is Level.TWO_FACTORS or not self.is_for(role)
