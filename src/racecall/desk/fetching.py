"""One polite request for a file that may have changed: what came is a value, and so is every kind of trouble.

The server is asked for what is new only (RFC 9110, section 13). Nothing it does can hold us up or fill the disk: connecting, each read and
the whole transfer have their time, the size is looked at while the bytes come in, and what is compressed is undone under the same caps as
a file. The host is pinned: a redirect to another one is not followed, because whoever can send us elsewhere could send us any count.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from http.client import HTTPException
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING, Self
from urllib.parse import SplitResult, urljoin, urlsplit

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError, IncompleteRead, NameResolutionError, NewConnectionError, ReadTimeoutError
from urllib3.exceptions import SSLError as LibrarySSLError

from racecall import __version__
from racecall.desk.clock import Clock, now
from racecall.errors import BrokenFile
from racecall.feeds.text import MEBIBYTE, Limits, size_words, unpack
from racecall.model.source import Source, is_address, literal
from racecall.origin import Fetched, sha256_hex

if TYPE_CHECKING:
    from urllib3.response import HTTPResponse

REHEARSAL_HEADER = "X-Racecall-Rehearsal"
"""What `racecall rehearse` puts on everything it serves: the moment of the night that is played again."""
REDIRECTS = frozenset({301, 302, 303, 307, 308})
MOST_REDIRECTS = 3
CHUNK = 65_536
DEFAULT_PORTS = {"http": 80, "https": 443}
LONGEST_HEADER = 300
"""Longer headers are cut before they go into the record [characters]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a server may take.

    Args:
        connect: To accept the connection, and for each step of the TLS handshake [seconds].
        read: Between two pieces of its answer [seconds].
        whole: For everything, redirects included [seconds].
    """

    connect: float = 10
    read: float = 20
    whole: float = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is known of an address from before, to ask for what is new only.

    Args:
        sha256: The bytes that came last, "" if none did.
        etag, last_modified: What the server called them; "" to ask for the file again whatever it says.
    """

    sha256: str = ""
    etag: str = ""
    last_modified: str = ""


