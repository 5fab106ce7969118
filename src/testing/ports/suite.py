"""What all suites have in common."""

from typing import Final

import pytest
from hypothesis import HealthCheck, settings

any_adapter: Final = settings(
    deadline=None,  # an adapter may be as slow as it likes
    suppress_health_check=[
        HealthCheck.differing_executors,  # several adapters may be bound to one suite
        HealthCheck.function_scoped_fixture,  # no example depends on the one before
    ],
)
"""Settings for examples that Hypothesis draws: whatever the adapter, and however often bound."""


@pytest.mark.anyio
class AsyncSuite:
    """Tests that run on asyncio, even where the test run as a whole uses other event loops."""

    @pytest.fixture(scope="session")
    @staticmethod
    def anyio_backend() -> str:
        """Choose asyncio for the tests of this suite and the fixtures that they use."""
        return "asyncio"
