"""A service that a test runs as a newcomer does."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from harness.service import LATCHKEY, Installation


@contextmanager
def served(latchkey: Path = LATCHKEY) -> Iterator[str]:
    """Run `latchkey serve` with nothing set but its port, in a new directory of its own.

    The directory is none of pytest's: they are closed to others, as PostgreSQL's user is to root.

    Args:
        latchkey: The command.

    Yields:
        The URL that it answers on.
    """
    with TemporaryDirectory(prefix="latchkey-") as home:
        Path(home).chmod(0o755)
        with Installation(home=Path(home), environ={}, latchkey=latchkey).serving() as service:
            yield service.url
