"""Say who may: without I/O, from what is known of the request already.

They are coroutines, though they never wait: the framework runs plain functions in a thread.
"""

from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.handlers import BaseRouteHandler

from domain.errors import InsufficientRoleError
from domain.token import Principal
from domain.user import Role

Connection = ASGIConnection[BaseRouteHandler, Principal, None, State]


async def administrators(connection: Connection, _: BaseRouteHandler) -> None:
    """Let administrators pass.

    Raises:
        InsufficientRoleError: The principal is none.
    """
    if connection.user.role is not Role.ADMIN:
        raise InsufficientRoleError
