"""A client that sends exactly what a test says."""

from dataclasses import dataclass, field
from typing import Any, Self

import httpx

from latchkey.testing.flow.account_requests import AccountRequests
from latchkey.testing.flow.admin_requests import AdminRequests
from latchkey.testing.flow.deployments import Account
from latchkey.testing.flow.expectations import assert_status, expect, member
from latchkey.testing.flow.factor_requests import FactorRequests
from latchkey.testing.flow.passkey_requests import PasskeyRequests
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
class Visitor(AccountRequests, AdminRequests, FactorRequests, PasskeyRequests):
    """The operations of the flow, with explicit cookies and headers."""

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
        return await self.get("/api/auth/me", access)

    async def exchange(self, access: str, body: object) -> httpx.Response:
        """Request an access token for another service."""
        return await self.http.post(
            "/api/auth/token", json=body, headers={"Authorization": f"Bearer {access}"}
        )

    async def orders(self, access: str, **query: object) -> httpx.Response:
        """Request a page of orders."""
        return await self.get("/api/orders", access, **query)

    async def sessions(self, access: str, **query: object) -> httpx.Response:
        """Request a page of one's own sessions."""
        return await self.get("/api/auth/sessions", access, **query)

    async def end_sessions(self, access: str, body: object) -> httpx.Response:
        """Send a request to end sessions of one's own."""
        return await self.post("/api/auth/sessions/end", access, body)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUser:
    """The body of a request to create a user."""

    body: JsonObject

    @classmethod
    def of(cls, account: Account, role: str = "USER", **other: object) -> Self:
        """Create the body from an account, its role and additional members."""
        return cls(body=account.credentials | {"name": account.name, "role": role} | other)
