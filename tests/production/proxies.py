"""Proxies in front of the service, with the files of `deploy`."""

import getpass
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from ssl import SSLContext
from typing import Final

import httpx
from typing_extensions import override

from harness.programs import changed, program, running
from harness.service import free_port
from latchkey.entrypoints.settings import from_env
from production.deployment import HOST

DEPLOY: Final = Path(__file__).parents[2] / "deploy"
FILES: Final = {"nginx": "nginx.conf", "haproxy": "haproxy.cfg", "caddy": "Caddyfile"}
"""Their configurations in `deploy`."""
KINDS: Final = tuple(FILES)
PRETENDING: Final = "127.0.0.99"
"""From here, clients of nginx pretend to have the address in `X-Pretended-Address`."""
IDLE_TIMEOUT: Final = from_env({}).server.head_timeout.total_seconds()
"""How long the service keeps an idle connection by default, in seconds."""
_TIMEOUT: Final = 30.0  # s
_NGINX: Final = """\
daemon off;
user {user};
pid {home}/nginx.pid;
error_log stderr;
events {{}}
http {{
    access_log off;
    client_body_temp_path {home}/body;
    proxy_temp_path {home}/proxy;
    fastcgi_temp_path {home}/fastcgi;
    uwsgi_temp_path {home}/uwsgi;
    scgi_temp_path {home}/scgi;
    real_ip_header X-Pretended-Address;
    set_real_ip_from {pretending};
    include {site};
}}
"""
"""What a distribution's nginx.conf has around the file, and clients that pretend an address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """A started proxy on the loopback.

    Attributes:
        kind: One of `KINDS`.
        tls: The port that takes HTTPS.
        plain: The port that takes HTTP.
        trust: Trusts its certificate.
        home: The directory of its logs.
    """

    kind: str
    tls: int
    plain: int
    trust: SSLContext
    home: Path

    def client(
        self,
        url: str = f"https://{HOST}",
        address: str = "127.0.0.2",
        headers: Mapping[str, str] | None = None,
    ) -> httpx.AsyncClient:
        """Create a client that stores no cookie and follows no redirect.

        Args:
            url: What a browser would show; its host and port are not looked up.
            address: Where the client's connections come from, in 127.0.0.0/8.
            headers: Sent with each request.
        """
        return httpx.AsyncClient(
            base_url=url,
            headers=headers,
            transport=_Dialing(self, address),
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            timeout=_TIMEOUT,
        )

    def logs(self) -> str:
        """Return all that it has logged so far."""
        return "".join(log.read_text() for log in self.home.glob("*.log"))


class _Dialing(httpx.AsyncHTTPTransport):
    """Connects to a proxy whatever host and port a URL has."""

    def __init__(self, proxy: Proxy, address: str) -> None:
        super().__init__(verify=proxy.trust, local_address=address)
        self._proxy = proxy

    @override
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        port = self._proxy.tls if request.url.scheme == "https" else self._proxy.plain
        request.extensions["sni_hostname"] = request.url.host
        request.url = request.url.copy_with(host="127.0.0.1", port=port)
        return await super().handle_async_request(request)


@contextmanager
def proxied(
    kind: str, home: Path, certificate: Mapping[str, str], trust: SSLContext, *replicas: int
) -> Iterator[Proxy]:
    """Run a proxy with its file in `deploy`, in front of ports of the loopback.

    If the program is not installed, the test is left out.
    """
    command = program(kind)
    proxy = Proxy(kind=kind, tls=free_port(), plain=free_port(), trust=trust, home=home)
    arguments = _CONFIGURE[kind](home, certificate, proxy, replicas)
    with running([command, *arguments], home, proxy.tls):
        yield proxy


def _nginx(
    home: Path, certificate: Mapping[str, str], proxy: Proxy, replicas: Sequence[int]
) -> list[str]:
    """Write the configuration, and return the program's arguments."""
    site, main = home / "latchkey.conf", home / "nginx.conf"
    changes = {
        "    listen [::]:80;\n": "",  # not every machine has IPv6
        "    listen [::]:443 ssl http2;\n": "",
        "listen 80;": f"listen 127.0.0.1:{proxy.plain};",
        "listen 443 ": f"listen 127.0.0.1:{proxy.tls} ",
        "/etc/ssl/latchkey/chain.pem": certificate["TLS_CERT"],
        "/etc/ssl/latchkey/key.pem": certificate["TLS_KEY"],
        "    server 127.0.0.1:8000;\n": "".join(
            f"    server 127.0.0.1:{port};\n" for port in replicas
        ),
        "/var/log/nginx": str(home),
        "auth.example.com": HOST,
    }
    site.write_text(changed(DEPLOY / "nginx.conf", changes))
    main.write_text(
        _NGINX.format(user=getpass.getuser(), home=home, site=site, pretending=PRETENDING)
    )
    return ["-e", "stderr", "-p", str(home), "-c", str(main)]


def _haproxy(
    home: Path, certificate: Mapping[str, str], proxy: Proxy, replicas: Sequence[int]
) -> list[str]:
    """Write the configuration, and return the program's arguments."""
    pem, configuration = home / "both.pem", home / "haproxy.cfg"
    pem.write_text("".join(Path(certificate[name]).read_text() for name in sorted(certificate)))
    changes = {
        "    log /dev/log local0\n": "    log stderr format raw local0\n",
        "    user haproxy\n    group haproxy\n": "",
        "bind :80": f"bind 127.0.0.1:{proxy.plain}",
        "bind :443": f"bind 127.0.0.1:{proxy.tls}",
        "/etc/ssl/latchkey/auth.example.com.pem": str(pem),
        "    server one 127.0.0.1:8000\n": "".join(
            f"    server at{port} 127.0.0.1:{port}\n" for port in replicas
        ),
        "auth.example.com": HOST,
    }
    configuration.write_text(changed(DEPLOY / "haproxy.cfg", changes))
    return ["-db", "-f", str(configuration)]


def _caddy(
    home: Path, certificate: Mapping[str, str], proxy: Proxy, replicas: Sequence[int]
) -> list[str]:
    """Write the configuration, and return the program's arguments."""
    configuration = home / "Caddyfile"
    changes = {
        "admin localhost:2019": "admin off\n\tdefault_bind 127.0.0.1",
        "http:// {": f"http://:{proxy.plain} {{",
        "https:// {": f"https://:{proxy.tls} {{",
        "https://auth.example.com {": f"https://{HOST}:{proxy.tls} {{",
        "/etc/ssl/latchkey/chain.pem": certificate["TLS_CERT"],
        "/etc/ssl/latchkey/key.pem": certificate["TLS_KEY"],
        "127.0.0.1:8000": " ".join(f"127.0.0.1:{port}" for port in replicas),
        "auth.example.com": HOST,
    }
    configuration.write_text(changed(DEPLOY / "Caddyfile", changes))
    return ["run", "--adapter", "caddyfile", "--config", str(configuration)]


_CONFIGURE: Final = {"nginx": _nginx, "haproxy": _haproxy, "caddy": _caddy}
