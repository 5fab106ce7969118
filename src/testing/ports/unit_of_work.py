"""What a unit of work promises: atomic changes, which others see only after its commit."""

from dataclasses import replace

import pytest

from latchkey.domain.accounts.errors import EmailTakenError
from latchkey.domain.accounts.user import Role, User
from latchkey.domain.audit.log import AuditFilter
from latchkey.domain.sessions.end_reason import EndReason
from latchkey.domain.sessions.session import Session
from latchkey.domain.storage import Storage
from latchkey.domain.unit_of_work import UnitOfWork, WorkIsOverError
from latchkey.testing.factories import UserFactory, audit_event, password_hash, refresh_token
from latchkey.testing.frozen_clock import START
from latchkey.testing.ports.storage import (
    SECOND,
    added_user,
    found_session,
    opened_session,
)
from latchkey.testing.ports.suite import AsyncSuite
from latchkey.testing.ports.unit_of_work_races import UnitOfWorkRaceSuite

EVERYTHING = AuditFilter()


class _TestError(Exception):
    """An error in the middle of a unit of work."""


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
        lambda: unit.audit.read(EVERYTHING, limit=1),
        lambda: unit.users.page(after=None, limit=1),
        lambda: unit.users.add(UserFactory.build(), password_hash()),
        lambda: unit.password_credentials.by_email(UserFactory.build().email),
        lambda: unit.password_credentials.change_password(UserFactory.build().id, password_hash()),
        lambda: unit.sessions.find(refresh_token().session_id),
        lambda: unit.sessions.end(refresh_token(), EndReason.LOGGED_OUT),
        unit.commit,
    )
    for attempt in attempts:
        with pytest.raises(WorkIsOverError):
            await attempt()


class TogetherSuite(AsyncSuite):
    """The changes of a unit of work are stored together, or not at all."""

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


class VisibilitySuite(AsyncSuite):
    """Which changes are visible within a unit of work, and which outside it."""

    async def test_nobody_else_sees_what_is_not_committed_yet(self, storage: Storage) -> None:
        opened, new, token = await opened_session(storage), UserFactory.build(), refresh_token()
        before = await storage.password_credentials.by_email(opened.user.email)

        async with storage.units.begin() as unit:
            await _change_all(unit, opened.user, new, Session.begin(token, opened.user.id, START))
            seen = await storage.password_credentials.by_email(opened.user.email)
            seen_user = await storage.users.by_email(new.email)
            seen_old = await found_session(storage, opened.token)
            seen_new = await storage.sessions.find(token.session_id)
            seen_events = await storage.audit.read(EVERYTHING, limit=1)
            await unit.commit()

        assert seen == before
        assert (seen_user, seen_new, seen_events) == (None, None, ())
        assert seen_old.session == opened.session

    async def test_a_unit_of_work_sees_its_own_changes(self, storage: Storage) -> None:
        opened, new, token = await opened_session(storage), UserFactory.build(), refresh_token()
        session = Session.begin(token, opened.user.id, START)

        async with storage.units.begin() as unit:
            await _change_all(unit, opened.user, new, session)
            credential = await unit.password_credentials.by_email(opened.user.email)
            seen_user = await unit.users.by_email(new.email)
            seen_old = await unit.sessions.find(opened.token.session_id)
            seen_new = await unit.sessions.find(token.session_id)
            seen_events = await unit.audit.read(EVERYTHING, limit=2)

        assert credential is not None
        assert credential.password_version == 2
        assert (seen_user, len(seen_events)) == (new, 1)
        assert seen_old is not None
        assert seen_old.session.end_reason is EndReason.REVOKED
        assert seen_new is not None
        assert seen_new.session == session

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


class UnitOfWorkSuite(TogetherSuite, VisibilitySuite, UnitOfWorkRaceSuite):
    """All that a unit of work promises. Asks for the fixture `storage`."""
