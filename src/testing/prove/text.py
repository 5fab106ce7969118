"""The report for people."""

import shutil
import textwrap
from collections.abc import Iterator
from typing import Final

from latchkey.testing.flow.document import Profile
from latchkey.testing.prove.findings import Breach
from latchkey.testing.prove.run import Proof
from latchkey.testing.prove.verdicts import Judgement, Verdict

_LABEL: Final = 12  # columns
_INDENT: Final = 7  # columns
_SAMPLES: Final = 6  # further breaches of one promise


def report(proof: Proof) -> Iterator[str]:
    """Yield the lines of the report: broken promises in full, one line for any other."""
    width = shutil.get_terminal_size().columns
    for verdict in proof.of(Judgement.BROKEN):
        yield from _broken(verdict, width)
    shown = proof.of(Judgement.SHOWN)
    yield from _listed("Not shown", proof.of(Judgement.NOT_SHOWN), width)
    yield from _listed("Shown in part", [verdict for verdict in shown if verdict.reasons], width)
    yield from _listed("Shown", [verdict for verdict in shown if not verdict.reasons], width)
    yield from _sum(proof)


def _broken(verdict: Verdict, width: int) -> Iterator[str]:
    first = verdict.breaches[0]
    yield from _wrapped(f"BROKEN {verdict.promise.id}", verdict.promise.words, width)
    yield from _labelled("test", [first.test])
    yield from _labelled("sent", first.sent)
    yield from _labelled("received", first.received)
    yield from _labelled("promised", [first.promised])
    yield from _labelled("also", _others(verdict.breaches))
    yield ""


def _others(breaches: list[Breach]) -> list[str]:
    kinds = list(dict.fromkeys(breach.summary for breach in breaches))[1:]
    more = [f"and {len(kinds) - _SAMPLES} more"] if len(kinds) > _SAMPLES else []
    return kinds[:_SAMPLES] + more


def _listed(title: str, verdicts: list[Verdict], width: int) -> Iterator[str]:
    if verdicts:
        yield f"{title} ({len(verdicts)})"
        for verdict in verdicts:
            words = _cut(verdict.promise.words, width - _INDENT)
            yield f"  {verdict.promise.id:<4} {_reasons(verdict) or words}"
        yield ""


def _reasons(verdict: Verdict) -> str:
    reasons = "; ".join(verdict.reasons)
    if verdict.judgement is Judgement.SHOWN and reasons:
        return f"{verdict.passed} of {verdict.passed + verdict.left_out} tests; the rest {reasons}"
    return reasons


def _sum(proof: Proof) -> Iterator[str]:
    counts = {kind: len(proof.of(kind)) for kind in Judgement}
    yield (
        f"{proof.url}, profile {proof.profile}: {counts[Judgement.SHOWN]} promises are shown,"
        f" {counts[Judgement.NOT_SHOWN]} are not, {counts[Judgement.BROKEN]} are broken"
        f" ({proof.seconds:.0f} s)."
    )
    if proof.profile is Profile.FLOW:
        yield "What Latchkey alone promises was left out; --profile latchkey includes it."


def _wrapped(label: str, text: str, width: int) -> Iterator[str]:
    yield from textwrap.wrap(f"{label}  {text}", width, subsequent_indent="  ")


def _labelled(label: str, lines: list[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        yield f"  {label if number == 0 else '':<{_LABEL}}{line}"


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"
