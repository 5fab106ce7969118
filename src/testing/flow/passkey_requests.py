"""Requests of the flow that are about passkeys."""

from dataclasses import dataclass

import httpx

from latchkey.testing.flow.requests import Requests


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyRequests(Requests):
    """Requests about passkeys."""

    async def ask_passkey(self, *, headers: dict[str, str] | None = None) -> httpx.Response:
        """Ask for a challenge for any passkey."""
        return await self.http.post("/api/auth/passkeys/options", headers=headers)

    async def login_passkey(
        self, credential: object, *, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """Log in with a passkey."""
        body = {"credential": credential}
        return await self.http.post("/api/auth/login/passkey", json=body, headers=headers)

    async def begin_passkey(self, access: str) -> httpx.Response:
        """Begin to add a passkey."""
        return await self.post("/api/auth/factors/passkeys/options", access, {})

    async def add_passkey(
        self, access: str, credential: object, name: object = "Laptop"
    ) -> httpx.Response:
        """Add a passkey."""
        body = {"credential": credential, "name": name}
        return await self.post("/api/auth/factors/passkeys", access, body)

    async def begin_required_passkey(
        self, challenge: str, *, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """Begin to add the passkey that a login requires."""
        path = "/api/auth/login/enrolment/passkeys/options"
        return await self.http.post(path, json={"challenge": challenge}, headers=headers)

    async def add_required_passkey(
        self,
        challenge: str,
        credential: object,
        name: object = "Laptop",
        *,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        """Add the passkey that a login requires, and complete the login."""
        body = {"challenge": challenge, "credential": credential, "name": name}
        path = "/api/auth/login/enrolment/passkeys"
        return await self.http.post(path, json=body, headers=headers)

    async def remove_passkey(self, access: str, passkey_id: str) -> httpx.Response:
        """Remove a passkey."""
        return await self.post(f"/api/auth/factors/passkeys/{passkey_id}/remove", access, {})
