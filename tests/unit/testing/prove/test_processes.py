"""Parts of a run, each in a process of its own."""

import os
import time
from collections import Counter
from dataclasses import dataclass
from itertools import takewhile
from multiprocessing.synchronize import Barrier
from typing import Any, Final

import pytest
from typing_extensions import override

from latchkey.testing.flow.elsewhere import ElsewhereDeployment
from latchkey.testing.prove.deployment import CannotRunError
from latchkey.testing.prove.findings import Finding, Outcome
from latchkey.testing.prove.part import Part
from latchkey.testing.prove.plugin import Count, Progress
from latchkey.testing.prove.processes import run_at_once
from latchkey.testing.prove.turns import CONTEXT, SharedTurns

NOWHERE: Final = ElsewhereDeployment("http://127.0.0.1:1")
LONG: Final = 60.0  # s
MANY: Final = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Told(Part):
    """A part that does what it is told instead of running tests."""

    number: int
    what: str
    together: Barrier | None = None

    @override
    def run(self, progress: Progress) -> list[Finding]:
        match self.what:
            case "fail":
                raise CannotRunError("the test suite itself has failed")
            case "die":
                os._exit(1)
            case "take turns":
                assert self.together is not None
                self.together.wait(LONG)
                taken = [f"R{number}" for number in takewhile(lambda n: n < MANY, self.turns)]
                return [Finding(promises=taken, outcome=Outcome.PASSED)]
            case "wait":
                time.sleep(LONG)
        progress(Count(done=1, total=4, broken=frozenset({f"R{self.number}", "R9"})))
        return [Finding(promises=[f"R{self.number}"], outcome=Outcome.PASSED)]


def parts(*whats: str, **shared: Any) -> list[Told]:  # noqa: ANN401 - of any field
    return [
        Told(deployment=NOWHERE, scope=frozenset(), number=number, what=what, **shared)
        for number, what in enumerate(whats)
    ]


def test_each_turn_is_taken_by_one_part() -> None:
    together = CONTEXT.Barrier(2)
    both = parts("take turns", "take turns", turns=SharedTurns(), together=together)

    findings = run_at_once(both, lambda _: None)

    taken = Counter(promise for finding in findings for promise in finding.promises)
    assert all(finding.promises for finding in findings)
    assert taken == Counter(f"R{number}" for number in range(MANY))


def test_what_all_parts_find_is_put_together() -> None:
    counts: list[Count] = []

    findings = run_at_once(parts("find", "find"), counts.append)

    assert [finding.promises for finding in findings] == [["R0"], ["R1"]]
    assert counts[-1] == Count(done=2, total=4, broken=frozenset({"R0", "R1", "R9"}))


@pytest.mark.parametrize(
    ("what", "message"),
    [("fail", "the test suite itself has failed"), ("die", "has ended without a word")],
)
def test_a_part_that_cannot_run_ends_the_others(what: str, message: str) -> None:
    began = time.monotonic()

    with pytest.raises(CannotRunError, match=message):
        run_at_once(parts("wait", what), lambda _: None)

    assert time.monotonic() - began < LONG / 2
