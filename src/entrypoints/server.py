"""Runs the HTTP server: Granian with one process per worker, uvloop, and HTTP/1.1 only."""

import gc
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Final

from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings
from granian.log import LogLevels

from latchkey.entrypoints.http import asgi
from latchkey.entrypoints.observability import logs
from latchkey.entrypoints.settings import ServerSettings, Settings
from latchkey.entrypoints.workers.parent import PATIENCE
from latchkey.entrypoints.workers.signals import StoppableServer, reset_in_workers

_POLL: Final = 0.1  # s


def faults_of(settings: Settings) -> tuple[str, ...]:
    """Return a line for each setting that the server cannot start with on this machine."""
    server, metrics = settings.server, settings.metrics
    faults = list(_tls_faults(*server.tls)) if server.tls else []
    if server.frontend and not server.frontend.is_dir():
        faults.append(
            "FRONTEND_DIR: is not a directory; must be the directory of an exported front end"
        )
    if reason := _listening_fault(server.host, server.port):
        faults.append(
            f"HOST, PORT: cannot listen there ({reason}); must be an address of this machine"
            " and a free port"
        )
    if metrics.address and (reason := _listening_fault(*metrics.address)):
        faults.append(
            f"METRICS_HOST, METRICS_PORT: cannot listen there ({reason}); must be an address of"
            " this machine and a free port"
        )
    return tuple(faults)


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; requests in flight finish first.

    The workers read their settings from the environment of this process. The log has a line for
    the start and for the end.

    Raises:
        SystemExit: The workers cannot be kept running.
    """
    server = settings.server
    reset_in_workers()
    gc.collect()
    gc.freeze()  # workers share the memory of loaded modules, a quarter of their total
    granian = _granian(server, settings.log_level)
    logs.announce(
        "service_started",
        version=version("latchkey"),
        environment=settings.environment,
        url=server.url,
        workers=server.workers,
    )
    status: object = 1
    try:
        granian.serve()
        status = 0
    except SystemExit as end:
        status = end.code
        raise
    finally:
        logs.announce("service_stopped", status=status)


def when_listening(server: ServerSettings, tell: Callable[[], object]) -> None:
    """Call a function, in a thread of its own, as soon as a worker accepts connections."""

    def wait() -> None:
        while not _is_listening(server.host, server.port):
            time.sleep(_POLL)
        tell()

    threading.Thread(target=wait, name="banner", daemon=True).start()


def _granian(server: ServerSettings, log_level: str) -> StoppableServer:
    certificate, key = server.tls or (None, None)
    return StoppableServer(
        f"{asgi.__name__}:{asgi.create.__name__}",
        factory=True,
        address=server.host,
        port=server.port,
        interface=Interfaces.ASGI,
        workers=server.workers,
        loop=Loops.uvloop,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(
            header_read_timeout=int(server.head_timeout.total_seconds() * 1000),  # ms
            max_buffer_size=16 * 1024,
        ),
        websockets=False,
        ssl_cert=certificate,
        ssl_key=key,
        respawn_failed_workers=True,
        workers_kill_timeout=PATIENCE,
        log_level=LogLevels(log_level) if log_level != "info" else LogLevels.warning,
        log_dictconfig=logs.of_granian(),
    )


def _tls_faults(certificate: Path, key: Path) -> Iterator[str]:
    missing = [
        f"{name}: is not a file ({path}); must be the path of a PEM file"
        for name, path in (("TLS_CERT", certificate), ("TLS_KEY", key))
        if not path.is_file()
    ]
    yield from missing
    if not missing and (reason := _tls_fault(certificate, key)):
        yield f"TLS_CERT: does not match TLS_KEY ({reason}); must be the PEM chain of that key"


def _tls_fault(certificate: Path, key: Path) -> str | None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(certificate, key, password=lambda: "")  # never asks for one
    except OSError as error:  # ssl.SSLError is one, too
        return error.strerror or str(error)
    return None


def _is_listening(host: str, port: int) -> bool:
    anywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, not listened on
    try:
        socket.create_connection((anywhere.get(host, host), port), timeout=_POLL).close()
    except OSError:
        return False
    return True


def _listening_fault(host: str, port: int) -> str | None:
    """Return why nobody can listen there, or None.

    The workers listen with SO_REUSEPORT, by which several services of one user could share the
    port. The probe is without it, so that it sees them.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return error.strerror
    return None
