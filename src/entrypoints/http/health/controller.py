"""Whether the service lives, and whether it can serve."""

from litestar import Controller, get
from litestar.di import NamedDependency

from latchkey.entrypoints.container import Storage
from latchkey.entrypoints.http.health.schemas import HealthBody
from latchkey.entrypoints.http.openapi.problems import NO_SECURITY, problems


class HealthController(Controller):
    """Health."""

    path = "/health"
    tags = ("Health",)

    @get("/live", public=True, security=NO_SECURITY, summary="Liveness", responses=problems())
    async def live(self) -> HealthBody:
        """Tell that the process answers."""
        return HealthBody(status="ok")

    @get(
        "/ready",
        public=True,
        security=NO_SECURITY,
        summary="Readiness",
        responses=problems("storage_unavailable"),
    )
    async def ready(self, storage: NamedDependency[Storage]) -> HealthBody:
        """Tell that PostgreSQL answers, too."""
        await storage.ping()
        return HealthBody(status="ok")