class Outcome(StrEnum):
    """What one request came to."""

    NEW = "new"
    """Bytes that are not those that came last."""
    NOT_MODIFIED = "not_modified"
    """The server says that nothing changed."""
    SAME = "same"
    """It sent the same bytes again."""
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one request came to.

    Args:
        outcome: What it came to.
        body: The file, transfer compression undone; b"" unless it came.
        fetched: What the server said, None if it did not answer with the file.
        words: What the trouble was, "" if there was none.
        retry_after: How long the server asks us to wait.
    """

    outcome: Outcome
    body: bytes = b""
    fetched: Fetched | None = None
    words: str = ""
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked of whom.

    Args:
        source: The source, for its limits and whom it trusts.
        address: The address: the source's own, or a companion's.
        contact: Where the office can reach us.
        folder: Where the source's `ca_file` lies.
        kept: What came last.
        patience: How long the server may take.
        body: What is handed over (`post`), None where a file is asked for.
        more: Headers of its own.
    """

    source: Source
    address: str
    contact: str = ""
    folder: Path = Path()
    kept: Kept = field(default_factory=Kept)
    patience: Patience = field(default_factory=Patience)
    body: bytes | None = None
    more: Mapping[str, str] = field(default_factory=dict)

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers we send: who we are, and what we have."""
        contact = f" (+{self.contact})" if self.contact else ""
        sent = {"User-Agent": f"racecall/{__version__}{contact}", "Accept": "*/*", "Accept-Encoding": "gzip", "Connection": "close"}
        conditions = {"If-None-Match": self.kept.etag, "If-Modified-Since": self.kept.last_modified}
        return sent | {name: value for name, value in conditions.items() if value} | dict(self.more)


class Trouble(Exception):
    """Why there is no file, in words; outside this module it is a value.

    Args:
        words: What was found, and where.
        retry_after: How long the server asks us to wait.
    """

    def __init__(self, words: str, *, retry_after: timedelta | None = None) -> None:
        super().__init__(words)
        self.words = words
        self.retry_after = retry_after


def fetch(request: Request, *, clock: Clock = now) -> Answer:
    """Ask once for what is new at an address; never raises for anything that a server or a network can do."""
    try:
        return _answer(request, clock)
    except Trouble as trouble:
        return Answer(outcome=Outcome.TROUBLE, words=trouble.words, retry_after=trouble.retry_after)


def post(request: Request, *, clock: Clock = now) -> tuple[int, timedelta | None]:
    """Hand a body over, and return the status of the answer and how long the server asks us to wait; no redirect is followed.

    Raises:
        Trouble: There was no answer.
    """
    address = request.address
    with (
        Deadline(request.patience.whole) as deadline,
        _in_words(address, request, deadline),
        _asked(address, request, deadline) as response,
    ):
        return response.status, retry_after(response.headers.get("Retry-After", ""), clock())


def _answer(request: Request, clock: Clock) -> Answer:
    address = request.address
    with Deadline(request.patience.whole) as deadline:
        for _ in range(MOST_REDIRECTS + 1):
            with _in_words(address, request, deadline), _asked(address, request, deadline) as response:
                if response.status not in REDIRECTS:
                    return _judged(response, request, address, clock)
                address = _redirected(address, response.headers.get("Location", ""))
    raise Trouble(f"{request.address} redirects more than {MOST_REDIRECTS} times.")


# -- the answer ----------------------------------------------------------------------------------------------------------------------


def _judged(response: HTTPResponse, request: Request, address: str, clock: Clock) -> Answer:
    """Turn a response that is no redirect into an answer."""
    if response.status == 304 and (request.kept.etag or request.kept.last_modified):
        return Answer(outcome=Outcome.NOT_MODIFIED, fetched=_fetched(response, request, address))
    if response.status != 200:
        raise Trouble(_status_words(address, response), retry_after=retry_after(response.headers.get("Retry-After", ""), clock()))
    body = _body(response, request)
    same = sha256_hex(body) == request.kept.sha256
    return Answer(outcome=Outcome.SAME if same else Outcome.NEW, body=body, fetched=_fetched(response, request, address))


def _fetched(response: HTTPResponse, request: Request, address: str) -> Fetched:
    def header(name: str) -> str:
        return " ".join(response.headers.get(name, "").split())[:LONGEST_HEADER]

    return Fetched(
        source=request.source.name,
        address=request.address,
        status=response.status,
        etag=header("ETag"),
        last_modified=header("Last-Modified"),
        date=header("Date"),
        content_type=header("Content-Type"),
        redirected_to="" if address == request.address else address,
        rehearsal=header(REHEARSAL_HEADER),
    )


STATUS_WORDS = {
    304: "says that nothing changed, though it was not asked that",
    401: "wants a password",
    403: "does not let us in",
    404: "has no such file",
    410: "says that the file is gone for good",
    429: "says that it is asked too often",
    503: "is overloaded, or closed for work",
}


def _status_words(address: str, response: HTTPResponse) -> str:
    said = STATUS_WORDS.get(response.status) or ("failed" if response.status >= 500 else "sent no file")
    return f"{_host(address)} {said} (status {response.status}): {address}"


def retry_after(header: str, moment: datetime) -> timedelta | None:
    """Read how long a server asks us to wait: seconds, or a date (RFC 9110, section 10.2.3); None if it does not say."""
    if header.strip().isdecimal():
        return timedelta(seconds=min(int(header), 10**8))
    with suppress(ValueError, TypeError, OverflowError):
        until = parsedate_to_datetime(header)
        return max((until if until.tzinfo else until.replace(tzinfo=UTC)) - moment, timedelta())
    return None


def _body(response: HTTPResponse, request: Request) -> bytes:
    """Read the file, and no more of it than we take; undo compression that was made for the way."""
    limits = Limits(max_bytes=request.source.max_size_mb * MEBIBYTE)
    raw = b"".join(_pieces(response, request.address, limits))
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    if encoding in {"", "identity"}:
        return raw
    if encoding not in {"gzip", "x-gzip"}:
        raise Trouble(f"{_host(request.address)} sent the file encoded as {encoding[:40]!r}, which it was not asked for.")
    try:
        return unpack(request.address, raw, limits)
    except BrokenFile as error:
        raise Trouble(f"{request.address}: {error.problem}") from error


def _pieces(response: HTTPResponse, address: str, limits: Limits) -> Iterator[bytes]:
    size = 0
    while piece := response.read1(CHUNK, decode_content=False):
        size += len(piece)
        if size > limits.max_bytes:
            raise Trouble(
                f"{address} is larger than {size_words(limits.max_bytes)}; reading was stopped. Raise max_size_mb if it really is."
            )
        yield piece


# -- where to ----------------------------------------------------------------------------------------------------------------------


def _redirected(address: str, location: str) -> str:
    """Return where a redirect leads, if that is where we would go.

    Raises:
        Trouble: It leads nowhere, to another host, or off TLS.
    """
    target = urljoin(address, location).partition("#")[0]
    if not location or not is_address(target):
        raise Trouble(f"{address} redirects to {location[:200]!r}, which is no address.")
    if not _stays(urlsplit(address), urlsplit(target)):
        raise Trouble(
            f"{address} redirects to another server ({target[:200]}), which was not followed. "
            "If the office has moved, put the new address into election.toml."
        )
    return target


def _stays(before: SplitResult, after: SplitResult) -> bool:
    """Whether two addresses are on one server; from http to https on the usual ports is no move, the other way is one."""
    if before.hostname != after.hostname:
        return False
    places = [(parts.scheme, parts.port or DEFAULT_PORTS[parts.scheme]) for parts in (before, after)]
    return places[0] == places[1] or places == [("http", 80), ("https", 443)]


def is_surprise(host: str, peer: str, *, private_network: bool) -> bool:
    """Whether a public name has led to an address that is not public: somebody's router, or this machine.

    Args:
        host: The host as the address has it.
        peer: The IP address that was connected to.
        private_network: Whether that is expected.
    """
    number = literal(peer.partition("%")[0])
    named = host != "localhost" and literal(host) is None
    return named and not private_network and number is not None and not number.is_global


def _host(address: str) -> str:
    return urlsplit(address).netloc


# -- the connection ------------------------------------------------------------------------------------------------------------------


class Deadline:
    """Ends a transfer that takes too long, whatever it is waiting for: a server can keep every single read short, for ever."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.passed = False
        self.connection: HTTPConnection | None = None
        self.socket: socket.socket | None = None
        self._timer = Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def _end(self) -> None:
        """Shut the socket below TLS, so that whoever waits for it wakes up; during the handshake only the connection knows it."""
        self.passed = True
        for held in (self.socket, self.connection.sock if self.connection else None):
            if isinstance(held, socket.socket):
                with suppress(OSError):
                    socket.socket.shutdown(held, socket.SHUT_RDWR)


