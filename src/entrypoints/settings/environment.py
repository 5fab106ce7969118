"""Where the service runs."""

from enum import StrEnum


class Environment(StrEnum):
    """Where the service runs. `TEST` is like development, but allows cheap password hashes."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"
    TEST = "test"
