"""What is noted of logins that fail: whose they were, never what was typed."""

import pytest

from latchkey.application.sign_in.with_password import PasswordLoginCommand
from latchkey.domain.accounts.errors import InvalidCredentialsError
from latchkey.domain.audit.event import AuditEvent
from latchkey.testing.factories import SOURCE
from unit.application.service import PSEUDONYMS, WRONG, Service

pytestmark = [pytest.mark.anyio, pytest.mark.requirement("LG-12")]


async def failure(service: Service, email: str) -> AuditEvent:
    """Fail to log in; give what was noted last."""
    with pytest.raises(InvalidCredentialsError):
        await service.login(PasswordLoginCommand(email=email, password=WRONG, source=SOURCE))
    return (await service.events())[-1]


async def test_an_unknown_account_is_noted_under_a_pseudonym(service: Service) -> None:
    noted = await failure(service, "nobody@example.org")

    assert noted.user_id is None
    assert noted.detail == {"account_hash": PSEUDONYMS.of("nobody@example.org")}
    assert (noted.at, noted.source) == (service.clock.now(), SOURCE)


@pytest.mark.parametrize(
    "other", ["Nobody@Example.ORG", "nobody@EXAMPLE.org", "NOBODY@example.org"]
)
async def test_all_spellings_of_an_address_have_one_pseudonym(service: Service, other: str) -> None:
    one, another = await failure(service, "nobody@example.org"), await failure(service, other)

    assert one.detail == another.detail


@pytest.mark.parametrize(
    "typed", ["correct horse battery", "", "nobody@example.com", "\ud800", "x" * 9_999]
)
async def test_what_is_no_account_is_noted_and_can_not_be_read(
    service: Service, typed: str
) -> None:
    noted = await failure(service, typed)

    assert noted.detail == {"account_hash": PSEUDONYMS.of(typed)}
    assert not typed or typed not in repr(noted)


async def test_a_known_account_is_noted_by_its_user_alone(service: Service) -> None:
    user = await service.added_user()

    noted = await failure(service, user.email.text)

    assert (noted.user_id, noted.detail) == (user.id, {})
