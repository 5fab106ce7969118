"""A clock that tests move, for programs of their own: libfaketime sets it for a process."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

_LIBRARIES: Final = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))


class MovedClock:
    """The clock of a process. It goes on by itself, is moved forwards only, and never goes back.

    Node ends with a failed assertion if its monotonic clock goes back.
    """

    def __init__(self, file: Path) -> None:
        """Begin with the present.

        Args:
            file: Says how far the clock is ahead of the machine's, in seconds.
        """
        self._file = file
        self._ahead = timedelta()
        self.move(timedelta())

    @property
    def environ(self) -> dict[str, str]:
        """The variables of the process; without libfaketime, the test is left out."""
        if not _LIBRARIES:
            pytest.skip("needs faketime")
        return {
            "LD_PRELOAD": str(_LIBRARIES[0]),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
        }

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def move(self, by: timedelta) -> datetime:
        """Move the clock, at once and for all threads, and return the new instant."""
        self._ahead += by
        whole = self._file.with_suffix(".new")
        whole.write_text(f"{self._ahead.total_seconds():+.3f}")
        whole.replace(self._file)
        return self.now()
