"""Accounts and sessions that tests share, so that not each of them needs a password hash."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from latchkey.testing.flow.deployments import Account, Deployment
from latchkey.testing.flow.fixtures import MakeUser
from latchkey.testing.flow.visitor import SignedIn, Visitor

FRESH: Final = timedelta(seconds=60)
"""How long a shared access token is used: shorter than any sensible lifetime."""


@dataclass(slots=True)
class SharedSessions:
    """The accounts and sessions of one deployment."""

    deployment: Deployment
    _residents: dict[str, Account] = field(default_factory=dict)
    _sessions: dict[str, tuple[SignedIn, datetime]] = field(default_factory=dict)

    async def resident(self, make_user: MakeUser) -> Account:
        """Return the account that tests open sessions of."""
        return await self._account("resident", make_user)

    async def reader(self, make_user: MakeUser) -> Account:
        """Return the account whose access token tests share.

        It is not the residents', whose oldest session ends with each login beyond
        SESSIONS_PER_USER.
        """
        return await self._account("reader", make_user)

    async def session_of(self, account: Account) -> SignedIn:
        """Return a session of the account whose access token is valid by the deployment's clock."""
        signed_in, since = self._sessions.get(account.email, (None, self.deployment.now()))
        if signed_in is None or not timedelta() <= self.deployment.now() - since < FRESH:
            signed_in, since = await self._sign_in(account), self.deployment.now()
            self._sessions[account.email] = signed_in, since
        return signed_in

    async def _account(self, name: str, make_user: MakeUser) -> Account:
        if name not in self._residents:
            self._residents[name] = await make_user()
        return self._residents[name]

    async def _sign_in(self, account: Account) -> SignedIn:
        async with self.deployment.client() as http:
            visitor = Visitor(http=http, cookie_name=self.deployment.cookie_name)
            return await visitor.sign_in(account)
