"""What is deleted in time, and what is kept."""

from datetime import timedelta

import pytest

from latchkey.application.sessions.prune import Pruned
from unit.application.asking import asked_for_link
from unit.application.service import Service

pytestmark = pytest.mark.anyio


async def test_a_link_is_kept_as_long_as_it_can_say_why_it_has_ended(service: Service) -> None:
    link_id = await asked_for_link(service, await service.added_user())
    kept_for = timedelta(days=7 + 7)  # INVITATION_TTL, and SESSION_RETENTION
    reports: list[Pruned] = []

    service.clock.move(kept_for - timedelta(seconds=1))
    early = await service.container.prune()()
    is_kept = await service.storage.links.find(link_id) is not None
    service.clock.move(timedelta(seconds=2))
    late = await service.container.prune()(reports.append)

    assert (early.links, is_kept) == (0, True)
    assert late.links == 1
    assert await service.storage.links.find(link_id) is None
    assert reports[-1] == late
