"""What people do with an account, besides signing in and out."""

from dataclasses import dataclass

import httpx

from latchkey.testing.flow.requests import Requests


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRequests(Requests):
    """Requests about an account, its password and its address."""

    async def request_reset(
        self, email: str, *, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """Ask for a link that resets the password."""
        body = {"email": email}
        return await self.http.post("/api/auth/password-resets", json=body, headers=headers)

    async def reset_password(
        self, token: str, password: str, *, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """Send a new password with the token of a link."""
        body = {"token": token, "password": password}
        return await self.http.post(
            "/api/auth/password-resets/complete", json=body, headers=headers
        )

    async def read_link(
        self, token: str, *, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """Ask what a link is for."""
        return await self.http.post("/api/auth/links/read", json={"token": token}, headers=headers)

    async def features(self) -> httpx.Response:
        """Ask what the deployment offers."""
        return await self.http.get("/api/auth/features")

    async def register(
        self, email: str, *, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """Ask for a link that makes an account."""
        body = {"email": email}
        return await self.http.post("/api/auth/registrations", json=body, headers=headers)

    async def complete(
        self, token: str, name: str, password: str, *, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """Send a name and a password with the token of a link."""
        body = {"token": token, "name": name, "password": password}
        return await self.http.post("/api/auth/registrations/complete", json=body, headers=headers)

    async def change_password(
        self, access: str, current: str, new: str, *, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """Send the current password and a new one."""
        body = {"currentPassword": current, "newPassword": new}
        bearer = {"Authorization": f"Bearer {access}"}
        return await self.http.post(
            "/api/auth/password", json=body, headers=bearer | (headers or {})
        )

    async def account(self, access: str) -> httpx.Response:
        """Request the own account."""
        return await self.get("/api/auth/account", access)

    async def request_email_change(
        self, access: str, email: str, password: str, *, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """Ask for another address."""
        body = {"email": email, "currentPassword": password}
        bearer = {"Authorization": f"Bearer {access}"}
        return await self.http.post(
            "/api/auth/email-changes", json=body, headers=bearer | (headers or {})
        )

    async def cancel_email_change(self, access: str) -> httpx.Response:
        """Withdraw the request for another address."""
        bearer = {"Authorization": f"Bearer {access}"}
        return await self.http.post("/api/auth/email-changes/cancel", headers=bearer)

    async def change_email(
        self, token: str, password: str, *, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """Send the current password with the token of a link to the new address."""
        body = {"token": token, "password": password}
        return await self.http.post("/api/auth/email-changes/complete", json=body, headers=headers)

    async def change_name(self, access: str, body: object) -> httpx.Response:
        """Send another name."""
        return await self.post("/api/auth/account", access, body)

    async def delete_account(
        self, access: str, password: str, *, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """Send the current password to delete the account."""
        body, bearer = {"currentPassword": password}, {"Authorization": f"Bearer {access}"}
        return await self.http.post(
            "/api/auth/account/delete", json=body, headers=bearer | (headers or {})
        )