@contextmanager
def _asked(address: str, request: Request, deadline: Deadline) -> Iterator[HTTPResponse]:
    """Connect, look who is there, and ask; the response is not read yet."""
    parts = urlsplit(address)
    with closing(_connection(parts, request)) as connection:
        deadline.connection, deadline.socket = connection, None
        connection.connect()
        deadline.socket = connection.sock
        peer = str(connection.sock.getpeername()[0])
        if is_surprise(parts.hostname or "", peer, private_network=request.source.private_network):
            raise Trouble(
                f"{parts.hostname} stands for {peer}, which is no public address; nothing was asked. "
                "If the server is on your own network, say private_network = true."
            )
        connection.timeout = request.patience.read
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        method = "GET" if request.body is None else "POST"
        connection.request(method, path, body=request.body, headers=request.headers, preload_content=False, decode_content=False)
        with closing(connection.getresponse()) as response:
            yield response


def _connection(parts: SplitResult, request: Request) -> HTTPConnection:
    """Return a connection that checks the server's certificate: by the public authorities, by the one named, or by its fingerprint."""
    host, source = parts.hostname or "", request.source
    if parts.scheme == "http":
        return HTTPConnection(host, parts.port or 80, timeout=request.patience.connect)
    return HTTPSConnection(
        host,
        parts.port or 443,
        timeout=request.patience.connect,
        cert_reqs=ssl.CERT_NONE if source.fingerprint else ssl.CERT_REQUIRED,
        assert_fingerprint=source.fingerprint or None,
        ca_certs=str(request.folder / source.ca_file) if source.ca_file else None,
    )


CAUSES: tuple[tuple[tuple[type[BaseException], ...], str], ...] = (
    ((NameResolutionError,), "no server of that name is known ({host}); is the network up?"),
    ((NewConnectionError,), "nobody answers at {host}."),
    ((ConnectTimeoutError,), "{host} did not answer within {connect:g} seconds."),
    ((LibrarySSLError, ssl.SSLError), "the certificate of {host} is not to be trusted, or TLS failed ({error})."),
    ((ReadTimeoutError, TimeoutError), "{host} stopped in the middle: nothing came for {read:g} seconds."),
    ((IncompleteRead,), "the file was cut off on the way ({error})."),
    ((HTTPError, HTTPException, OSError, ValueError), "the connection to {host} broke ({error})."),
)
"""What can go wrong on the way, and our words for it; the first row that fits is said."""


@contextmanager
def _in_words(address: str, request: Request, deadline: Deadline) -> Iterator[None]:
    """Turn whatever the network does into words; once the deadline has passed, nothing else is the cause."""
    try:
        yield
    except tuple(kind for kinds, _ in CAUSES for kind in kinds) as error:
        raise Trouble(f"{address}: {_cause(error, address, request, deadline)}") from error
    if deadline.passed:
        raise Trouble(f"{address}: {_too_long(address, deadline)}")


def _cause(error: BaseException, address: str, request: Request, deadline: Deadline) -> str:
    if deadline.passed:
        return _too_long(address, deadline)
    # A body that is too short comes wrapped in an error that says it twice.
    error = next((inner for inner in error.args if isinstance(inner, IncompleteRead)), error)
    words = next(words for kinds, words in CAUSES if isinstance(error, kinds))
    said = " ".join(str(error).split())[:200].removeprefix("IncompleteRead(").removesuffix(")") or type(error).__name__
    return words.format(host=_host(address), error=said, connect=request.patience.connect, read=request.patience.read)


def _too_long(address: str, deadline: Deadline) -> str:
    return f"{_host(address)} took longer than {deadline.seconds:g} seconds, and was left."
