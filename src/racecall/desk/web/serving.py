"""The desk as a process: where it listens, and what it refuses to do in the clear."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from racecall.desk.collector import spare_for_good
from racecall.desk.web.app import application, front
from racecall.desk.web.judged import judge_record
from racecall.desk.web.render import read_templates
from racecall.desk.web.service import Desk, DeskSettings, open_desk
from racecall.desk.workers import apart
from racecall.errors import UsageError

LOOPBACK = ("127.0.0.1", "::1", "localhost")
MOST_AT_ONCE = 1000
"""Connections that are taken at once, open pages included."""
GRACE_SECONDS = 3
"""How long an answer that is on its way may take when the desk is stopped; open pages come back by themselves."""

TURN_SECONDS = 0.001
"""How long a thread that makes a page may go on while the one that answers waits; Python's own turn is five times as long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """Where a desk listens.

    Args:
        host, port: Address and port; port 0 for any that is free.
        names: Host names that browsers use, besides this machine's own.
        certificate, key: For HTTPS, PEM; None without.
        proxy: Address of a proxy that speaks HTTPS to the browsers and says who asked, "" without one.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    names: tuple[str, ...] = ()
    certificate: Path | None = None
    key: Path | None = None
    proxy: str = ""

    @property
    def is_secure(self) -> bool:
        """Whether browsers speak HTTPS."""
        return self.certificate is not None or bool(self.proxy)

    def check(self) -> None:
        """Refuse what would send passwords in the clear, or half a certificate.

        Raises:
            UsageError: It is so.
        """
        if (self.certificate is None) != (self.key is None):
            raise UsageError("HTTPS takes a certificate and its key.", next_step="Give both: --certificate FILE --key FILE")
        missing = next((file for file in (self.certificate, self.key) if file and not file.is_file()), None)
        if missing:
            raise UsageError("there is no such file.", where=str(missing), next_step="Check the name.")
        if self.host not in LOOPBACK and not self.is_secure:
            raise UsageError(
                f"passwords would travel in the clear to {self.host}.",
                next_step="Give --certificate and --key, or --proxy ADDRESS if a proxy in front speaks HTTPS; or listen on 127.0.0.1.",
            )


def serve(settings: DeskSettings, listening: Listening, say: Callable[[str], None]) -> None:
    """Serve the desk of an election until it is stopped.

    Args:
        settings: The election, and what goes with it; how it is reached is filled in here.
        listening: Where.
        say: Takes what people should know when it begins.

    Raises:
        NotAnElection: The folder is none.
        UsageError: It cannot listen there, or would do so in the clear.
    """
    listening.check()
    names = (*LOOPBACK, *listening.names, *((listening.host,) if listening.host not in {"0.0.0.0", "::"} else ()))  # noqa: S104
    settings = replace(settings, secure=listening.is_secure, names=tuple(dict.fromkeys(names)))
    with apart() as process:
        _serve(open_desk(settings, judge=partial(process, judge_record)), listening, say)


def _serve(desk: Desk, listening: Listening, say: Callable[[str], None]) -> None:
    import uvicorn

    if not desk.accounts.all():
        say(f'Nobody can sign in yet. Make the first account: racecall account add {desk.settings.folder} "NAME" --role admin')
    config = uvicorn.Config(
        front(desk, application(desk)),
        host=listening.host,
        port=listening.port,
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=False,
        limit_concurrency=MOST_AT_ONCE,
        timeout_graceful_shutdown=GRACE_SECONDS,
        proxy_headers=bool(listening.proxy),
        forwarded_allow_ips=listening.proxy or None,
        ssl_certfile=listening.certificate,
        ssl_keyfile=listening.key,
    )
    _run(uvicorn.Server(config), listening, say)


def _run(server: object, listening: Listening, say: Callable[[str], None]) -> None:
    """Bind first, so that the address can be said, then serve."""
    import socket

    import uvicorn

    assert isinstance(server, uvicorn.Server)
    family = socket.AF_INET6 if ":" in listening.host else socket.AF_INET
    bound = socket.socket(family)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((listening.host, listening.port))
        bound.listen(MOST_AT_ONCE)  # whoever reads the address below may come at once
    except OSError as error:
        bound.close()
        words = f"port {listening.port} of {listening.host} cannot be used ({error.strerror})."
        raise UsageError(words, next_step="Choose another: --port N, or --port 0 for any.") from error
    be_ready()
    scheme = "https" if listening.certificate else "http"
    say(f"The desk is at {scheme}://{listening.host}:{bound.getsockname()[1]}/  Ctrl-C ends it.")
    with bound:
        server.run(sockets=[bound])


def be_ready() -> None:
    """Do before the first click what would hold up clicks: read the templates, and take what stays for good out of Python's rounds."""
    sys.setswitchinterval(TURN_SECONDS)
    read_templates()
    spare_for_good()
