"""`python keeper.py LOCK`: runs a PostgreSQL server while any process holds a share of a lock.

It prints the server's home, where more servers may be started, then waits for the lock. It gets it
when the last holder has ended, however it ended. Then it stops every server and deletes the home.
"""

import fcntl
import os
import shutil
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from latchkey.adapters.embedded_postgres.errors import EmbeddedPostgresError
from latchkey.adapters.embedded_postgres.program import Program
from latchkey.adapters.embedded_postgres.server import EmbeddedServer

_GIVEN: Final = os.environ.get("LATCHKEY_TEST_POSTGRES")
PROGRAMS: Final = Path(_GIVEN) if _GIVEN else None
"""Where the programs of PostgreSQL are; None for those of the package."""

SETTINGS: Final = {"fsync": "off", "max_connections": "300"}  # its data won't be needed again
_QUIET: Final = {"autovacuum": "off"}  # it writes to disk while tests watch that nobody does


def keep(lock: int) -> None:
    """Run a server until nobody else holds the lock."""
    home = Path(tempfile.mkdtemp(prefix="latchkey-test-"))
    try:
        EmbeddedServer(home / "postgres", SETTINGS | _QUIET, PROGRAMS).ensure_running()
        sys.stdout.write(f"{home}\n")
        sys.stdout.flush()
        fcntl.flock(lock, fcntl.LOCK_EX)
    finally:
        for data in [path.parent for path in home.rglob("postmaster.pid")]:
            with suppress(EmbeddedPostgresError):  # it was stopped by hand
                stop = Program("pg_ctl", data, PROGRAMS)
                stop.run("stop", "-w", "-m", "immediate", "-D", ".", cwd=data)
        shutil.rmtree(home)


if __name__ == "__main__":
    keep(os.open(sys.argv[1], os.O_RDWR))
