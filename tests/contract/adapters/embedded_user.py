"""A process that uses an embedded server until its standard input ends: `embedded_user.py HOME`."""

import sys
from pathlib import Path

from latchkey.adapters.embedded_postgres.embedded import EmbeddedPostgres

if __name__ == "__main__":
    with EmbeddedPostgres(Path(sys.argv[1])) as server:
        sys.stdout.write(f"{server.dsn}\n")
        sys.stdout.flush()
        sys.stdin.read()
