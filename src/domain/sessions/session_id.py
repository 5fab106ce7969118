"""The identifier of a session."""

from typing import NewType
from uuid import UUID

SessionId = NewType("SessionId", UUID)
