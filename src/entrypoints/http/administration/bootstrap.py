"""The first administrator."""

from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from latchkey.application.administration.bootstrap import Bootstrap, BootstrapCommand
from latchkey.domain.accounts.errors import (
    AlreadyBootstrappedError,
    BootstrapDisabledError,
    EmailTakenError,
    PasswordHasherBusyError,
)
from latchkey.domain.accounts.password import Password
from latchkey.domain.kernel.errors import StorageUnavailableError
from latchkey.entrypoints.http.accounts.schemas import UserBody
from latchkey.entrypoints.http.administration.schemas import BootstrapBody
from latchkey.entrypoints.http.problems.declared import (
    BODY,
    NO_SECURITY,
    problems,
)
from latchkey.entrypoints.http.problems.errors import (
    OriginNotAllowedError,
)
from latchkey.entrypoints.http.requests import Anyone, source_of


class BootstrapController(Controller):
    """The route that creates the first administrator."""

    path = "/api/auth"
    tags = ("Authentication",)

    @post(
        "/bootstrap",
        public=True,
        status_code=201,
        csrf=True,
        security=NO_SECURITY,
        summary="Create the first administrator",
        responses=problems(
            *BODY,
            OriginNotAllowedError,
            BootstrapDisabledError,
            AlreadyBootstrappedError,
            EmailTakenError,
            PasswordHasherBusyError,
            StorageUnavailableError,
        ),
    )
    async def bootstrap(
        self,
        request: Anyone,
        data: JSONBody[BootstrapBody],
        bootstrap: NamedDependency[Bootstrap],
    ) -> UserBody:
        """Create an administrator if there is none. Exactly one of concurrent requests succeeds."""
        command = BootstrapCommand(
            email=data.email,
            name=data.name,
            password=Password(data.password),
            source=source_of(request),
        )
        return UserBody.of(await bootstrap(command))
