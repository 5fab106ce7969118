"""What a unit of work promises when it is cancelled, or when others change the same rows."""

import asyncio

import pytest

from latchkey.domain.accounts.user import Role, UserId
from latchkey.domain.audit.log import AuditFilter
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.storage import Storage
from latchkey.testing.factories import UserFactory, audit_event, password_hash
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.storage import AT_ONCE, added_user, opened_session
from latchkey.testing.ports.suite import AsyncSuite

EVERYTHING = AuditFilter()


class UnitOfWorkRaceSuite(AsyncSuite):
    """A cancelled unit of work changes nothing; concurrent ones lose no changes of each other."""

    async def test_a_cancellation_takes_everything_back(self, storage: Storage) -> None:
        user, reached = UserFactory.build(), asyncio.Event()

        async def stall() -> None:
            async with storage.units.begin() as unit:
                await unit.users.add(user, password_hash())
                reached.set()
                await asyncio.Event().wait()

        task = asyncio.create_task(stall())
        await reached.wait()
        task.cancel()

        with pytest.raises(asyncio.CancelledError):
            await task
        assert await storage.users.by_email(user.email) is None

    async def test_a_cancelled_unit_of_work_is_in_nobodys_way(self, storage: Storage) -> None:
        user, reached = await added_user(storage), asyncio.Event()

        async def stall() -> None:
            async with storage.units.begin() as unit:
                await unit.users.set_role(user.id, Role.ADMIN)
                reached.set()
                await asyncio.Event().wait()

        task = asyncio.create_task(stall())
        await reached.wait()
        task.cancel()

        async with asyncio.timeout(10):
            assert await storage.users.disable(user.id, START)

    async def test_of_many_units_of_work_at_once_none_loses_anothers_changes(
        self, storage: Storage
    ) -> None:
        user = await added_user(storage)

        async def change() -> None:
            async with storage.units.begin() as unit:
                await unit.password_credentials.change_password(user.id, password_hash())
                await unit.audit.append(audit_event(user_id=user.id))
                await unit.commit()

        await asyncio.gather(*(change() for _ in range(AT_ONCE)))

        credential = await storage.password_credentials.by_email(user.email)
        assert credential is not None
        assert credential.password_version == 1 + AT_ONCE
        assert len(await storage.audit.read(EVERYTHING, limit=100)) == AT_ONCE

    async def test_one_change_within_and_one_outside_of_a_unit_of_work_never_both_succeed(
        self, storage: Storage
    ) -> None:
        opened = await opened_session(storage)

        async def end_within() -> UserId | None:
            async with storage.units.begin() as unit:
                owner = await unit.sessions.end(opened.token, EndReason.LOGGED_OUT)
                await unit.audit.append(audit_event())
                await unit.commit()
            return owner

        outcomes = await asyncio.gather(
            end_within(), storage.sessions.end(opened.token, EndReason.REVOKED)
        )

        assert sorted(outcomes, key=bool) == [None, opened.user.id]
