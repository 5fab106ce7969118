"""The verdict on each promise, from what the tests have found."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from latchkey.testing.flow.document import Promise
from latchkey.testing.prove.findings import Breach, Finding, Outcome


class Judgement(StrEnum):
    """What is known of a promise after a run."""

    SHOWN = "shown"
    NOT_SHOWN = "not shown"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a run has found about one promise.

    Attributes:
        passed: How many of its tests have passed.
        left_out: How many of its tests could not run, or were stopped by another promise.
        reasons: Why, the most frequent reason first; empty if all of its tests have run.
        breaches: Empty unless the promise is broken.
    """

    promise: Promise
    judgement: Judgement
    passed: int
    left_out: int
    reasons: list[str]
    breaches: list[Breach]


def judge(promises: Sequence[Promise], findings: Sequence[Finding]) -> list[Verdict]:
    """Return a verdict on each promise, in their order."""
    return [_verdict(promise, findings) for promise in promises]


def _verdict(promise: Promise, findings: Sequence[Finding]) -> Verdict:
    own = [finding for finding in findings if promise.id in finding.promises]
    breaches = [
        breach
        for finding in findings
        for breach in finding.breaches
        if breach.promise == promise.id
    ]
    passed = sum(finding.outcome is Outcome.PASSED for finding in own)
    reasons = Counter(finding.reason for finding in own if finding.outcome is not Outcome.PASSED)
    return Verdict(
        promise=promise,
        judgement=_judgement(breaches, passed),
        passed=passed,
        left_out=len(own) - passed,
        reasons=[reason for reason, _ in reasons.most_common()] or _without_tests(promise, own),
        breaches=breaches,
    )


def _judgement(breaches: Sequence[Breach], passed: int) -> Judgement:
    if breaches:
        return Judgement.BROKEN
    return Judgement.SHOWN if passed else Judgement.NOT_SHOWN


def _without_tests(promise: Promise, own: Sequence[Finding]) -> list[str]:
    if own:
        return []
    return [f"cannot be shown over HTTP: see {promise.elsewhere}"]
