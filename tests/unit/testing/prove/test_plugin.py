"""The tests that a run of `latchkey prove` selects."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

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


def selected(number: int, count: int) -> tuple[list[Item], Count]:
    """Return what one of several parts runs of R1 and R2, and what it tells of it."""
    told: list[Count] = []
    kind = Elsewhere(ElsewhereDeployment("http://127.0.0.1:1"))
    items = [*ITEMS]
    prover = Prover(kind, frozenset({"R1", "R2"}), told.append, slice(number, None, count))
    prover.pytest_collection_modifyitems(cast("Any", items))
    return items, told[-1]


@pytest.mark.parametrize("count", [1, 3, 7])
def test_each_judged_test_runs_in_one_part_with_all_others_of_its_module(count: int) -> None:
    parts = [selected(number, count) for number in range(count)]

    modules = [{item.path for item in items} for items, _ in parts]
    judged = [item for item in ITEMS if item.promise != "X1"]
    assert sum(map(len, modules)) == len(set[Path]().union(*modules)) == 5
    assert sorted(map(repr, judged)) == sorted(repr(item) for items, _ in parts for item in items)
    assert [told.total for _, told in parts] == [len(items) for items, _ in parts]
