"""A web server for tests, on this machine: it answers as it is told to, badly if need be."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

Act = Callable[["Handler"], None]
"""What the server does with a request."""


@dataclass(slots=True)
class Web:
    """A server: what it does at each path, and what it was asked.

    Args:
        port: Its port.
        scheme: http or https.
        acts: What it does by path, one after the other; the last one again and again.
        asked: Path and headers of every request, oldest first.
        bodies: What was handed over with each request that handed something over.
        everywhere: What it does at paths of which nothing else was said.
    """

    port: int
    scheme: str = "http"
    acts: dict[str, list[Act]] = field(default_factory=dict)
    asked: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    everywhere: Act | None = None

    def url(self, path: str = "/count.json", host: str = "127.0.0.1") -> str:
        """Return the address of a path."""
        return f"{self.scheme}://{host}:{self.port}{path}"

    def will(self, *acts: Act, path: str = "/count.json") -> str:
        """Say what the server does at a path from now on, and return its address."""
        self.acts[path] = list(acts)
        return self.url(path)

    def act(self, path: str) -> Act:
        """Return what it does now."""
        acts = self.acts.get(path) or [self.everywhere or answer(b"no such file", status=404)]
        return acts.pop(0) if len(acts) > 1 else acts[0]


class Handler(BaseHTTPRequestHandler):
    """Does what the server was told to do."""

    protocol_version = "HTTP/1.1"
    web: Web

    def do_GET(self) -> None:
        """Note the request and act."""
        self.web.asked.append((self.path, dict(self.headers)))
        with suppress(ConnectionError, ssl.SSLError):
            self.web.act(self.path.partition("?")[0])(self)
        self.close_connection = True

    def do_POST(self) -> None:
        """Take what is handed over, note it, and act."""
        self.web.bodies.append(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        self.do_GET()

    def do_HEAD(self) -> None:
        """Act as if it were asked for."""
        self.do_GET()

    def do_PUT(self) -> None:
        """Let the act take what is handed over."""
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


class Quiet(ThreadingHTTPServer):
    """A server that does not complain about callers who hang up."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing."""


@contextmanager
def serving(certificate: tuple[Path, Path] | None = None) -> Iterator[Web]:
    """Run a server while the block lasts."""
    handler = type("Own", (Handler,), {})
    server = Quiet(("127.0.0.1", 0), handler)
    web = Web(port=server.server_port, scheme="https" if certificate else "http")
    handler.web = web
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield web
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


# -- what a server may do ------------------------------------------------------------------------------------------------------------


def answer(body: bytes = b"", *, status: int = 200, **headers: str) -> Act:
    """Answer with a body; names of headers are written with underscores."""

    def act(handler: Handler) -> None:
        head(handler, status, **{"Content_Length": str(len(body))} | headers)
        handler.wfile.write(body)

    return act


def head(handler: Handler, status: int = 200, **headers: str) -> None:
    """Send a status and headers."""
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()


def cached(body: bytes, etag: str) -> Act:
    """Answer with a body, or with 304 to those who have it."""

    def act(handler: Handler) -> None:
        has = handler.headers.get("If-None-Match") == etag
        (answer(b"", status=304, ETag=etag) if has else answer(body, ETag=etag))(handler)

    return act


def endless(handler: Handler) -> None:
    """Send one piece after the other, for ever."""
    head(handler, Content_Type="application/json")
    while True:
        handler.wfile.write(b" " * 65_536)


def moved(location: str, status: int = 302) -> Act:
    """Send the caller elsewhere."""
    return answer(b"", status=status, Location=location)
