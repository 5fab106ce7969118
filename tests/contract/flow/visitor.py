"""Somebody with an HTTP client who sends exactly what a test tells them to."""

from dataclasses import dataclass, field
from typing import Any, Self

import httpx

from contract.flow.deployments import Account
from contract.flow.set_cookie import SetCookie

JsonObject = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """The two tokens of a session, and whose they are."""

    account: Account
    access: str = field(repr=False)
    refresh: str = field(repr=False)

    @property
    def bearer(self) -> dict[str, str]:
        """The header that carries the access token."""
        return {"Authorization": f"Bearer {self.access}"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """The operations of the flow, with cookies and headers given by hand.

    Attributes:
        http: A client without a memory of cookies.
    """

    http: httpx.AsyncClient
    cookie_name: str = "refresh_token"

    def cookie(self, token: str | None) -> dict[str, str]:
        """The header that carries a refresh token; none for None."""
        return {} if token is None else {"Cookie": f"{self.cookie_name}={token}"}

    async def login(
        self, body: object, *, cookie: str | None = None, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """Try to log in."""
        return await self.http.post(
            "/api/auth/login", json=body, headers=self.cookie(cookie) | (headers or {})
        )

    async def sign_in(self, account: Account, *, cookie: str | None = None) -> SignedIn:
        """Log in, as somebody who can."""
        answer = await self.login(account.credentials, cookie=cookie)
        assert answer.status_code == 200, answer.text
        return SignedIn(
            account=account,
            access=answer.json()["accessToken"],
            refresh=SetCookie.of(answer).value,
        )

    async def refresh(
        self, token: str | None, *, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """Try to refresh."""
        return await self.http.post(
            "/api/auth/refresh", headers=self.cookie(token) | (headers or {})
        )

    async def successor(self, token: str) -> str:
        """Refresh, as somebody who can, and give the next refresh token."""
        answer = await self.refresh(token)
        assert answer.status_code == 200, answer.text
        return SetCookie.of(answer).value

    async def logout(
        self, token: str | None, *, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """Log out."""
        return await self.http.post(
            "/api/auth/logout", headers=self.cookie(token) | (headers or {})
        )

    async def bootstrap(
        self, body: object, *, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """Try to become the first administrator."""
        return await self.http.post("/api/auth/bootstrap", json=body, headers=headers)

    async def me(self, access: str) -> httpx.Response:
        """Ask who is signed in."""
        return await self._get("/api/auth/me", access)

    async def orders(self, access: str, **query: object) -> httpx.Response:
        """Ask for orders."""
        return await self._get("/api/orders", access, **query)

    async def users(self, access: str, **query: object) -> httpx.Response:
        """Ask for users."""
        return await self._get("/api/admin/users", access, **query)

    async def create_user(self, access: str, body: object) -> httpx.Response:
        """Try to add a user."""
        return await self.http.post(
            "/api/admin/users", json=body, headers={"Authorization": f"Bearer {access}"}
        )

    async def _get(self, path: str, access: str, **query: object) -> httpx.Response:
        return await self.http.get(
            path,
            params={name: str(value) for name, value in query.items()},
            headers={"Authorization": f"Bearer {access}"},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUser:
    """The body of a wish to add a user."""

    body: JsonObject

    @classmethod
    def of(cls, account: Account, role: str = "USER", **other: object) -> Self:
        """Ask for an account with a role."""
        return cls(body=account.credentials | {"name": account.name, "role": role} | other)
