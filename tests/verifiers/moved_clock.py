"""A clock that tests move, for programs of their own: libfaketime sets it for a process."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

_LIBRARIES: Final = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))


@dataclass(frozen=True, slots=True)
class MovedClock:
    """The clock of a process. It goes on by itself from where it is set.

    Attributes:
        file: Says how far the clock is ahead of the machine's, in seconds.
    """

    file: Path

    @property
    def environ(self) -> dict[str, str]:
        """The variables of the process; without libfaketime, the test is left out."""
        if not _LIBRARIES:
            pytest.skip("needs faketime")
        return {
            "LD_PRELOAD": str(_LIBRARIES[0]),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
        }

    def set(self, now: datetime) -> None:
        """Set the clock, at once and for all threads."""
        ahead = (now - datetime.now(UTC)).total_seconds()
        whole = self.file.with_suffix(".new")
        whole.write_text(f"{ahead:+.3f}")
        whole.replace(self.file)
