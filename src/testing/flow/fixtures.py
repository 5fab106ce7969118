"""The types of the fixtures that create users and deployments, and what fixtures share."""

from typing import Protocol
from uuid import uuid4

import pytest

from latchkey.testing.flow.deployments import GOOD_PASSWORD, Account, Deployment


class MakeUser(Protocol):
    """Creates a user through the API, with a new address unless one is given."""

    async def __call__(self, *, email: str | None = None, password: str = GOOD_PASSWORD) -> Account:
        """Create a user."""
        ...


class Deploy(Protocol):
    """Makes a deployment for one test or module."""

    async def __call__(self, *, has_admin: bool = True, **environ: str) -> Deployment:
        """Deploy with these settings in addition to the usual ones."""
        ...


def new_email() -> str:
    """Return an e-mail address that nobody has."""
    return f"u{uuid4().hex[:12]}@latchkey.example"


def admin_of(deployment: Deployment) -> Account:
    """Return the administrator; if none is known, the test is left out."""
    if deployment.admin is None:
        pytest.skip("needs an administrator (--admin-email)")
    return deployment.admin
