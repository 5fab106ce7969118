"""The tests that a run of `latchkey prove` selects, and in which of its processes they run."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from latchkey.testing.flow.elsewhere import Elsewhere, ElsewhereDeployment
from latchkey.testing.prove.plugin import Count, Prover


@dataclass(frozen=True, slots=True)
class Item:
    """What the plugin reads of a test."""

    path: Path
    name: str
    promise: str

    def iter_markers(self, name: str) -> Iterator[pytest.Mark]:
        yield pytest.Mark(name, (self.promise,), {}, _ispytest=True)


ITEMS = [
    Item(Path(f"test_{module}.py"), f"test_{number}", promise)
    for module in "abcde"
    for number, promise in enumerate(("R1", "R2", "X1"))
]


class Run:
    """A run of the tests of R1 and R2, with one prover or with others beside it."""

    def __init__(self, turns: Iterator[int]) -> None:
        self.ran: list[tuple[Item, Item | None]] = []
        self.told: list[Count] = []
        self.meanwhile: Callable[[], None] = lambda: None
        kind = Elsewhere(ElsewhereDeployment("http://127.0.0.1:1"))
        self._prover = Prover(kind, frozenset({"R1", "R2"}), self.told.append, turns)

    def go(self) -> None:
        """Select tests and run them, as pytest does."""
        items: Any = [*ITEMS]
        self._prover.pytest_collection_modifyitems(items)
        hook = SimpleNamespace(pytest_runtest_protocol=self._test)
        session: Any = SimpleNamespace(items=items, config=SimpleNamespace(hook=hook))
        assert self._prover.pytest_runtestloop(session)

    def _test(self, *, item: Item, nextitem: Item | None) -> None:
        self.ran.append((item, nextitem))
        self.meanwhile()


def test_the_tests_of_the_judged_promises_run_once_in_order() -> None:
    run = Run(count())

    run.go()

    ran = [item for item, _ in run.ran]
    assert ran == [item for item in ITEMS if item.promise != "X1"]
    assert [following for _, following in run.ran] == [*ran[1:], None]
    assert run.told[-1] == Count(done=0, total=10)


def test_a_module_that_one_run_has_taken_is_left_out_by_the_other() -> None:
    turns = count()
    one, other = Run(turns), Run(turns)

    def meanwhile() -> None:
        if len(one.ran) == 2:  # done with module a, b taken
            other.go()

    one.meanwhile = meanwhile
    one.go()

    modules = [[item.path.stem for item, _ in run.ran] for run in (one, other)]
    assert modules == [["test_a"] * 2 + ["test_b"] * 2, [f"test_{each}" for each in "ccddee"]]
    assert [run.ran[-1][1] for run in (one, other)] == [None, None]
    assert one.told[-1] + other.told[-1] == Count(done=0, total=10)
