"""Where deployments come from. Only this connects the suite to a deployment."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import ClassVar, Final

from latchkey.testing.flow.deployments import Deployment

NOTHING: Final[Mapping[str, str]] = {}


class Kind(ABC):
    """Makes deployments of one kind.

    Attributes:
        lacks: Fixtures that this kind cannot provide by its nature.
        can_deploy: Whether it makes deployments with other settings.
    """

    lacks: ClassVar[frozenset[str]] = frozenset()
    can_deploy: ClassVar[bool] = True

    @abstractmethod
    def deploy(
        self, environ: Mapping[str, str] = NOTHING, *, has_admin: bool = True
    ) -> AbstractAsyncContextManager[Deployment]:
        """Deploy with settings in addition to the usual ones, with or without an administrator."""
