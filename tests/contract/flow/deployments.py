"""What the flow's tests ask of a deployment, whoever runs it and wherever.

Every deployment answers HTTP. What else a test may need has a name of its own and is None where
a deployment doesn't have it; the fixture of that name leaves the test out there and says why.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import ClassVar, Final

import httpx

from latchkey.domain.accounts.user import Role
from latchkey.domain.audit.event import AuditAction
from latchkey.testing.frozen_clock import FrozenClock

GOOD_PASSWORD: Final = "violet-Kettle-41-harbour"
"""Neither common nor anybody's address, and plain `$2b$` by its length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody who can log in."""

    email: str
    password: str = field(default=GOOD_PASSWORD, repr=False)
    name: str = "Somebody"

    @property
    def credentials(self) -> dict[str, str]:
        """The body of a login."""
        return {"email": self.email, "password": self.password}


class Operator(ABC):
    """Whoever runs the deployment, with their own way in."""

    @abstractmethod
    async def create(self, account: Account, role: Role) -> None:
        """Make a user."""

    @abstractmethod
    async def disable(self, email: str) -> None:
        """Disable a user."""

    @abstractmethod
    async def enable(self, email: str) -> None:
        """Enable a user again."""

    @abstractmethod
    async def set_role(self, email: str, role: Role) -> None:
        """Give a user another role."""

    @abstractmethod
    async def set_password(self, email: str, password: str) -> None:
        """Give a user another password."""

    @abstractmethod
    async def add_orders(self, email: str, totals: Sequence[int]) -> None:
        """Give a user orders with these totals, each newer than the one before."""

    @abstractmethod
    async def audited(self, session_id: str) -> list[AuditAction]:
        """Read what happened to a session, in order."""


class Forger(ABC):
    """Somebody who knows the deployment's secrets."""

    @abstractmethod
    def sign(self, signing_input: bytes) -> bytes:
        """Compute the signature of an access token's first two segments, not yet encoded."""

    @abstractmethod
    def refresh_token(self, like: str, *, ahead: int = 0, secret: bytes | None = None) -> str:
        """Make another token of the same session, so many generations ahead."""


class Storage(ABC):
    """The way between the service and its database."""

    @abstractmethod
    async def cut(self) -> None:
        """Break it off, connections and all."""

    @abstractmethod
    async def mend(self) -> None:
        """Restore it."""


class Process(ABC):
    """The started service as the operating system sees it."""

    @abstractmethod
    async def kill(self) -> None:
        """End it and its workers at once, as `kill -9` does."""

    @abstractmethod
    async def start(self) -> None:
        """Start it again, with the same settings and database, and wait until it answers."""

    @abstractmethod
    def output(self) -> str:
        """Read everything that it has ever written."""


class Deployment(ABC):
    """A running implementation of the flow.

    Attributes:
        base_url: Scheme and authority, without a path; the service's own origin.
        admin: An administrator, or None where nobody knows one.
        grace: How long a retired refresh token still counts as honest.
    """

    cookie_name: ClassVar[str] = "refresh_token"
    base_url: str
    admin: Account | None = None
    grace: timedelta = timedelta(seconds=10)
    clock: FrozenClock | None = None
    operator: Operator | None = None
    forger: Forger | None = None
    storage: Storage | None = None
    process: Process | None = None

    @abstractmethod
    def client(self) -> httpx.AsyncClient:
        """Make a client that sends what it is told to and remembers no cookie."""

    @abstractmethod
    async def outlast(self, period: timedelta) -> None:
        """Let time pass, by the deployment's clock: at most a minute."""


def forgetful_jar() -> CookieJar:
    """Make a cookie jar that takes nothing, so that a test says what is sent."""
    return CookieJar(DefaultCookiePolicy(allowed_domains=[]))
