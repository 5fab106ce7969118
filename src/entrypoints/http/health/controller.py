"""Liveness and readiness of a worker."""

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import SkipValidation

from latchkey.domain.kernel.errors import StorageUnavailableError
from latchkey.domain.storage import Storage
from latchkey.entrypoints.http.health.schemas import HealthBody
from latchkey.entrypoints.http.problems.declared import NO_SECURITY, problems


class HealthController(Controller):
    """The routes that check a worker's health."""

    path = "/health"
    tags = ("Health",)

    @get("/live", public=True, security=NO_SECURITY, summary="Liveness", responses=problems())
    async def live(self) -> HealthBody:
        """Check that the process responds."""
        return HealthBody(status="ok")

    @get(
        "/ready",
        public=True,
        security=NO_SECURITY,
        summary="Readiness",
        responses=problems(StorageUnavailableError),
    )
    async def ready(self, storage: NamedDependency[SkipValidation[Storage]]) -> HealthBody:
        """Check that the process and its database respond."""
        await storage.ping()
        return HealthBody(status="ok")
