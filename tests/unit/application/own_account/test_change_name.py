"""What is noted of a change of the name."""

import pytest

from latchkey.application.own_account.change_name import ChangeNameCommand
from latchkey.domain.audit.event import AuditAction
from latchkey.testing.factories import SOURCE
from unit.application.service import Service

pytestmark = pytest.mark.anyio


async def test_a_change_is_noted_once_without_a_name(service: Service) -> None:
    own = await service.logged_in()
    by = service.principal_of(own.tokens)
    command = ChangeNameCommand(by=by, name="Ada Lovelace", source=SOURCE)

    for _ in range(2):
        await service.container.change_name()(command)

    [noted] = await service.events(AuditAction.NAME_CHANGED)
    assert (noted.user_id, noted.session_id, noted.detail) == (own.user.id, by.session_id, {})
