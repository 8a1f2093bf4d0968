"""nginx with the configuration that we ship, on free ports of this machine, with a certificate of its own."""

from __future__ import annotations

import grp
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import urllib3

SHIPPED = Path(__file__).resolve().parents[1] / "deploy" / "nginx.conf"
REQUIRED = "RACECALL_NGINX"
"""Set to `required`, tests that need nginx fail where it is absent, instead of being skipped."""
SITE, DESK = "results.example.org", "desk.example.org"
"""The names in the configuration that we ship."""

AROUND = """
daemon off;
{user}
pid {folder}/pid;
error_log {folder}/error.log;
worker_processes 1;
events {{ worker_connections 256; }}
http {{
    default_type application/octet-stream;
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/racecall.conf;
}}
"""
"""What Debian's nginx.conf has around it, without what only root may write."""


@dataclass(frozen=True, slots=True)
class Nginx:
    """A running server.

    Args:
        port: Where it speaks HTTPS.
        clear_port: Where it speaks HTTP.
        certificate: What its names are vouched for with.
    """

    port: int
    clear_port: int
    certificate: Path

    def pool(self, name: str) -> urllib3.HTTPSConnectionPool:
        """Return connections as a browser makes them that has looked the name up."""
        return urllib3.HTTPSConnectionPool(
            "127.0.0.1", self.port, server_hostname=name, assert_hostname=name, ca_certs=str(self.certificate), retries=False, timeout=10
        )

    def ask(self, path: str, *, name: str = SITE, method: str = "GET", **headers: str) -> urllib3.BaseHTTPResponse:
        """Ask for a path; names of headers are written with underscores."""
        asked = {"Host": name, **{key.replace("_", "-"): value for key, value in headers.items()}}
        with self.pool(name) as pool:
            return pool.request(method, path, headers=asked, redirect=False, decode_content=False)


def program() -> str | None:
    """Return where nginx lies, None if it is not installed."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


def warnings(folder: Path) -> str:
    """Return what nginx has to say against the configuration that was put together in a folder."""
    words = [program() or "nginx", "-t", "-q", "-p", folder, "-e", folder / "error.log", "-c", folder / "nginx.conf"]
    return subprocess.run(words, capture_output=True, check=False).stderr.decode()


@contextmanager
def nginx(folder: Path, site: Path, desk_port: int) -> Iterator[Nginx]:
    """Run nginx while the block lasts."""
    made = Nginx(*free_ports(2), certificate(folder))
    (folder / "racecall.conf").write_text(ours(made, site, desk_port), encoding="utf-8")
    (folder / "nginx.conf").write_text(around(folder), encoding="utf-8")
    started = subprocess.Popen([program() or "nginx", "-p", folder, "-e", folder / "error.log", "-c", folder / "nginx.conf"])
    try:
        wait_for(made.port, folder / "error.log")
        yield made
    finally:
        started.terminate()
        started.wait(10)


def ours(made: Nginx, site: Path, desk_port: int) -> str:
    """Return the configuration that we ship, with what its first lines tell a reader to change, and with ports that are free here."""
    text = SHIPPED.read_text(encoding="utf-8")
    for pattern, instead in _changes(made, site, desk_port).items():
        text, changed = re.subn(pattern, instead, text, flags=re.MULTILINE)
        assert changed, pattern
    return text


def around(folder: Path) -> str:
    """Return what nginx is started with; its processes stay ours also where that is root, because only root may read a test's folder."""
    user = "" if os.geteuid() else f"user root {grp.getgrgid(os.getegid()).gr_name};"
    return AROUND.format(folder=folder, user=user)


def _changes(made: Nginx, site: Path, desk_port: int) -> Mapping[str, str]:
    return {
        r"^ *listen \[::\]:.*\n": "",
        r"listen 443 ": f"listen 127.0.0.1:{made.port} ",
        r"listen 80;": f"listen 127.0.0.1:{made.clear_port};",
        r"/etc/letsencrypt/live/[\w.]+/fullchain.pem": str(made.certificate),
        r"/etc/letsencrypt/live/[\w.]+/privkey.pem": str(made.certificate.with_name("key.pem")),
        r"/srv/racecall/site": str(site),
        r"127\.0\.0\.1:8080": f"127.0.0.1:{desk_port}",
    }


def certificate(folder: Path) -> Path:
    """Make a certificate for both names, and its key beside it."""
    made = folder / "certificate.pem"
    named = ["-subj", "/CN=racecall", "-addext", f"subjectAltName=DNS:{SITE},DNS:{DESK}", "-days", "2", "-nodes"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", *named, "-out", made, "-keyout", folder / "key.pem"]
    subprocess.run(command, check=True, capture_output=True)
    return made


def free_ports(number: int) -> list[int]:
    """Return ports that nobody listens on now."""
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


def wait_for(port: int, log: Path) -> None:
    """Wait until somebody listens."""
    for _ in range(200):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise AssertionError(log.read_text(encoding="utf-8") if log.exists() else "nginx did not start")
