"""What a list of sessions takes from the audit log."""

from dataclasses import replace

import pytest

from latchkey.domain.factors.authentication import SignInWay
from latchkey.domain.sessions.session import Session
from latchkey.testing.factories import audit_event, refresh_token
from unit.application.service import Service

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("detail", "way"),
    [
        ({"signed_in_with": "passkey"}, SignInWay.PASSKEY),
        ({"signed_in_with": "smoke_signals"}, None),
        ({"device": "Firefox on Linux"}, None),
        (None, None),
    ],
)
async def test_a_login_of_another_release_may_not_tell_how_it_was(
    service: Service, detail: dict[str, str] | None, way: SignInWay | None
) -> None:
    user, now = await service.added_user(), service.clock.now()
    session = Session.begin(refresh_token(now), user.id, now)
    await service.storage.sessions.add(session, password_version=1)
    if detail is not None:
        noted = audit_event(now, user_id=user.id, session_id=session.id)
        await service.storage.audit.append(replace(noted, detail=detail))

    page = await service.container.session_list().of(user.id, None, after=None, limit=10)

    assert [listed.signed_in_with for listed in page.items] == [way]
