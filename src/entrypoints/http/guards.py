"""Say who may: without I/O, from what is known of the request already."""

from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.handlers import BaseRouteHandler

from domain.errors import InsufficientRoleError
from domain.token import Principal
from domain.user import Role
from entrypoints.http.callers import Arrival
from entrypoints.http.origins import OriginPolicy
from entrypoints.http.refusals import Refusal, RefusedError

Connection = ASGIConnection[BaseRouteHandler, Principal, None, State]


def administrators(connection: Connection, _: BaseRouteHandler) -> None:
    """Let administrators pass.

    Raises:
        InsufficientRoleError: The principal is none.
    """
    if connection.user.role is not Role.ADMIN:
        raise InsufficientRoleError


def own_pages(connection: Connection, _: BaseRouteHandler) -> None:
    """Let requests pass that no foreign page can have caused.

    Raises:
        RefusedError: 403, before any work.
    """
    policy: OriginPolicy = connection.app.state["origins"]
    if not policy.admits(connection.scope["headers"], Arrival.of(connection.scope).origin):
        raise RefusedError(Refusal.of("origin_not_allowed"))
