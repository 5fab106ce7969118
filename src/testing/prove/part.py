"""The tests that one process runs: all of them, or those of modules that no other has taken."""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from itertools import count

import pytest

from latchkey.testing.flow.elsewhere import Elsewhere, ElsewhereDeployment
from latchkey.testing.prove.deployment import CannotRunError
from latchkey.testing.prove.findings import Finding
from latchkey.testing.prove.plugin import Progress, Prover

PYTEST_OPTIONS = (
    "--disable-plugin-autoload",
    "-panyio.pytest_plugin",
    "-pno:terminal",
    "-pno:cacheprovider",
    "-pno:junitxml",
    "--import-mode=importlib",
    f"-c{os.devnull}",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One of the parts of a run.

    Attributes:
        deployment: Nobody listens to it yet.
        scope: The ids of the promises to judge.
        turns: The numbers of the modules to run; all by default. Parts share them.
    """

    deployment: ElsewhereDeployment
    scope: frozenset[str]
    turns: Iterator[int] = field(default_factory=count)

    def run(self, progress: Progress) -> list[Finding]:
        """Run the tests in this process, unaffected by what the user has set for their own tests.

        Raises:
            CannotRunError: The user has interrupted it, or pytest cannot run.
        """
        for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS"):
            os.environ.pop(name, None)
        prover = Prover(Elsewhere(self.deployment), self.scope, progress, self.turns)
        self.deployment.listen(prover.listen)
        suite = str(files("latchkey.testing.flow"))
        sys.dont_write_bytecode = True  # the suite may be where only root writes
        status = pytest.main([*PYTEST_OPTIONS, f"--rootdir={suite}", suite], plugins=[prover])
        if status == pytest.ExitCode.INTERRUPTED and prover.error is None:
            raise CannotRunError("interrupted")
        if prover.error is not None:
            raise CannotRunError(f"the test suite itself has failed:\n{prover.error}")
        return prover.findings
