"""Debian in a directory, made by its own mmdebstrap, and the way to the network that it is lent."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_LENT: Final = (Path("/etc/resolv.conf"), Path("/etc/ssl/certs/ca-certificates.crt"))
"""Files of this machine that lead to the network."""
ENVIRON: Final = {
    **dict.fromkeys(("SSL_CERT_FILE", "PIP_CERT"), f"/lent/{_LENT[1].name}"),
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "DEBIAN_FRONTEND": "noninteractive",
}
"""The variables of commands inside, while it is lent the network."""
_CONTAINED: Final = ("unshare", "--mount", "--pid", "--fork", "--kill-child")
"""What a command starts or mounts ends with it: who deletes the files must not meet a mount."""


def debian(root: Path, variant: str, *packages: str) -> Path:
    """Create a root file system, as root.

    Args:
        root: An empty or missing directory.
        variant: Which packages it has, in mmdebstrap's words.
        packages: What it has besides.
    """
    included = [f"--include={','.join(packages)}"] if packages else []
    kind = ("--mode=root", f"--variant={variant}", *included)
    run(*_CONTAINED, "mmdebstrap", *kind, "--quiet", "bookworm", root)
    return root


@contextmanager
def lent_network(root: Path) -> Iterator[None]:
    """Let commands in a root file system find this machine's way to the network."""
    lent, resolver = root / "lent", root / "etc" / "resolv.conf"
    lent.mkdir()
    for file in _LENT:
        shutil.copy(file, lent)
    shutil.copy(_LENT[0], resolver)
    try:
        yield
    finally:
        shutil.rmtree(lent)
        resolver.unlink()


def run_inside(root: Path, command: str) -> None:
    """Run a shell's command as root in a root file system, with this machine's network."""
    with lent_network(root):
        run(*_CONTAINED, "chroot", root, "sh", "-ec", command, environ=ENVIRON)


def run(*command: str | Path, environ: dict[str, str] | None = None) -> None:
    """Run a command, and raise RuntimeError with what it wrote if it fails."""
    with subprocess.Popen(  # noqa: S603 - Debian's programs, and lines of our own files
        command,
        env=dict(os.environ) if environ is None else environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            told, _ = process.communicate()
        except BaseException:
            process.kill()
            process.communicate()  # until all that it has started has ended, too
            raise
    if process.returncode:
        raise RuntimeError(f"{command}: {told[-4000:]}")
