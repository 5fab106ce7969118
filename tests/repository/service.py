"""A service that a test runs as a newcomer does."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from serving import LATCHKEY, Serving, free_port, launch


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
        port, log = str(free_port()), Path(home) / "serve.log"
        process = launch(Path(home), {"PORT": port}, log, latchkey)
        serving = Serving(process=process, url=f"http://127.0.0.1:{port}", log=log)
        try:
            serving.wait_until_ready()
            yield serving.url
        finally:
            serving.end()
