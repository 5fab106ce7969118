"""What people do with second factors."""

from dataclasses import dataclass

import httpx

from latchkey.testing.flow.requests import Requests


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorRequests(Requests):
    """Requests about second factors, and the second step of a login."""

    async def second_factor(
        self,
        challenge: str,
        code: str,
        factor: str = "totp",
        *,
        headers: dict[str, str] | None = None,
        **more: object,
    ) -> httpx.Response:
        """Complete a login with a code."""
        body = {"challenge": challenge, "factor": factor, "code": code, **more}
        return await self.http.post("/api/auth/login/second-factor", json=body, headers=headers)

    async def begin_enrolment(self, challenge: str) -> httpx.Response:
        """Begin to add the second factor that a login requires."""
        body = {"challenge": challenge}
        return await self.http.post("/api/auth/login/enrolment", json=body)

    async def confirm_enrolment(self, challenge: str, factor_id: str, code: str) -> httpx.Response:
        """Add the second factor that a login requires, and complete the login."""
        body = {"challenge": challenge, "id": factor_id, "code": code}
        return await self.http.post("/api/auth/login/enrolment/confirm", json=body)

    async def factors(self, access: str) -> httpx.Response:
        """Request one's own second factors."""
        return await self.get("/api/auth/factors", access)

    async def begin_totp(self, access: str) -> httpx.Response:
        """Begin to add an authenticator app."""
        return await self.post("/api/auth/factors/totp", access, {})

    async def confirm_totp(self, access: str, factor_id: str, code: str) -> httpx.Response:
        """Confirm an authenticator app with a code."""
        body = {"id": factor_id, "code": code}
        return await self.post("/api/auth/factors/totp/confirm", access, body)

    async def replace_codes(self, access: str) -> httpx.Response:
        """Replace one's own recovery codes."""
        return await self.post("/api/auth/factors/recovery-codes", access, {})

    async def remove_factors(self, access: str) -> httpx.Response:
        """Remove one's own second factors."""
        return await self.post("/api/auth/factors/remove", access, {})

    async def forget_devices(self, access: str, devices: object) -> httpx.Response:
        """Forget remembered devices of one's own."""
        path = "/api/auth/factors/remembered-devices/forget"
        return await self.post(path, access, {"devices": devices})
