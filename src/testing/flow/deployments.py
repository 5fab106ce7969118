"""What the tests of the flow need of a deployment.

Every deployment answers HTTP. Whatever else a test may need is an attribute, which is None if a
deployment does not have it; the fixture of that name then skips the test and says why.
"""

import secrets
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Final

import httpx

from latchkey.domain.accounts.user import Role
from latchkey.domain.audit.event import AuditAction
from latchkey.testing.frozen_clock import FrozenClock

GOOD_PASSWORD: Final = f"violet-Kettle-41-harbour-{secrets.token_urlsafe(12)}"
"""A new one in each run, since the users stay in the deployment; shorter than 72 bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account that can log in."""

    email: str
    password: str = field(default=GOOD_PASSWORD, repr=False)
    name: str = "Somebody"

    @property
    def credentials(self) -> dict[str, str]:
        """The body of a login."""
        return {"email": self.email, "password": self.password}


class Operator(ABC):
    """What an operator can do to the deployment without the API."""

    @abstractmethod
    async def create(self, account: Account, role: Role) -> None:
        """Create a user."""

    @abstractmethod
    async def disable(self, email: str) -> None:
        """Disable a user."""

    @abstractmethod
    async def enable(self, email: str) -> None:
        """Enable a disabled user."""

    @abstractmethod
    async def set_role(self, email: str, role: Role) -> None:
        """Set a user's role."""

    @abstractmethod
    async def set_password(self, email: str, password: str) -> None:
        """Set a user's password."""

    @abstractmethod
    async def reset_factors(self, email: str) -> None:
        """Remove a user's second factors."""

    @abstractmethod
    async def add_orders(self, email: str, totals: Sequence[int]) -> None:
        """Add orders with these totals to a user, each newer than the one before."""

    @abstractmethod
    async def audited(self, session_id: str) -> list[AuditAction]:
        """Return what the audit log says of a session, oldest first."""


class Forger(ABC):
    """The deployment's signing secrets."""

    @abstractmethod
    def sign(self, signing_input: bytes) -> bytes:
        """Compute the signature of an access token's first two segments, not yet encoded."""

    @abstractmethod
    def refresh_token(self, like: str, *, ahead: int = 0, secret: bytes | None = None) -> str:
        """Make another token of the same session, `ahead` generations ahead."""


class Storage(ABC):
    """The connection between the service and its database."""

    @abstractmethod
    async def cut(self) -> None:
        """Make the database unreachable; open connections break, too."""

    @abstractmethod
    async def mend(self) -> None:
        """Make the database reachable again."""


class Process(ABC):
    """The processes of the service."""

    @abstractmethod
    async def kill(self) -> None:
        """Kill the service and its workers at once, as `kill -9` does."""

    @abstractmethod
    async def start(self) -> None:
        """Start the service with the same settings and database; wait until it is ready."""

    @abstractmethod
    def output(self) -> str:
        """Return everything that the service has written to its output so far."""


class Deployment(ABC):
    """A running implementation of the flow.

    Attributes:
        base_url: Scheme and authority, without a path; the service's own origin.
        admin: An administrator, or None if none is known.
        cookie_name: The name of the refresh token's cookie.
        grace: How long a retired refresh token is still accepted.
        rotation: Within which time operators rotate the keys, if the suite shall watch it.
    """

    base_url: str
    cookie_name: str = "refresh_token"
    admin: Account | None = None
    grace: timedelta = timedelta(seconds=10)
    clock: FrozenClock | None = None
    operator: Operator | None = None
    forger: Forger | None = None
    storage: Storage | None = None
    process: Process | None = None
    rotation: timedelta | None = None

    @abstractmethod
    def client(self) -> httpx.AsyncClient:
        """Return a client that keeps no cookies."""

    @abstractmethod
    def now(self) -> datetime:
        """Return the time of the deployment's clock."""

    @abstractmethod
    async def outlast(self, period: timedelta) -> None:
        """Return when a period, of a minute at most, has passed on the deployment's clock."""


def forgetful_jar() -> CookieJar:
    """Return a cookie jar that keeps nothing, so that each test says which cookie is sent."""
    return CookieJar(DefaultCookiePolicy(allowed_domains=[]))
