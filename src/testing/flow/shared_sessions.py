"""Accounts and sessions for the tests, prepared with as little waiting as possible.

Each of them needs a password hash, which takes a quarter of a second. So tests share accounts and
sessions where their promises allow it. Those that a test needs for itself are made several at a
time, to use all cores.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, TypeVar

from latchkey.testing.flow.deployments import Account, Deployment
from latchkey.testing.flow.fixtures import MakeUser
from latchkey.testing.flow.passkey_users import PasskeyUser, with_passkey
from latchkey.testing.flow.visitor import SignedIn, Visitor

T = TypeVar("T")

FRESH: Final = timedelta(seconds=60)
"""How long a session may wait or be shared: shorter than any sensible lifetime of a token."""
BATCH: Final = 4


@dataclass(slots=True)
class SharedSessions:
    """The accounts and sessions of one deployment."""

    deployment: Deployment
    _accounts: dict[str, Account] = field(default_factory=dict)
    _passkey_user: PasskeyUser | None = None
    _sessions: dict[str, tuple[SignedIn, datetime]] = field(default_factory=dict)
    _unused_accounts: list[Account] = field(default_factory=list)
    _unused_sessions: list[tuple[SignedIn, datetime]] = field(default_factory=list)

    async def new_account(self, make_user: MakeUser) -> Account:
        """Return an account that no other test uses."""
        if not self._unused_accounts:
            self._unused_accounts = await self._several(make_user)
        return self._unused_accounts.pop()

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
            async with self.deployment.client() as http:
                visitor = Visitor(http=http, cookie_name=self.deployment.cookie_name)
                self._passkey_user = await with_passkey(visitor, account, self.deployment)
        return self._passkey_user

    async def new_session(self, account: Account) -> SignedIn:
        """Return a session that no other test uses. Every call must pass the same account."""
        while self._unused_sessions:
            signed_in, since = self._unused_sessions.pop()
            if self._is_fresh(since):
                return signed_in
        since = self.deployment.now()
        opened = await self._several(lambda: self._sign_in(account))
        self._unused_sessions = [(signed_in, since) for signed_in in opened]
        return self._unused_sessions.pop()[0]

    async def session_of(self, account: Account) -> SignedIn:
        """Return a shared session whose access token is valid by the deployment's clock."""
        kept = self._sessions.get(account.email)
        if kept is None or not self._is_fresh(kept[1]):
            kept = await self._sign_in(account), self.deployment.now()
            self._sessions[account.email] = kept
        return kept[0]

    async def _account(self, name: str, make_user: MakeUser) -> Account:
        if name not in self._accounts:
            self._accounts[name] = await make_user()
        return self._accounts[name]

    async def _several(self, make: Callable[[], Awaitable[T]]) -> list[T]:
        """Make several at once; only one if tests can move the clock, and so age the others."""
        count = 1 if self.deployment.clock else BATCH
        return await asyncio.gather(*(make() for _ in range(count)))

    def _is_fresh(self, since: datetime) -> bool:
        return timedelta() <= self.deployment.now() - since < FRESH

    async def _sign_in(self, account: Account) -> SignedIn:
        async with self.deployment.client() as http:
            visitor = Visitor(http=http, cookie_name=self.deployment.cookie_name)
            return await visitor.sign_in(account)
