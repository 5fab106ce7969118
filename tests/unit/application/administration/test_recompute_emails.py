"""The canonical forms of stored addresses are brought up to date, all or none."""

import pytest

from latchkey.domain.accounts.email_address import EmailAddress
from latchkey.domain.accounts.user import User
from latchkey.testing.factories import UserFactory, address, password_hash
from unit.application.service import Service

pytestmark = pytest.mark.anyio


async def stored(service: Service, text: str, canonical: str) -> User:
    user = UserFactory.build(email=EmailAddress(text, canonical))
    await service.storage.users.add(user, password_hash())
    return user


async def test_an_outdated_form_is_replaced_and_the_others_stay(service: Service) -> None:
    outdated = await stored(service, "ada@stra\u00dfe.example", "ada@strasse.example")
    current = [await service.added_user() for _ in range(120)]

    found = await service.container.recompute_emails()()

    assert found.outdated == (address("ada@stra\u00dfe.example"),)
    assert (found.collisions, found.unreadable) == ((), ())
    after = await service.storage.users.by_email(address("ada@xn--strae-oqa.example"))
    assert after
    assert after.id == outdated.id
    assert await service.storage.users.by_email(address("ada@strasse.example")) is None
    assert [await service.storage.users.by_email(user.email) for user in current] == current


async def test_to_repeat_it_changes_nothing(service: Service) -> None:
    await stored(service, "ada@stra\u00dfe.example", "ada@strasse.example")
    await service.container.recompute_emails()()

    found = await service.container.recompute_emails()()

    assert found.outdated == ()


async def test_if_two_users_would_share_an_address_nothing_is_changed(service: Service) -> None:
    before = [
        await stored(service, "ada@stra\u00dfe.example", "ada@strasse.example"),
        await stored(service, "ada@xn--strae-oqa.example", "ada@xn--strae-oqa.example"),
        await stored(service, "bob@fa\u00df.example", "bob@fass.example"),
    ]

    found = await service.container.recompute_emails()()

    assert [sorted(texts) for texts in found.collisions] == [
        ["ada@stra\u00dfe.example", "ada@xn--strae-oqa.example"]
    ]
    assert [await service.storage.users.by_email(user.email) for user in before] == before


async def test_what_is_no_address_is_named_and_left(service: Service) -> None:
    user = await stored(service, "no address", "no address")

    found = await service.container.recompute_emails()()

    assert found.unreadable == ("no address",)
    assert await service.storage.users.by_email(user.email) == user
