"""Whether files with secrets are closed to other users."""

import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from latchkey.entrypoints.cli.dot_env import FILE, read_dot_env
from latchkey.entrypoints.settings import Settings
from latchkey.entrypoints.settings.variable import table


def permission_cautions(environ: Mapping[str, str]) -> Iterator[str]:
    """Yield a line for each file with a secret that every user of the machine may read.

    Args:
        environ: The environment variables, among them those of `.env`.
    """
    secrets = [row for rows in table(Settings).values() for row in rows if row.is_secret]
    if any(read_dot_env().get(row.name) for row in secrets):
        yield from _caution(str(FILE), FILE)
    for row in secrets:
        if path := environ.get(row.file or "", "").strip():
            yield from _caution(f"{row.file}", Path(path))


def _caution(name: str, path: Path) -> Iterator[str]:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & stat.S_IROTH:
        yield f"{name}: every user of this machine may read the file (mode {mode:o}); chmod o= it"
