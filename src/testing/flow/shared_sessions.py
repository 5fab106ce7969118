"""Accounts and sessions that tests share.

Each of them needs a password hash, which takes a quarter of a second. So tests share accounts and
sessions where their promises allow it, and a shared session is renewed rather than opened again.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from latchkey.testing.flow.authenticator import opened
from latchkey.testing.flow.deployments import Account, Deployment
from latchkey.testing.flow.fixtures import MakeUser
from latchkey.testing.flow.passkey_users import PasskeyUser, with_passkey
from latchkey.testing.flow.visitor import SignedIn, Visitor

FRESH: Final = timedelta(seconds=60)
"""How long an access token is shared: shorter than any sensible lifetime."""
LOANS: Final = 10
"""How often a session is lent: it can be refreshed so often only (R14)."""
RECENT: Final = timedelta(minutes=4)
"""How long a session is renewed: then its login is too old for some operations (Y12)."""


class _Kept(NamedTuple):
    session: SignedIn
    opened: datetime
    renewed: datetime
    loans: int = 0

    def is_fresh(self, now: datetime) -> bool:
        return timedelta() <= now - self.renewed < FRESH


@dataclass(slots=True)
class SharedSessions:
    """The accounts and sessions of one deployment."""

    deployment: Deployment
    _accounts: dict[str, Account] = field(default_factory=dict)
    _passkey_user: PasskeyUser | None = None
    _sessions: dict[str, _Kept] = field(default_factory=dict)
    _survivor: _Kept | None = None

    async def resident(self, make_user: MakeUser) -> Account:
        """Return the account of the sessions that tests use."""
        return await self._account("resident", make_user)

    async def reader(self, make_user: MakeUser) -> Account:
        """Return the account whose access token tests share.

        It is not the resident, whose oldest session ends with each login beyond
        SESSIONS_PER_USER.
        """
        return await self._account("reader", make_user)

    async def passkey_user(self, make_user: MakeUser) -> PasskeyUser:
        """Return the user whose passkey tests share."""
        if self._passkey_user is None:
            account = await make_user()
            async with self._visitor() as visitor:
                self._passkey_user = await with_passkey(visitor, account, self.deployment)
        return self._passkey_user

    async def session_of(self, account: Account) -> SignedIn:
        """Return a shared session whose access token is valid by the deployment's clock."""
        kept = self._sessions.get(account.email)
        if kept is None:
            kept = await self._opened(account)
        elif not kept.is_fresh(self.deployment.now()):
            kept = await self._renewed(kept)
        self._sessions[account.email] = kept
        return kept.session

    @asynccontextmanager
    async def lent(self, account: Account) -> AsyncIterator[SignedIn]:
        """Lend a session, which the next block of the same account goes on with."""
        kept = self._survivor
        if kept is None or kept.loans >= LOANS or not kept.is_fresh(self.deployment.now()):
            kept = await self._opened(account)
        yield kept.session
        self._survivor = await self._renewed(kept)

    async def _account(self, name: str, make_user: MakeUser) -> Account:
        if name not in self._accounts:
            self._accounts[name] = await make_user()
        return self._accounts[name]

    async def _renewed(self, kept: _Kept) -> _Kept:
        """Refresh a session; if it is over, or too old, open another one."""
        account, now = kept.session.account, self.deployment.now()
        if not timedelta() <= now - kept.opened < RECENT:
            return await self._opened(account)
        async with self._visitor() as visitor:
            answer = await visitor.refresh(kept.session.refresh)
        if not answer.is_success:
            return await self._opened(account)
        return _Kept(opened(account, answer), kept.opened, now, kept.loans + 1)

    async def _opened(self, account: Account) -> _Kept:
        now = self.deployment.now()
        async with self._visitor() as visitor:
            return _Kept(await visitor.sign_in(account), now, now)

    @asynccontextmanager
    async def _visitor(self) -> AsyncIterator[Visitor]:
        async with self.deployment.client() as http:
            yield Visitor(http=http, cookie_name=self.deployment.cookie_name)
