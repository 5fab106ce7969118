"""One run of `latchkey prove`."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Final

from latchkey.testing.flow.document import Profile, Promise, promises
from latchkey.testing.flow.elsewhere import ElsewhereDeployment
from latchkey.testing.flow.post_office import PostOffice
from latchkey.testing.prove.deployment import CannotRunError, Target, check_answers, find_admin
from latchkey.testing.prove.findings import Finding
from latchkey.testing.prove.part import Part
from latchkey.testing.prove.plugin import Progress
from latchkey.testing.prove.processes import run_at_once
from latchkey.testing.prove.turns import SharedTurns
from latchkey.testing.prove.verdicts import Judgement, Verdict, judge

_PARTS: Final = 5  # each waits for hashes, mails or the clock most of the time
_FEW: Final = 50  # promises, for which it is not worth it to start more processes


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
        progress: Called now and then.

    Raises:
        CannotRunError: The deployment does not answer, or pytest cannot run.
    """
    began = time.monotonic()
    deployment = ElsewhereDeployment(target.url)
    deployment.rotation = target.rotation
    with _post_office(target) as deployment.post_office:
        asyncio.run(check_answers(deployment))
        deployment.admin = asyncio.run(find_admin(deployment, target.admin))
        findings = _examined(deployment, [promise.id for promise in judged], progress)
    return Proof(
        url=target.url,
        profile=profile,
        seconds=time.monotonic() - began,
        verdicts=judge(judged, findings),
    )


def _examined(
    deployment: ElsewhereDeployment, judged: Sequence[str], progress: Progress
) -> list[Finding]:
    """Run the tests in several processes; in this one if they are few, or if it gets the mails."""
    scope = frozenset(judged)
    if len(scope) <= _FEW or deployment.post_office is not None:
        return Part(deployment=deployment, scope=scope).run(progress)
    part = Part(deployment=deployment, scope=scope, turns=SharedTurns())
    try:
        return run_at_once([part] * _PARTS, progress)
    except KeyboardInterrupt:
        raise CannotRunError("interrupted") from None


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
