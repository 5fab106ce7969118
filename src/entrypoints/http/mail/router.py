"""The routes of mail, with their use cases."""

from litestar import Router

from latchkey.entrypoints.container import Container
from latchkey.entrypoints.http.dependencies import provide_all
from latchkey.entrypoints.http.mail.mailbox import MailboxController
from latchkey.entrypoints.http.mail.queue import MailController


def mailbox_router(container: Container) -> Router:
    return Router(
        "/",
        route_handlers=[MailboxController],
        dependencies=provide_all(mailbox=container.mailbox()),
    )


def router(container: Container) -> Router:
    return Router(
        "/",
        route_handlers=[MailController],
        dependencies=provide_all(
            list_mails=container.list_mails(), send_test_mail=container.send_test_mail()
        ),
    )
