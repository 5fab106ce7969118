"""`python -m soak.host`: from a bare Debian to a service, by the commands of the manual.

Needs root, mmdebstrap, systemd-nspawn, and what the manual copies: the wheel and the pages.
"""

import os
import shutil
import signal
import ssl
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import click
import trustme

from production.deployment import HOST
from production.proxies import Proxy
from soak.debian import debian
from soak.host_checks import Host
from soak.machine import Machine
from soak.tally import table
from soak.walk import copy_project, walk

PROGRAMS: Final = ("mmdebstrap", "systemd-nspawn")
WITHIN: Final = 600.0  # s, as the manual's readers are promised
_TERMINATED: Final = 128 + signal.SIGTERM


@click.command()
def main() -> None:
    """Make a bare Debian, follow the manual on it, and print what does not hold."""
    if os.getuid() != 0 or not all(map(shutil.which, PROGRAMS)):
        raise click.UsageError(f"needs root and {' and '.join(PROGRAMS)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(_TERMINATED))
    with TemporaryDirectory(prefix="latchkey-host-") as directory:
        seconds, host = drilled(Path(directory))
    rows = [(f"seconds: {step}", f"{taken:.1f}") for step, taken in seconds.items()]
    rows += [(what, f"{figure:.1f}") for what, figure in host.figures.items()]
    click.echo(table(*rows))
    click.echo("\n".join(host.wrong) or "everything holds")
    sys.exit(bool(host.wrong))


def drilled(directory: Path) -> tuple[dict[str, float], Host]:
    """Do it all below a directory; return the seconds of each step, and what came of it."""
    seconds: dict[str, float] = {}
    root = directory / "root"
    root.mkdir(mode=0o755)
    with _timed(seconds, "(before) the bare Debian"):
        debian(root, "important", "dbus")
    host = Host(Machine(root, directory / "console"), _proxy(copy_project(root)))
    with host.machine.running():
        steps = walk(host.machine)
        steps["until it is ready"] = host.wait_until_ready()
        host.check()
    seconds |= steps | {"sum of the walk": sum(steps.values())}
    if sum(steps.values()) > WITHIN:
        host.wrong.append(f"the walk took more than {WITHIN:.0f} s")
    return seconds, host


def _proxy(project: Path) -> Proxy:
    """Put a certificate of a throw-away authority into a directory; return who presents it."""
    authority, trust = trustme.CA(), ssl.create_default_context()
    authority.configure_trust(trust)
    issued = authority.issue_cert(HOST)
    for pem in issued.cert_chain_pems:
        pem.write_to_path(project / "chain.pem", append=True)
    issued.private_key_pem.write_to_path(project / "key.pem")
    return Proxy(kind="nginx", tls=443, plain=80, trust=trust, home=project)


@contextmanager
def _timed(seconds: dict[str, float], step: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    seconds[step] = time.monotonic() - began


if __name__ == "__main__":
    main()
