"""A client that sends exactly what a test says."""

from dataclasses import dataclass, field
from typing import Any, Self

import httpx

from latchkey.testing.flow.deployments import Account
from latchkey.testing.flow.expectations import assert_status, expect, member
from latchkey.testing.flow.set_cookie import SetCookie

JsonObject = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """The two tokens of a session, and its account."""

    account: Account
    access: str = field(repr=False)
    refresh: str = field(repr=False)

    @property
    def bearer(self) -> dict[str, str]:
        """The header that carries the access token."""
        return {"Authorization": f"Bearer {self.access}"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """The operations of the flow, with explicit cookies and headers.

    Attributes:
        http: A client that keeps no cookies.
    """

    http: httpx.AsyncClient
    cookie_name: str = "refresh_token"

    def cookie(self, token: str | None) -> dict[str, str]:
        """Return the header with a refresh token; no header for None."""
        return {} if token is None else {"Cookie": f"{self.cookie_name}={token}"}

    async def login(
        self, body: object, *, cookie: str | None = None, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """Send a login."""
        return await self.http.post(
            "/api/auth/login", json=body, headers=self.cookie(cookie) | (headers or {})
        )

    async def sign_in(self, account: Account, *, cookie: str | None = None) -> SignedIn:
        """Log in and expect success."""
        answer = await self.login(account.credentials, cookie=cookie)
        assert_status(answer, 200)
        return SignedIn(
            account=account,
            access=member(answer, "accessToken"),
            refresh=SetCookie.of(answer).value,
        )

    async def refresh(
        self, token: str | None, *, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """Send a refresh."""
        return await self.http.post(
            "/api/auth/refresh", headers=self.cookie(token) | (headers or {})
        )

    async def successor(self, token: str) -> str:
        """Refresh, expect success, and return the next refresh token."""
        answer = await self.refresh(token)
        expect(answer, "200 OK, since this token still refreshes", holds=answer.is_success)
        return SetCookie.of(answer).value

    async def logout(
        self, token: str | None, *, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """Send a logout."""
        return await self.http.post(
            "/api/auth/logout", headers=self.cookie(token) | (headers or {})
        )

    async def bootstrap(
        self, body: object, *, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """Send a bootstrap."""
        return await self.http.post("/api/auth/bootstrap", json=body, headers=headers)

    async def me(self, access: str) -> httpx.Response:
        """Request the current user."""
        return await self._get("/api/auth/me", access)

    async def exchange(self, access: str, body: object) -> httpx.Response:
        """Request an access token for another service."""
        return await self.http.post(
            "/api/auth/token", json=body, headers={"Authorization": f"Bearer {access}"}
        )

    async def orders(self, access: str, **query: object) -> httpx.Response:
        """Request a page of orders."""
        return await self._get("/api/orders", access, **query)

    async def sessions(self, access: str, **query: object) -> httpx.Response:
        """Request a page of one's own sessions."""
        return await self._get("/api/auth/sessions", access, **query)

    async def end_sessions(self, access: str, body: object) -> httpx.Response:
        """Send a request to end sessions of one's own."""
        return await self._post("/api/auth/sessions/end", access, body)

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

    async def invite(self, access: str, email: str, role: str = "USER") -> httpx.Response:
        """Send a request to invite somebody."""
        return await self._post("/api/admin/invitations", access, {"email": email, "role": role})

    async def invitations(self, access: str, **query: object) -> httpx.Response:
        """Request a page of open invitations."""
        return await self._get("/api/admin/invitations", access, **query)

    async def withdraw(self, access: str, invitation: str) -> httpx.Response:
        """Send a request to withdraw an invitation."""
        return await self._post(f"/api/admin/invitations/{invitation}/withdraw", access, None)

    async def change_password(
        self, access: str, current: str, new: str, *, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """Send the current password and a new one."""
        body = {"currentPassword": current, "newPassword": new}
        bearer = {"Authorization": f"Bearer {access}"}
        return await self.http.post(
            "/api/auth/password", json=body, headers=bearer | (headers or {})
        )

    async def users(self, access: str, **query: object) -> httpx.Response:
        """Request a page of users."""
        return await self._get("/api/admin/users", access, **query)

    async def create_user(self, access: str, body: object) -> httpx.Response:
        """Send a request to create a user."""
        return await self._post("/api/admin/users", access, body)

    async def search_users(self, access: str, **query: object) -> httpx.Response:
        """Request users by a part of their data."""
        return await self._get("/api/admin/users/search", access, **query)

    async def user(self, access: str, user: str) -> httpx.Response:
        """Request one user."""
        return await self._get(f"/api/admin/users/{user}", access)

    async def change_user(self, access: str, user: str, body: object) -> httpx.Response:
        """Send a request to change a user."""
        return await self._post(f"/api/admin/users/{user}", access, body)

    async def user_sessions(self, access: str, user: str, **query: object) -> httpx.Response:
        """Request a page of a user's sessions."""
        return await self._get(f"/api/admin/users/{user}/sessions", access, **query)

    async def end_user_sessions(self, access: str, user: str, body: object) -> httpx.Response:
        """Send a request to end sessions of a user."""
        return await self._post(f"/api/admin/users/{user}/sessions/end", access, body)

    async def send_reset(self, access: str, user: str) -> httpx.Response:
        """Send a request for a link that resets a user's password."""
        return await self._post(f"/api/admin/users/{user}/password-resets", access, None)

    async def audit(self, access: str, **query: object) -> httpx.Response:
        """Request a page of the audit log."""
        return await self._get("/api/admin/audit", access, **query)

    async def mails(self, access: str, **query: object) -> httpx.Response:
        """Request a page of the mails that are not sent."""
        return await self._get("/api/admin/mails", access, **query)

    async def send_test_mail(self, access: str, email: str) -> httpx.Response:
        """Send a request for a test mail."""
        return await self._post("/api/admin/mails/test", access, {"email": email})

    async def _post(self, path: str, access: str, body: object) -> httpx.Response:
        return await self.http.post(path, json=body, headers={"Authorization": f"Bearer {access}"})

    async def _get(self, path: str, access: str, **query: object) -> httpx.Response:
        return await self.http.get(
            path,
            params={name: str(value) for name, value in query.items()},
            headers={"Authorization": f"Bearer {access}"},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUser:
    """The body of a request to create a user."""

    body: JsonObject

    @classmethod
    def of(cls, account: Account, role: str = "USER", **other: object) -> Self:
        """Create the body from an account, its role and additional members."""
        return cls(body=account.credentials | {"name": account.name, "role": role} | other)
