"""The response body of a health check."""

from typing import Literal

from msgspec import Struct


class HealthBody(Struct, frozen=True):
    """The check has passed."""

    status: Literal["ok"]
