"""Runs the HTTP server: Granian with one process per worker, uvloop, and HTTP/1.1 only."""

import gc
import os
import signal
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings
from granian.log import LogLevels

from latchkey.entrypoints.settings import ServerSettings


def faults_of(server: ServerSettings) -> tuple[str, ...]:
    """Return a line for each setting that the server cannot start with on this machine."""
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
    return tuple(faults)


def serve(server: ServerSettings, *, log_level: str) -> None:
    """Serve until SIGTERM or SIGINT; requests in flight finish first.

    The workers read their settings from the environment of this process.
    """
    certificate, key = server.tls or (None, None)
    os.register_at_fork(after_in_child=_reset_signal_handlers)
    gc.collect()
    gc.freeze()  # workers share the memory of loaded modules, a quarter of their total
    Granian(
        "latchkey.entrypoints.http.asgi:create",
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
        workers_kill_timeout=30,
        log_level=LogLevels(log_level) if log_level != "info" else LogLevels.warning,
    ).serve()


def _tls_faults(certificate: Path, key: Path) -> Iterator[str]:
    missing = [
        f"{name}: is not a file ({path}); must be the path of a PEM file"
        for name, path in (("TLS_CERT", certificate), ("TLS_KEY", key))
        if not path.is_file()
    ]
    yield from missing
    if not missing and (reason := _tls_fault(certificate, key)):
        yield f"TLS_CERT: does not match TLS_KEY ({reason}); must be the PEM chain of that key"


def _reset_signal_handlers() -> None:
    """Reset inherited signal handlers, so that a worker that is still starting exits on SIGTERM.

    With the parent's handlers it would ignore the signal, start to serve, and be killed with
    requests in flight when the parent stops waiting.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)


def _tls_fault(certificate: Path, key: Path) -> str | None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(certificate, key, password=lambda: "")  # never asks for one
    except OSError as error:  # ssl.SSLError is one, too
        return error.strerror or str(error)
    return None


def _listening_fault(host: str, port: int) -> str | None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return error.strerror
    return None
