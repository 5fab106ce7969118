"""Links in mails."""

from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from latchkey.application.links.read_link import ReadLink
from latchkey.domain.kernel.errors import StorageUnavailableError
from latchkey.domain.links.errors import LinkEndedError, LinkInvalidError
from latchkey.entrypoints.http.links.schemas import LinkBody, ReadableLinkBody
from latchkey.entrypoints.http.problems.declared import BODY, NO_SECURITY, problems
from latchkey.entrypoints.http.problems.errors import OriginNotAllowedError


class LinkController(Controller):
    """The routes of links of any kind."""

    path = "/api/auth/links"
    tags = ("Authentication",)

    @post(
        "/read",
        public=True,
        status_code=200,
        csrf=True,
        security=NO_SECURITY,
        summary="Read a link",
        responses=problems(
            *BODY,
            LinkInvalidError,
            LinkEndedError,
            OriginNotAllowedError,
            StorageUnavailableError,
        ),
    )
    async def read(
        self, data: JSONBody[LinkBody], read_link: NamedDependency[ReadLink]
    ) -> ReadableLinkBody:
        """Return what a link is for. Changes nothing: the link stays good."""
        return ReadableLinkBody.of(await read_link(data.token))
