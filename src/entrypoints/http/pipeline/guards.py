"""Say who may: without I/O, from what is known of the request already.

They are coroutines, though they never wait: the framework runs plain functions in a thread.
"""

from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.handlers import BaseRouteHandler

from latchkey.domain.accounts.errors import InsufficientRoleError
from latchkey.domain.accounts.user import Role
from latchkey.domain.sessions.access_token import Principal

Connection = ASGIConnection[BaseRouteHandler, Principal, None, State]


async def administrators(connection: Connection, _: BaseRouteHandler) -> None:
    """Let administrators pass.

    Raises:
        InsufficientRoleError: The principal is none.
    """
    if connection.user.role is not Role.ADMIN:
        raise InsufficientRoleError
