"""The page of the links in mails, as `latchkey doctor` asks for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from typing_extensions import override

from harness.service import free_port
from latchkey.entrypoints.cli.link_page import link_page_fault


@contextmanager
def pages(status: int, path: str = "/link/") -> Iterator[str]:
    """Serve one page, and answer 404 for all others."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == path else 404)
            self.send_header("Content-Length", "0")
            self.end_headers()

        @override
        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_page_that_is_there_is_no_fault() -> None:
    with pages(200) as url:
        assert link_page_fault(url) is None


@pytest.mark.parametrize("status", [403, 404, 503])
def test_a_page_that_is_not_there_is_told_with_its_status(status: int) -> None:
    with pages(status) as url:
        assert link_page_fault(url) == f"{url}/link/ answers {status}"


def test_a_host_that_does_not_answer_is_told() -> None:
    url = f"http://127.0.0.1:{free_port()}"

    assert str(link_page_fault(url)).startswith(f"{url}/link/ does not answer from here (")
