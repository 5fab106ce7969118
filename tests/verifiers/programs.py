"""The verifiers of `docs/verifiers`, started with real libraries and programs."""

import getpass
import os
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from harness.programs import changed, program, running
from harness.service import free_port
from latchkey.adapters.keys import PublicKey

ROOT: Final = Path(__file__).parents[2]
VERIFIERS: Final = ROOT / "docs" / "verifiers"
ISSUER: Final = "https://auth.example.com"
"""The issuer in the verifiers' files."""
ORDERS: Final = "127.0.0.1:3000"
"""Where the service listens in the verifiers' files."""
_INSTALLED: Final = ROOT / ".verifiers"
_GO: Final = Path("/usr/share/gocode")
_NJS: Final = Path("/usr/lib/nginx/modules/ngx_http_js_module.so")
_NGINX: Final = """\
load_module {module};
daemon off;
user {user};
pid {home}/nginx.pid;
env FAKETIME_TIMESTAMP_FILE;
env FAKETIME_NO_CACHE;
error_log stderr;
events {{}}
http {{
    access_log off;
    client_body_temp_path {home}/body;
    proxy_temp_path {home}/proxy;
    fastcgi_temp_path {home}/fastcgi;
    uwsgi_temp_path {home}/uwsgi;
    scgi_temp_path {home}/scgi;
    include {site};
}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a verifier runs, and what it has around it.

    Attributes:
        home: A directory of its own.
        issuer: The address of the service whose tokens it verifies.
        port: Where it listens.
        guarded: The address of the service that a proxy protects.
        keys: The published keys, for those that cannot fetch them: the one that signs, and the
            next.
    """

    home: Path
    issuer: str
    port: int
    guarded: str
    keys: tuple[PublicKey, PublicKey]

    def file(self, name: str, changes: Mapping[str, str] | None = None) -> Path:
        """Copy a file, with what this machine needs in the place of an operator's values."""
        path = self.home / name
        path.write_text(changed(VERIFIERS / name, {ISSUER: self.issuer, **(changes or {})}))
        return path


Prepare = Callable[[Place], Sequence[str | Path]]
"""Prepares a verifier, and returns the command that starts it."""


def libraries() -> Path:
    """Find what `./justw verifiers` installs; without it, the test is left out."""
    if not (_INSTALLED / "stamp").exists():
        pytest.skip("needs npm, and ./justw verifiers")
    return _INSTALLED


def _node(name: str) -> Prepare:
    def prepare(place: Place) -> Sequence[str | Path]:
        (place.home / "node_modules").symlink_to(libraries() / "node_modules")
        listen = {"3000": str(place.port)}
        return [program("node"), place.file(name, listen)]

    return prepare


def python(name: str, changes: Mapping[str, str] | None = None) -> Prepare:
    """Prepare a verifier in Python, with further changes of its file."""

    def prepare(place: Place) -> Sequence[str | Path]:
        module = place.file(name, changes).stem
        serve = ["-m", "uvicorn", f"{module}:app", "--port", str(place.port)]
        return [libraries() / "python" / "bin" / "python", *serve]

    return prepare


def _go(place: Place) -> Sequence[str | Path]:
    go, source = program("go"), place.file("service.go", {ORDERS: f"127.0.0.1:{place.port}"})
    if not (_GO / "src" / "github.com" / "coreos" / "go-oidc").exists():
        pytest.skip("needs golang-github-coreos-go-oidc-dev")
    built = place.home / "service"
    variables = {
        "PATH": os.environ["PATH"],
        "CGO_ENABLED": "0",
        "GO111MODULE": "off",
        "GOCACHE": str(libraries() / "go"),  # compiled once; go locks it
        "GOPATH": str(_GO),
    }
    subprocess.run([go, "build", "-o", built, source], env=variables, check=True)  # noqa: S603
    return [built]


def _nginx(place: Place) -> Sequence[str | Path]:
    nginx = program("nginx")
    if not _NJS.exists():
        pytest.skip("needs libnginx-mod-http-js")
    lists = f"127.0.0.1:{free_port()}"
    place.file("nginx.js", {"127.0.0.1:8001": lists})
    site = place.file(
        "nginx.conf",
        {
            "js_path /etc/nginx;": f"js_path {place.home};",
            "/var/cache/nginx/latchkey": f"{place.home}/keys",
            "127.0.0.1:8001": lists,
            "listen 80;": f"listen 127.0.0.1:{place.port};",
            f"http://{ORDERS}": place.guarded,
        },
    )
    main = place.home / "main.conf"
    main.write_text(_NGINX.format(module=_NJS, user=getpass.getuser(), home=place.home, site=site))
    return [nginx, "-e", "stderr", "-p", place.home, "-c", main]


def _haproxy(place: Place) -> Sequence[str | Path]:
    for key, name in zip(place.keys, ("current", "next"), strict=True):
        (place.home / f"{name}.pem").write_bytes(key.pem)
    configuration = place.file(
        "haproxy.cfg",
        {
            "bind :80": f"bind 127.0.0.1:{place.port}",
            "/etc/haproxy/latchkey/": f"{place.home}/",
            ORDERS: place.guarded.removeprefix("http://"),
        },
    )
    return [program("haproxy"), "-W", "-db", "-f", configuration]  # -W: can be reloaded


PREPARED: Final[Mapping[str, Prepare]] = {
    "express-jose": _node("express-jose.mjs"),
    "express-strict": _node("express-strict.mjs"),
    "express-ended": _node("express-ended.mjs"),
    "fastapi": python("fastapi_service.py"),
    "litestar": python("litestar_service.py"),
    "go": _go,
    "nginx": _nginx,
    "haproxy": _haproxy,
}


@contextmanager
def verifying(
    prepare: Prepare, place: Place, environ: Mapping[str, str] | None = None
) -> Iterator[str]:
    """Run a verifier for the length of a block; its address is that of its service."""
    with running(prepare(place), place.home, place.port, environ):
        yield f"http://127.0.0.1:{place.port}"
