"""The service in the memory of the tests' process."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final
from uuid import uuid4

import httpx
from anyio.from_thread import start_blocking_portal
from litestar.types import ASGIApp

from latchkey.domain.accounts.password import Password
from latchkey.domain.accounts.user import Role, User, UserId
from latchkey.domain.kernel.identifier import new_id
from latchkey.domain.storage import Storage
from latchkey.entrypoints.container import Container
from latchkey.entrypoints.http.app import create_app_of
from latchkey.entrypoints.settings import Settings
from latchkey.testing.fakes import FastPasswordHasher
from latchkey.testing.transport import BlockingTransport, asgi_transport

BASE_URL: Final = "http://latchkey.example"
PASSWORD: Final = "kettle-07-harbour and a horse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A user, with their password."""

    id: UserId
    email: str
    name: str
    role: Role
    password: str = field(repr=False)


class InProcessService:
    """The whole service, ready for requests without a server, a database or its lifespan.

    All methods are synchronous and may be called in any test, whichever event loop runs it.

    Attributes:
        settings: The settings of the service.
        storage: The storage of the service.
        container: Every use case. Replace parts by `override` before the first use of `app`.
    """

    def __init__(self, settings: Settings, storage: Storage) -> None:
        """Build the service, with a password hasher that takes no time.

        Args:
            settings: Such as `from_env(ENVIRON)`, with the `ENVIRON` of `latchkey.testing.environ`.
            storage: Such as `MemoryStorage` on a `FrozenClock`. It must not have to be opened in an
                event loop, since each event loop lasts for one request only.
        """
        self.settings = settings
        self.storage = storage
        self.container = Container(settings=settings, storage=storage)
        self.container.hasher.override(FastPasswordHasher())

    @cached_property
    def app(self) -> ASGIApp:
        """The ASGI application, to be called, mounted or served."""
        return create_app_of(self.container)

    def create_user(
        self, *, role: Role = Role.USER, email: str | None = None, password: str = PASSWORD
    ) -> Account:
        """Create a user who can sign in, with an e-mail address of their own unless it is given."""
        now = self.storage.clock.now()
        typed = email or f"{uuid4().hex[:12]}@latchkey.example"
        user = User(
            id=UserId(new_id(now)),
            email=self.container.addresses().parse(typed),
            name=f"A test's {role.lower()}",
            role=role,
            created_at=now,
        )
        with start_blocking_portal() as portal:
            password_hash = portal.call(self.container.hasher().hash, Password(password))
            portal.call(self.storage.users.add, user, password_hash)
        return Account(
            id=user.id, email=user.email.text, name=user.name, role=role, password=password
        )

    def client(self, account: Account | None = None) -> httpx.AsyncClient:
        """Create an asynchronous client, logged in if an account is given.

        A logged-in client sends the access token with each request, and the refresh token's cookie
        to the paths that it is for. After a refresh, set the new access token yourself.
        """
        return httpx.AsyncClient(transport=asgi_transport(self.app), **self._identity(account))

    def sync_client(self, account: Account | None = None) -> httpx.Client:
        """Create a synchronous client, logged in if an account is given, like `client`."""
        return httpx.Client(transport=BlockingTransport(self.app), **self._identity(account))

    def access_token(self, account: Account) -> str:
        """Log in and return only the access token, for clients of another application."""
        authorization: str = self._identity(account)["headers"]["Authorization"]
        return authorization.removeprefix("Bearer ")

    def _identity(self, account: Account | None) -> dict[str, Any]:
        if account is None:
            return {"base_url": BASE_URL}
        credentials = {"email": account.email, "password": account.password}
        with self.sync_client() as client:
            response = client.post("/api/auth/login", json=credentials)
        token = response.raise_for_status().json()["accessToken"]
        return {
            "base_url": BASE_URL,
            "headers": {"Authorization": f"Bearer {token}"},
            "cookies": client.cookies,
        }
