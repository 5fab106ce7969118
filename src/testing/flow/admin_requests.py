"""What administrators do."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import httpx

from latchkey.testing.flow.requests import Requests

_PAGES: Final = 50  # of lists that others add to


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminRequests(Requests):
    """Requests of administrators."""

    async def invite(self, access: str, email: str, role: str = "USER") -> httpx.Response:
        """Send a request to invite somebody."""
        return await self.post("/api/admin/invitations", access, {"email": email, "role": role})

    async def invitations(self, access: str, **query: object) -> httpx.Response:
        """Request a page of open invitations."""
        return await self.get("/api/admin/invitations", access, **query)

    async def withdraw(self, access: str, invitation: str) -> httpx.Response:
        """Send a request to withdraw an invitation."""
        return await self.post(f"/api/admin/invitations/{invitation}/withdraw", access, None)

    async def users(self, access: str, **query: object) -> httpx.Response:
        """Request a page of users."""
        return await self.get("/api/admin/users", access, **query)

    async def users_one_by_one(
        self, access: str, emails: Collection[str], **query: object
    ) -> list[str]:
        """Request pages of one user, from the newest on, until all of some users were listed.

        Returns:
            Their addresses in the order of the pages. Those of others are left out: somebody else
            may create users meanwhile.
        """
        found: list[str] = []
        cursor: dict[str, object] = {}
        for _ in range(_PAGES):
            page = (await self.users(access, limit=1, **query, **cursor)).json()
            found += [user["email"] for user in page["items"] if user["email"] in emails]
            cursor = {"cursor": page["nextCursor"]}
            if len(found) >= len(emails) or page["nextCursor"] is None:
                break
        return found

    async def create_user(self, access: str, body: object) -> httpx.Response:
        """Send a request to create a user."""
        return await self.post("/api/admin/users", access, body)

    async def user(self, access: str, user: str) -> httpx.Response:
        """Request one user."""
        return await self.get(f"/api/admin/users/{user}", access)

    async def change_user(self, access: str, user: str, body: object) -> httpx.Response:
        """Send a request to change a user."""
        return await self.post(f"/api/admin/users/{user}", access, body)

    async def user_sessions(self, access: str, user: str, **query: object) -> httpx.Response:
        """Request a page of a user's sessions."""
        return await self.get(f"/api/admin/users/{user}/sessions", access, **query)

    async def end_user_sessions(self, access: str, user: str, body: object) -> httpx.Response:
        """Send a request to end sessions of a user."""
        return await self.post(f"/api/admin/users/{user}/sessions/end", access, body)

    async def send_reset(self, access: str, user: str) -> httpx.Response:
        """Send a request for a link that resets a user's password."""
        return await self.post(f"/api/admin/users/{user}/password-resets", access, None)

    async def audit(self, access: str, **query: object) -> httpx.Response:
        """Request a page of the audit log."""
        return await self.get("/api/admin/audit", access, **query)

    async def mails(self, access: str, **query: object) -> httpx.Response:
        """Request a page of the mails that are not sent."""
        return await self.get("/api/admin/mails", access, **query)

    async def send_test_mail(self, access: str, email: str) -> httpx.Response:
        """Send a request for a test mail."""
        return await self.post("/api/admin/mails/test", access, {"email": email})

    async def search_users(self, access: str, **query: object) -> httpx.Response:
        """Request users by a part of their data."""
        return await self.get("/api/admin/users/search", access, **query)
