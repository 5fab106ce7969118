"""Two cells serve beside each other, as a deployment beyond one primary would (ADR 0034)."""

from pathlib import Path

import pytest

from faults.cells_drill import Drill
from faults.cells_front import Secrets

pytestmark = pytest.mark.anyio


async def test_cells_need_nothing_but_a_directory_of_addresses(home: Path) -> None:
    drill = Drill(home)

    await drill.run(2, known=100, ways=[Secrets.REFRESH])  # in the first, connections are opened

    assert drill.outcome.wrong == []
    assert drill.outcome.least("refresh") == (1, 0, 0)
    assert drill.outcome.least("login") == (8, 0, 1)
