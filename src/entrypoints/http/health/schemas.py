"""What a health check answers."""

from typing import Literal

from msgspec import Struct


class HealthBody(Struct, frozen=True):
    """All is well."""

    status: Literal["ok"]
