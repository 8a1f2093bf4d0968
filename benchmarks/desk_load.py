"""The desk under load: two hundred open pages and fifty requests a second, while counts come in, 430 contests of Los Angeles."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.base import RACECALL, Figures, Place, racecall, require
from benchmarks.releases import new_folder, release_files

VIEWERS = 200
PER_SECOND = 50
SECONDS = 20
OPENING_SECONDS = 120
COUNTS = 3
"""Counts that are recorded by another process meanwhile."""
PASSWORD = "four words that do not belong"
PATHS = ("/", "/log", "/api/board", "/contests/{}", "/contests/{}")
"""What is asked for, in turn; contests one after the other."""


def run(place: Place) -> Figures:
    """Start a desk, open the pages, ask at a steady pace whatever the answers take, and time each from when it was due."""
    files = release_files(place)
    folder = new_folder(place, files)
    racecall("add", folder, files[0], "--backfill", scratch=place.scratch)
    _let_in(folder, place.scratch)
    with _desk(folder, place.scratch) as port:
        cookie = _signed_in(port)
        contests = re.findall(r'href="/contests/([^"/]+)"', _get(port, "/", cookie))
        load = Load(port=port, cookie=cookie, contests=list(dict.fromkeys(contests)))
        asyncio.run(_loaded(load, folder, files[1 : 1 + COUNTS]))
    load.require_answers()
    return {
        "p99_ms": load.percentile(0.99),
        "p50_ms": load.percentile(0.5),
        "slowest_ms": load.percentile(1.0),
        "requests": len(load.seconds),
        "viewers": load.opened,
        "viewers_told": load.told,
        "counts_recorded": COUNTS,
        "cores": os.cpu_count() or 0,
        "measured": f"{PER_SECOND} requests a second for {SECONDS} s, each timed from when it was due, client and desk on one machine",
    }


@dataclass(slots=True)
class Load:
    """What is asked, and how long it took.

    Args:
        port: Where the desk is.
        cookie: Of a viewer who is signed in.
        contests: Ids of the contests.
        seconds: Time of each answer [seconds].
        wrong: Answers that were none.
        opened: Pages that were opened.
        told: Pages that heard of a change.
        everybody_is_here: Rings when all pages are open.
    """

    port: int
    cookie: str
    contests: list[str]
    seconds: list[float] = field(default_factory=list)
    wrong: int = 0
    opened: int = 0
    told: int = 0

    everybody_is_here: asyncio.Event = field(default_factory=asyncio.Event)

    def heard(self, changes: int) -> None:
        """Note that a page has heard of its first change, which is the board as it is, or of its second."""
        self.opened += changes == 1
        self.told += changes == 2
        if self.opened == VIEWERS:
            self.everybody_is_here.set()

    def percentile(self, part: float) -> float:
        """Return the time that a part of the answers kept [ms]."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(part * len(ordered)))]

    def require_answers(self) -> None:
        """Stop if the work that was timed was not done."""
        require(not self.wrong, f"{self.wrong} requests had no answer")
        require(self.opened == VIEWERS, f"{self.opened} of {VIEWERS} pages were opened")
        require(self.told == VIEWERS, f"{self.told} of {VIEWERS} pages heard of a new count")


async def _loaded(load: Load, folder: Path, files: list[Path]) -> None:
    viewers = [asyncio.create_task(_viewer(load)) for _ in range(VIEWERS)]
    await asyncio.wait_for(load.everybody_is_here.wait(), OPENING_SECONDS)
    counts = asyncio.create_task(asyncio.to_thread(_record, folder, files))
    began = time.perf_counter()
    asked = []
    for number in range(PER_SECOND * SECONDS):
        due = began + number / PER_SECOND
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        asked.append(asyncio.create_task(_ask(load, number, due)))
    await asyncio.gather(*asked, counts)
    await asyncio.sleep(3)
    for viewer in viewers:
        viewer.cancel()
    await asyncio.gather(*viewers, return_exceptions=True)


def _record(folder: Path, files: list[Path]) -> None:
    for file in files:
        subprocess.run([str(RACECALL), "add", str(folder), str(file), "--backfill"], check=False, capture_output=True)


async def _ask(load: Load, number: int, due: float) -> None:
    path = PATHS[number % len(PATHS)].format(load.contests[number % len(load.contests)])
    reader, writer = await asyncio.open_connection("127.0.0.1", load.port)
    writer.write(_request(path, load.cookie, "close"))
    answer = await reader.read()
    load.seconds.append(time.perf_counter() - due)
    load.wrong += b" 200 " not in answer[:20]
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()


async def _viewer(load: Load) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", load.port)
    writer.write(_request("/live?from=0", load.cookie, "keep-alive"))
    heard = 0
    try:
        while line := await reader.readline():
            heard += line.startswith(b"event: change")
            load.heard(heard if line.startswith(b"event: change") else 0)
    finally:
        writer.close()


def _request(path: str, cookie: str, connection: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\nConnection: {connection}\r\n\r\n".encode()


# -- a desk of its own -------------------------------------------------------------------------------------------------------------------


def _let_in(folder: Path, scratch: Path) -> None:
    command = [str(RACECALL), "account", "add", str(folder), "V. Wall", "--role", "viewer"]
    done = subprocess.run(command, input=PASSWORD + "\n", text=True, capture_output=True, check=False, cwd=scratch)
    require(done.returncode == 0, f"no account was made: {done.stderr}")


@contextmanager
def _desk(folder: Path, scratch: Path) -> Iterator[int]:
    require(shutil.which(str(RACECALL)) is not None, "racecall is not installed")
    with (scratch / "desk.log").open("w") as log:
        process = subprocess.Popen([str(RACECALL), "desk", str(folder), "--port", "0"], stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            found = re.search(r":(\d+)/", line)
            require(found is not None, f"the desk did not start: {line}")
            yield int(found[1]) if found else 0
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def _signed_in(port: int) -> str:
    """Sign in as a browser does, and return the cookie of the session."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/sign-in")
    door = connection.getresponse()
    token = re.findall(r'name="form_token" value="([^"]+)"', door.read().decode())[-1]
    fields = urlencode({"form_token": token, "name": "V. Wall", "password": PASSWORD})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"racecall-door={token}"}
    connection.request("POST", "/sign-in", fields, headers)
    answer = connection.getresponse()
    require(answer.status == 303, f"nobody was signed in: {answer.status}")
    return (answer.headers["set-cookie"] or "").split(";")[0]


def _get(port: int, path: str, cookie: str) -> str:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers={"Cookie": cookie})
    return connection.getresponse().read().decode()
