"""Access tokens for other services."""

from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from latchkey.application.accounts.exchange_token import ExchangeToken, ExchangeTokenCommand
from latchkey.domain.kernel.errors import StorageUnavailableError
from latchkey.domain.sessions.errors import AudienceUnknownError
from latchkey.entrypoints.http.problems.declared import BEARER, BODY, problems
from latchkey.entrypoints.http.requests import SignedIn
from latchkey.entrypoints.http.sessions.schemas import AudienceBody, TokenBody


class TokenController(Controller):
    """Access tokens for other services."""

    path = "/api/auth"
    tags = ("Authentication",)

    @post(
        "/token",
        status_code=200,
        summary="Get an access token for another service",
        responses=problems(*BODY, *BEARER, AudienceUnknownError, StorageUnavailableError),
    )
    async def token(
        self,
        request: SignedIn,
        data: JSONBody[AudienceBody],
        exchange_token: NamedDependency[ExchangeToken],
    ) -> TokenBody:
        """Return an access token of the same session that one other service accepts."""
        command = ExchangeTokenCommand(
            by=request.user, presented=request.auth, audience=data.audience
        )
        return TokenBody.of(await exchange_token(command))
