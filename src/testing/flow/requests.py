"""What all requests of the suite have in common."""

from dataclasses import dataclass

import httpx


@dataclass(frozen=True, slots=True, kw_only=True)
class Requests:
    """Sends requests with explicit cookies and headers.

    Attributes:
        http: A client that keeps no cookies.
        cookie_name: The name of the refresh token's cookie.
    """

    http: httpx.AsyncClient
    cookie_name: str = "refresh_token"

    def cookie(self, token: str | None) -> dict[str, str]:
        """Return the header with a refresh token; no header for None."""
        return {} if token is None else {"Cookie": f"{self.cookie_name}={token}"}

    async def post(self, path: str, access: str, body: object) -> httpx.Response:
        """Send a request of a user."""
        return await self.http.post(path, json=body, headers={"Authorization": f"Bearer {access}"})

    async def get(self, path: str, access: str, **query: object) -> httpx.Response:
        """Ask for something that a user may see."""
        return await self.http.get(
            path,
            params={name: str(value) for name, value in query.items()},
            headers={"Authorization": f"Bearer {access}"},
        )
