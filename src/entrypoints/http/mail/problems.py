"""Problems of mail."""

from typing import Final

from latchkey.domain.mail.errors import MailDisabledError, TooManyMailsError
from latchkey.entrypoints.http.problems.problem import Problem, Problems

PROBLEMS: Final[Problems] = {
    MailDisabledError: Problem(
        status=403,
        title="Mail disabled",
        detail="This deployment sends no mail.",
        advice="Ask the operators, who set `SMTP_URL`, or who run `latchkey reset-link`.",
    ),
    TooManyMailsError: Problem(
        status=429,
        title="Too many mails",
        detail="Too many mails were asked for.",
        advice="Look into the mailbox first. Wait for the seconds in `Retry-After`; ask again.",
    ),
}
