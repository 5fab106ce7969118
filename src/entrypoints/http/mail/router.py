"""The routes of the mailbox, with what they read."""

from litestar import Router

from latchkey.entrypoints.container import Container
from latchkey.entrypoints.http.dependencies import provide_all
from latchkey.entrypoints.http.mail.mailbox import MailboxController


def router(container: Container) -> Router:
    return Router(
        "/",
        route_handlers=[MailboxController],
        dependencies=provide_all(mailbox=container.mailbox()),
    )
