"""The secret of second factors: a secret of its own, which production may do without."""

from typing import Final

import pytest

from latchkey.domain.accounts.user import Role
from latchkey.entrypoints.settings import SettingsError, from_env
from unit.entrypoints.settings.test_from_env import PRODUCTION

SECRET: Final = "Kx7PzW2nQ8rVt5Bj0DhGm4YcLs9FuEa3"


def faulty(environ: dict[str, str]) -> list[str]:
    with pytest.raises(SettingsError) as refused:
        from_env(environ)
    return [fault.partition(":")[0] for fault in refused.value.faults]


def test_production_starts_without_it_and_offers_no_second_factors() -> None:
    assert not from_env(PRODUCTION).has_second_factors
    assert from_env({**PRODUCTION, "FACTOR_SECRET": SECRET}).has_second_factors


@pytest.mark.requirement("MF-5")
@pytest.mark.parametrize("name", ["JWT_SECRET", "REFRESH_SECRET"])
def test_no_other_secret_serves_its_purpose(name: str) -> None:
    both = {"FACTOR_SECRET": f"{SECRET[::-1]},{SECRET}", name: SECRET}

    assert faulty(both) == ["FACTOR_SECRET"]


@pytest.mark.parametrize("secret", ["short", "a-secret-that-was-typed-by-a-person"])
def test_production_needs_a_strong_one(secret: str) -> None:
    assert faulty({**PRODUCTION, "FACTOR_SECRET": secret}) == ["FACTOR_SECRET"]


@pytest.mark.parametrize("value", ["29s", "61m", "soon"])
def test_a_sign_in_is_fresh_for_half_a_minute_to_an_hour(value: str) -> None:
    assert faulty({"FRESH": value}) == ["FRESH"]


def test_roles_are_a_list_of_those_that_there_are() -> None:
    required = from_env({"MFA_REQUIRED_ROLES": "ADMIN, USER"}).factors.requirement

    assert required.roles == {Role.ADMIN, Role.USER}
    assert from_env({}).factors.requirement.roles == frozenset()
    assert faulty({"MFA_REQUIRED_ROLES": "ADMIN, ROOT"}) == ["MFA_REQUIRED_ROLES"]


def test_production_can_require_only_what_it_offers() -> None:
    required = {**PRODUCTION, "MFA_REQUIRED_ROLES": "ADMIN"}

    assert faulty(required) == ["FACTOR_SECRET"]
    assert from_env({**required, "FACTOR_SECRET": SECRET}).factors.required_roles == ("ADMIN",)
