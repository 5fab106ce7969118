"""The routes of registration and invitations, with their use cases."""

from litestar import Router

from latchkey.entrypoints.container import Container
from latchkey.entrypoints.http.dependencies import provide_all
from latchkey.entrypoints.http.registration.controller import RegistrationController
from latchkey.entrypoints.http.registration.invitations import InvitationController


def router(container: Container) -> Router:
    return Router(
        "/",
        route_handlers=[RegistrationController, InvitationController],
        dependencies=provide_all(
            features=container.features(),
            request_registration=container.request_registration(),
            complete_registration=container.complete_registration(),
            invite=container.invite(),
            list_invitations=container.list_invitations(),
            withdraw_invitation=container.withdraw_invitation(),
        ),
    )
