"""Every problem that a client can get, from the tables of the capabilities."""

from types import MappingProxyType
from typing import Final

from latchkey.domain.kernel.errors import LatchkeyError
from latchkey.entrypoints.http.accounts.problems import PROBLEMS as ACCOUNTS
from latchkey.entrypoints.http.factors.problems import PROBLEMS as FACTORS
from latchkey.entrypoints.http.links.problems import PROBLEMS as LINKS
from latchkey.entrypoints.http.mail.problems import PROBLEMS as MAIL
from latchkey.entrypoints.http.problems.general import PROBLEMS as GENERAL
from latchkey.entrypoints.http.problems.problem import Problem, Problems
from latchkey.entrypoints.http.sessions.problems import PROBLEMS as SESSIONS

PROBLEMS: Final[Problems] = MappingProxyType(
    dict(
        sorted(
            (
                *GENERAL.items(),
                *ACCOUNTS.items(),
                *FACTORS.items(),
                *LINKS.items(),
                *MAIL.items(),
                *SESSIONS.items(),
            ),
            key=lambda row: (row[1].status, row[0].code),
        )
    )
)
"""The problem of each error, in the order of status and code."""


def problem_of(error: type[LatchkeyError]) -> Problem:
    """Return the problem of an error: its own, or that of its nearest ancestor.

    Raises:
        StopIteration: There is none. A test ensures that every error has one.
    """
    return next(PROBLEMS[each] for each in error.__mro__ if each in PROBLEMS)
