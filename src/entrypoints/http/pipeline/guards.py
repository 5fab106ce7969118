"""Authorization guards. They do no I/O.

They are coroutines although they never wait, since Litestar runs plain functions in a thread.
"""

from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.handlers import BaseRouteHandler

from latchkey.domain.accounts.errors import InsufficientRoleError
from latchkey.domain.accounts.user import Role
from latchkey.domain.sessions.access_token import Principal

Connection = ASGIConnection[BaseRouteHandler, Principal, None, State]


async def administrators(connection: Connection, _: BaseRouteHandler) -> None:
    """Allow administrators only.

    Raises:
        InsufficientRoleError: The principal is not an administrator.
    """
    if connection.user.role is not Role.ADMIN:
        raise InsufficientRoleError
