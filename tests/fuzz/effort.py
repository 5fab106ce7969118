"""How much is tried: the same little in each run of the tests, or ever new by `just fuzz`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from hypothesis import HealthCheck, settings
from hypothesis.database import DirectoryBasedExampleDatabase


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How much one run tries.

    Attributes:
        is_bounded: Whether each run tries the same, so that none turns red by chance.
        requests: How many random requests for each operation and source.
        lives: How many lives of sessions.
        steps: How many steps each life has, at most.
    """

    is_bounded: bool
    requests: int
    lives: int
    steps: int

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Self:
        """Read it from the environment: `LATCHKEY_FUZZ` is set by `just fuzz`."""
        if environ.get("LATCHKEY_FUZZ"):
            return cls(is_bounded=False, requests=50, lives=100, steps=40)
        return cls(is_bounded=True, requests=6, lives=16, steps=20)

    @property
    def of_lives(self) -> settings:
        """How Hypothesis goes about lives."""
        return self._settings(self.lives)

    @property
    def of_requests(self) -> settings:
        """How Hypothesis goes about single requests to all operations."""
        return self._settings(self.requests * _OPERATIONS)

    def _settings(self, examples: int) -> settings:
        """What fails by `just fuzz` is tried again first."""
        return settings(
            max_examples=examples,
            stateful_step_count=self.steps,
            derandomize=self.is_bounded,
            database=None if self.is_bounded else DirectoryBasedExampleDatabase(_FOUND),
            deadline=None,
            suppress_health_check=list(HealthCheck),  # a busy machine is no bug
        )


_FOUND: Final = ".hypothesis/fuzz"
_OPERATIONS: Final = 15  # about as many as there are
