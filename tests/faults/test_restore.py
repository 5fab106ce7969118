"""A database is restored to an instant, as the manual says, and clients come back."""

from pathlib import Path

import pytest

from faults.restore_drill import Drill

pytestmark = pytest.mark.anyio


@pytest.mark.requirement("ER-10")
async def test_after_a_restore_nobody_goes_on_with_what_was_undone(home: Path) -> None:
    drill = Drill(home)

    await drill.run(2)

    assert drill.outcome.wrong == []
