"""Who must have a second factor."""

from itertools import product

import pytest

from latchkey.domain.accounts.user import Role
from latchkey.domain.factors.authentication import Level
from latchkey.domain.factors.requirement import FactorRequirement

ADMINS = FactorRequirement(roles=frozenset({Role.ADMIN}))


@pytest.mark.parametrize(("role", "level"), [*product(Role, Level)])
def test_a_level_is_enough_unless_the_role_requires_more(role: Role, level: Level) -> None:
    is_enough = role is Role.USER or level is Level.TWO_FACTORS

    assert ADMINS.is_met(role, level) is is_enough
    assert FactorRequirement().is_met(role, level)


def test_by_default_no_role_requires_it() -> None:
    assert [role for role in Role if FactorRequirement().is_for(role)] == []
    assert [role for role in Role if ADMINS.is_for(role)] == [Role.ADMIN]
