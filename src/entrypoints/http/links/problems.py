"""Problems of links."""

from typing import Final

from latchkey.domain.links.errors import LinkEndedError, LinkInvalidError
from latchkey.entrypoints.http.problems.problem import Problem, Problems

PROBLEMS: Final[Problems] = {
    LinkInvalidError: Problem(
        status=400,
        title="Link invalid",
        detail="The link was not issued by this service, or is not complete.",
        advice="Take the whole address out of the mail. It may have been cut.",
    ),
    LinkEndedError: Problem(
        status=410,
        title="Link ended",
        detail="The link is no longer good.",
        advice="Tell the user why (see `reason`), and offer to send a new link.",
    ),
}
