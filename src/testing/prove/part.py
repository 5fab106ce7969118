"""The tests that one process runs: all of them, or every third module of the suite."""

import os
import sys
from dataclasses import dataclass
from importlib.resources import files

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
    """One of the parts of a run, which differ only in their modules.

    Attributes:
        deployment: Nobody listens to it yet.
        scope: The ids of the promises to judge.
        number: From 0 on.
        count: How many parts there are.
    """

    deployment: ElsewhereDeployment
    scope: frozenset[str]
    number: int = 0
    count: int = 1

    def run(self, progress: Progress) -> list[Finding]:
        """Run the tests in this process, unaffected by what the user has set for their own tests.

        Raises:
            CannotRunError: The user has interrupted it, or pytest cannot run.
        """
        for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS"):
            os.environ.pop(name, None)
        prover = Prover(
            Elsewhere(self.deployment), self.scope, progress, slice(self.number, None, self.count)
        )
        self.deployment.listen(prover.listen)
        suite = str(files("latchkey.testing.flow"))
        sys.dont_write_bytecode = True  # the suite may be where only root writes
        status = pytest.main([*PYTEST_OPTIONS, f"--rootdir={suite}", suite], plugins=[prover])
        if status == pytest.ExitCode.INTERRUPTED and prover.error is None:
            raise CannotRunError("interrupted")
        if prover.error is not None:
            raise CannotRunError(f"the test suite itself has failed:\n{prover.error}")
        return prover.findings
