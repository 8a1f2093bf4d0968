"""A site at an address: read from one host, each file up to a size, nothing written, nothing followed elsewhere."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin, urlsplit

from racecall.errors import SourceError

if TYPE_CHECKING:
    import urllib3

CONNECT_SECONDS, READ_SECONDS, ALL_SECONDS = 10.0, 30.0, 600.0
"""How long to wait for an answer, for its next bytes, and for the whole site."""
MOST_REDIRECTS = 3
CHUNK = 1 << 20
HEADERS = {"User-Agent": "racecall verify", "Accept-Encoding": "identity"}


class Address:
    """A site at an address."""

    def __init__(self, address: str) -> None:
        self.base = address.removesuffix("manifest.json").rstrip("/") + "/"
        self.ends = time.monotonic() + ALL_SECONDS

    @cached_property
    def _pool(self) -> urllib3.PoolManager:
        import urllib3

        timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS)
        return urllib3.PoolManager(timeout=timeout, retries=False, headers=HEADERS)

    def others(self, _: set[str]) -> Iterator[str]:
        """Yield nothing: what else is at an address cannot be seen."""
        yield from ()

    def get(self, path: str, most: int) -> bytes:
        """Return a file's bytes, one more than `most` at the most.

        Raises:
            SourceError: It cannot be had, or the answer leads to another host.
        """
        import urllib3

        address = urljoin(self.base, quote(path))
        try:
            for _ in range(MOST_REDIRECTS + 1):
                with self._pool.request("GET", address, redirect=False, preload_content=False) as answer:
                    moved = answer.get_redirect_location()
                    if not moved:
                        return self._body(answer, address, most)
                address = _same_host(address, moved)
        except urllib3.exceptions.HTTPError as error:
            raise SourceError(
                f"it cannot be fetched ({type(error).__name__}).", where=address, next_step="Look whether the address opens in a browser."
            ) from error
        raise SourceError("it leads from one address to the next without an end.", where=address)

    def _body(self, answer: urllib3.BaseHTTPResponse, address: str, most: int) -> bytes:
        if answer.status != 200:
            raise SourceError(f"the host answers {answer.status}.", where=address, next_step="Look whether the address opens in a browser.")
        data = bytearray()
        while len(data) <= most and (part := answer.read(min(CHUNK, most + 1 - len(data)), decode_content=True)):
            data += part
            if time.monotonic() > self.ends:
                raise SourceError(f"the site is not read after {ALL_SECONDS:.0f} seconds.", where=address)
        return bytes(data)


def _same_host(address: str, moved: str) -> str:
    """Return where a redirect leads, if that is on the same host and no less safe."""
    there, here = urlsplit(urljoin(address, moved)), urlsplit(address)
    if there.hostname != here.hostname or there.port != here.port or there.scheme not in {here.scheme, "https"}:
        raise SourceError(
            f"it leads to another host ({there.scheme}://{there.netloc}).", where=address, next_step="Name that address yourself."
        )
    return there.geturl()
