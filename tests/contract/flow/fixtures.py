"""The shapes of fixtures that make things, and what they make them of."""

from typing import Protocol
from uuid import uuid4

from contract.flow.deployments import GOOD_PASSWORD, Account, Deployment


class MakeUser(Protocol):
    """Makes a user through the API, with an address of their own unless one is given."""

    async def __call__(self, *, email: str | None = None, password: str = GOOD_PASSWORD) -> Account:
        """Make a user."""
        ...


class Deploy(Protocol):
    """Makes a deployment of its own for a test."""

    async def __call__(self, *, has_admin: bool = True, **environ: str) -> Deployment:
        """Deploy with these settings beside the tests' usual ones."""
        ...


def new_email() -> str:
    """Make an address that nobody has."""
    return f"u{uuid4().hex[:12]}@latchkey.example"
