"""The routes of the audit log, with their use cases."""

from litestar import Router

from latchkey.entrypoints.container import Container
from latchkey.entrypoints.http.audit.controller import AuditController
from latchkey.entrypoints.http.dependencies import provide_all


def router(container: Container) -> Router:
    return Router(
        "/",
        route_handlers=[AuditController],
        dependencies=provide_all(list_events=container.list_events()),
    )
