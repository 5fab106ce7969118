"""One run of `latchkey prove`."""

import asyncio
import os
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.resources import files

import pytest

from latchkey.testing.flow.document import Profile, Promise, promises
from latchkey.testing.flow.elsewhere import Elsewhere, ElsewhereDeployment
from latchkey.testing.flow.post_office import PostOffice
from latchkey.testing.prove.deployment import CannotRunError, Target, check_answers, find_admin
from latchkey.testing.prove.plugin import Progress, Prover
from latchkey.testing.prove.verdicts import Judgement, Verdict, judge

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
class Proof:
    """What a run has found about a deployment.

    Attributes:
        url: Its address.
        seconds: How long the run took.
        verdicts: One for each promise that was judged, in the order of the document.
    """

    url: str
    profile: Profile
    seconds: float
    verdicts: list[Verdict]

    def of(self, judgement: Judgement) -> list[Verdict]:
        """Return the verdicts of one kind."""
        return [verdict for verdict in self.verdicts if verdict.judgement is judgement]


def chosen(profile: Profile, only: str | None) -> list[Promise]:
    """Return the promises to judge.

    Args:
        profile: FLOW leaves out the promises that only Latchkey makes.
        only: Ids or letters, separated by commas; None for all.

    Raises:
        CannotRunError: `only` names a promise that the profile does not have.
    """
    offered = [promise for promise in promises() if profile in {promise.profile, Profile.LATCHKEY}]
    if only is None:
        return offered
    wanted = {name.strip().upper() for name in only.split(",")}
    unknown = wanted - {name for promise in offered for name in (promise.id, promise.letters)}
    if unknown:
        raise CannotRunError(
            f"--only: the profile {profile} has no promise {', '.join(sorted(unknown))}"
        )
    return [promise for promise in offered if {promise.id, promise.letters} & wanted]


def prove(target: Target, profile: Profile, judged: list[Promise], progress: Progress) -> Proof:
    """Run the tests of some promises against a deployment.

    Args:
        target: The deployment.
        profile: The profile that the promises are from.
        judged: The promises.
        progress: See `Prover`.

    Raises:
        CannotRunError: The deployment does not answer, or pytest cannot run.
    """
    began = time.monotonic()
    with _post_office(target) as post_office:
        scope = frozenset(promise.id for promise in judged)
        prover = _prover(target, scope, progress, post_office)
        _run_pytest(prover)
    return Proof(
        url=target.url,
        profile=profile,
        seconds=time.monotonic() - began,
        verdicts=judge(judged, prover.findings),
    )


@contextmanager
def _post_office(target: Target) -> Iterator[PostOffice | None]:
    if target.smtp is None:
        yield None
        return
    host, port = target.smtp
    with ExitStack() as stack:
        try:
            office = stack.enter_context(PostOffice.listening(host, port))
        except OSError as error:
            raise CannotRunError(f"--smtp: cannot listen on {host}:{port}: {error}") from error
        yield office


def _prover(
    target: Target, scope: frozenset[str], progress: Progress, post_office: PostOffice | None
) -> Prover:
    deployment = ElsewhereDeployment(target.url)
    deployment.post_office = post_office
    deployment.rotation = target.rotation
    asyncio.run(check_answers(deployment))
    deployment.admin = asyncio.run(find_admin(deployment, target.admin))
    prover = Prover(Elsewhere(deployment), scope, progress)
    deployment.listen(prover.listen)
    return prover


def _run_pytest(prover: Prover) -> None:
    """Run pytest in this process, unaffected by whatever the user has set for their own tests."""
    for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS"):
        os.environ.pop(name, None)
    suite = str(files("latchkey.testing.flow"))
    sys.dont_write_bytecode = True  # the suite may be where only root writes
    status = pytest.main([*PYTEST_OPTIONS, f"--rootdir={suite}", suite], plugins=[prover])
    if status == pytest.ExitCode.INTERRUPTED and prover.error is None:
        raise CannotRunError("interrupted")
    if prover.error is not None:
        raise CannotRunError(f"the test suite itself has failed:\n{prover.error}")
