"""Whether PostgreSQL allows as many connections as the workers open."""

from latchkey.adapters.postgres.inspection import Inspection
from latchkey.entrypoints.settings import Settings


def connection_caution(settings: Settings, inspection: Inspection) -> str | None:
    """Return a warning if the workers of one replica need more connections than there are."""
    workers, size = settings.server.workers, settings.database.pool_size
    if workers * size <= inspection.connections:
        return None
    return (
        f"WORKERS, POOL_SIZE: {workers} x {size} connections exceed the {inspection.connections}"
        f" that PostgreSQL allows the role {inspection.role}"
    )
