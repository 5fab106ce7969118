"""Sessions before and after the instant that a database is restored to."""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from typing import Final

import httpx

from latchkey.testing.flow.deployments import Account
from latchkey.testing.flow.set_cookie import SetCookie
from latchkey.testing.flow.visitor import Visitor

NEAR: Final = 16  # rotations after the instant that a restored copy makes up for, at most

Step = Callable[[Visitor, "Session"], Awaitable[None]]


@dataclass(slots=True, kw_only=True)
class Session:
    """What a browser holds of a session.

    Attributes:
        fate: One of the names in `FATES`.
        refresh: The newest token that it got.
    """

    fate: str
    access: str = field(repr=False)
    refresh: str = field(repr=False)


async def _stay(_visitor: Visitor, _session: Session) -> None:
    return


async def _leave(visitor: Visitor, session: Session) -> None:
    answer = await visitor.logout(session.refresh)
    assert answer.status_code == 200, answer.text


def _rotate(numbers: Sequence[int]) -> Step:
    """Rotate the first session so many times, the second one so many times, and so on."""
    turns = cycle(numbers)

    async def rotate(visitor: Visitor, session: Session) -> None:
        for _ in range(next(turns)):
            session.refresh = await visitor.successor(session.refresh)

    return rotate


FATES: Final[dict[str, tuple[Step, Step]]] = {
    "not used after the backup": (_stay, _stay),
    "rotated before the instant": (_rotate([3]), _stay),
    f"rotated 1 to {NEAR} times after it": (_stay, _rotate(range(NEAR, 0, -1))),
    f"rotated {NEAR + 1} times after it": (_stay, _rotate([NEAR + 1])),
    "logged out before it": (_leave, _stay),
    "logged out after it": (_stay, _leave),
}
"""What happens to sessions that a backup contains: between it and the instant, and after that."""
NEW: Final = "begun after it"
KEPT: Final = "kept"
FORKED: Final = "forked"
ACCUSED: Final = "reuse_detected"
REFUSED: Final = "refresh_token_invalid"
WITH_THE_OLD_SECRET: Final = {
    **dict.fromkeys(FATES, KEPT),  # also those that had been logged out
    f"rotated {NEAR + 1} times after it": ACCUSED,
    "logged out before it": "logged_out",
    NEW: "expired",
}
"""What comes of each fate if a restored copy is served with the secret that it had."""


class Crowd:
    """Sessions of one account, the same number of each fate."""

    def __init__(self, account: Account, each: int) -> None:
        self.account = account
        self.sessions: list[Session] = []
        self._each = each

    async def sign_in(self, visitor: Visitor) -> None:
        """Begin the sessions that the backup is going to contain."""
        for fate in FATES:
            await self._begin(visitor, fate)

    async def come_to_the_instant(self, visitor: Visitor) -> None:
        """Do what the restored copy is going to contain, beyond the backup."""
        for session in self.sessions:
            await FATES[session.fate][0](visitor, session)

    async def go_on(self, visitor: Visitor) -> None:
        """Do what the restored copy is not going to contain."""
        for session in self.sessions:
            await FATES[session.fate][1](visitor, session)
        await self._begin(visitor, NEW)

    async def refreshed(self, visitor: Visitor) -> Counter[tuple[str, str]]:
        """Refresh every session, and count fates and what came of them.

        That is `KEPT`, `FORKED`, the reason why a session has ended, or the code of a problem.
        """
        return Counter(
            [(session.fate, await _outcome(visitor, session.refresh)) for session in self.sessions]
        )

    async def read(self, visitor: Visitor) -> Counter[int]:
        """Use every access token, and count the statuses."""
        return Counter(
            [(await visitor.me(session.access)).status_code for session in self.sessions]
        )

    async def _begin(self, visitor: Visitor, fate: str) -> None:
        for _ in range(self._each):
            signed_in = await visitor.sign_in(self.account)
            session = Session(fate=fate, access=signed_in.access, refresh=signed_in.refresh)
            self.sessions.append(session)


async def _outcome(visitor: Visitor, token: str) -> str:
    first = await visitor.refresh(token)
    if not first.is_success:
        problem = first.json()
        return str(problem.get("reason") or problem["code"])
    again = await visitor.refresh(token)
    return KEPT if again.is_success and _token(again) == _token(first) else FORKED


def _token(answer: httpx.Response) -> str:
    return SetCookie.of(answer).value
