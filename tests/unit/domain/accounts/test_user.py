"""What is left of a user whose account is deleted."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from latchkey.adapters.idna import IdnaDomainNames
from latchkey.domain.accounts.email_address import EmailAddressParser
from latchkey.domain.accounts.user import Role
from latchkey.domain.kernel.errors import InvalidInputError
from latchkey.testing.factories import UserFactory
from latchkey.testing.frozen_clock import START

LATER = START + timedelta(days=1)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("disabled_at", [None, START])
def test_the_id_the_role_and_the_instants_are_left(
    role: Role, disabled_at: datetime | None
) -> None:
    user = replace(UserFactory.build(role=role), disabled_at=disabled_at)

    erased = user.erased(LATER)

    assert (user.is_erased, erased.is_erased) == (False, True)
    assert (erased.id, erased.role, erased.created_at) == (user.id, role, user.created_at)
    assert (erased.name, erased.email.text) == ("", "")
    assert erased.disabled_at == (disabled_at or LATER)
    assert erased.is_disabled


def test_nobody_has_the_address_of_an_erased_user() -> None:
    first, second = (UserFactory.build().erased(LATER) for _ in range(2))

    assert first.email.canonical != second.email.canonical
    with pytest.raises(InvalidInputError):
        EmailAddressParser(domains=IdnaDomainNames()).parse(first.email.canonical)
