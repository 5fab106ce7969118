"""The user of the examples."""

from typing import Final
from uuid import UUID

from latchkey.domain.accounts.user import Role
from latchkey.entrypoints.http.accounts.schemas import UserBody

ACCESS: Final = "eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6IjEifQ.eyJzdWIiOiI….5f0c2a4e8d…"
EMAIL: Final = "ada@example.com"
NAME: Final = "Ada Lovelace"
USER: Final = UserBody(
    id=UUID("01956054-4d20-7b1f-9d2a-4be1a5c7f380"), email=EMAIL, name=NAME, role=Role.USER
)
