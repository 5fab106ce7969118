"""What a unit of work promises."""

import asyncio
from dataclasses import replace

import pytest

from latchkey.domain.accounts.errors import EmailTakenError
from latchkey.domain.accounts.user import Role, User, UserId
from latchkey.domain.audit.log import AuditFilter
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.sessions.session import Session
from latchkey.domain.storage import Storage
from latchkey.domain.unit_of_work import UnitOfWork, WorkIsOverError
from latchkey.testing.factories import UserFactory, audit_event, password_hash, refresh_token
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.storage import (
    AT_ONCE,
    SECOND,
    added_user,
    found_session,
    opened_session,
)

EVERYTHING = AuditFilter()


class _TestError(Exception):
    """Something goes wrong in the midst of a unit of work."""


async def _change_all(unit: UnitOfWork, user: User, new: User, session: Session) -> None:
    await unit.users.add(new, password_hash())
    await unit.users.set_role(user.id, Role.ADMIN)
    await unit.password_credentials.change_password(user.id, password_hash())
    await unit.sessions.end_all(user.id, EndReason.REVOKED)
    assert await unit.sessions.add(session, password_version=2)
    await unit.audit.append(audit_event(user_id=user.id))


async def _expect_its_end(unit: UnitOfWork) -> None:
    attempts = (
        lambda: unit.audit.append(audit_event()),
        lambda: unit.users.page(after=None, limit=1),
        unit.commit,
    )
    for attempt in attempts:
        with pytest.raises(WorkIsOverError):
            await attempt()


@pytest.mark.anyio
class UnitOfWorkSuite:
    """All that a unit of work promises. Asks for the fixture `storage`."""

    async def test_what_is_committed_lasts_in_all_repositories(self, storage: Storage) -> None:
        opened, new, token = await opened_session(storage), UserFactory.build(), refresh_token()
        session = Session.begin(token, opened.user.id, START)

        async with storage.units.begin() as unit:
            await _change_all(unit, opened.user, new, session)
            await unit.commit()

        credential = await storage.password_credentials.by_email(opened.user.email)
        old = await found_session(storage, opened.token)
        assert credential is not None
        assert (credential.password_version, credential.user.role) == (2, Role.ADMIN)
        assert old.session.end_reason is EndReason.REVOKED
        assert (await found_session(storage, token)).session == session
        assert await storage.users.by_email(new.email) == new
        assert len(await storage.audit.read(EVERYTHING, limit=2)) == 1

    async def test_what_is_not_committed_has_never_happened(self, storage: Storage) -> None:
        opened, new, token = await opened_session(storage), UserFactory.build(), refresh_token()
        before = await storage.password_credentials.by_email(opened.user.email)

        async with storage.units.begin() as unit:
            await _change_all(unit, opened.user, new, Session.begin(token, opened.user.id, START))

        assert await storage.password_credentials.by_email(opened.user.email) == before
        assert (await found_session(storage, opened.token)).session == opened.session
        assert await storage.sessions.find(token.session_id) is None
        assert await storage.users.by_email(new.email) is None
        assert await storage.audit.read(EVERYTHING, limit=1) == ()

    async def test_nothing_is_read_or_changed_after_the_commit(self, storage: Storage) -> None:
        async with storage.units.begin() as unit:
            await unit.commit()
            await _expect_its_end(unit)

        assert await storage.audit.read(EVERYTHING, limit=1) == ()

    async def test_nothing_is_read_or_changed_after_the_end(self, storage: Storage) -> None:
        async with storage.units.begin() as unit:
            pass

        await _expect_its_end(unit)

        assert await storage.audit.read(EVERYTHING, limit=1) == ()

    async def test_an_error_takes_everything_back(self, storage: Storage) -> None:
        user = UserFactory.build()

        async def fail() -> None:
            async with storage.units.begin() as unit:
                await unit.users.add(user, password_hash())
                raise _TestError

        with pytest.raises(_TestError):
            await fail()
        assert await storage.users.by_email(user.email) is None

    async def test_a_refusal_of_the_storage_takes_everything_back(self, storage: Storage) -> None:
        taken, user = await added_user(storage), UserFactory.build()

        async def fail() -> None:
            async with storage.units.begin() as unit:
                await unit.users.add(user, password_hash())
                await unit.users.add(UserFactory.build(email=taken.email), password_hash())
                await unit.commit()

        with pytest.raises(EmailTakenError):
            await fail()
        assert await storage.users.by_email(user.email) is None

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

    async def test_nobody_else_sees_what_is_not_committed_yet(self, storage: Storage) -> None:
        opened, new = await opened_session(storage), UserFactory.build()

        async with storage.units.begin() as unit:
            await unit.users.add(new, password_hash())
            await unit.sessions.end(opened.token, EndReason.LOGGED_OUT)
            seen_user = await storage.users.by_email(new.email)
            seen_session = await found_session(storage, opened.token)
            await unit.commit()

        assert seen_user is None
        assert seen_session.session == opened.session

    async def test_a_unit_of_work_sees_its_own_changes(self, storage: Storage) -> None:
        opened, new = await opened_session(storage), UserFactory.build()

        async with storage.units.begin() as unit:
            await unit.users.add(new, password_hash())
            await unit.sessions.end(opened.token, EndReason.LOGGED_OUT)
            seen_user = await unit.users.by_email(new.email)
            seen_session = await unit.sessions.find(opened.token.session_id)

        assert seen_user == new
        assert seen_session is not None
        assert seen_session.session.end_reason is EndReason.LOGGED_OUT

    async def test_a_unit_of_work_lists_what_it_changed_once(self, storage: Storage) -> None:
        user = await added_user(storage)

        async with storage.units.begin() as unit:
            await unit.users.set_role(user.id, Role.ADMIN)
            listed = await unit.users.page(after=None, limit=9)

        assert listed.items == (replace(user, role=Role.ADMIN),)

    async def test_a_unit_of_work_sees_nothing_of_what_it_deleted(self, storage: Storage) -> None:
        opened = await opened_session(storage)

        async with storage.units.begin() as unit:
            await unit.sessions.prune(START + SECOND, limit=1)
            seen_within = await unit.sessions.find(opened.session.id)

        assert seen_within is None
        assert (await found_session(storage, opened.token)).session == opened.session

    async def test_a_unit_of_work_sees_what_others_committed_before(self, storage: Storage) -> None:
        user = await added_user(storage)

        async with storage.units.begin() as unit:
            seen = await unit.users.by_email(user.email)

        assert seen == user

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
