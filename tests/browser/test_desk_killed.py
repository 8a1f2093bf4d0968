"""A desk that is killed at any moment: no approval is lost, and nothing is published half."""

from __future__ import annotations

import re
import signal
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from time import sleep
from urllib.parse import urlencode

import pytest

from browser.newsroom import CLINCHED, Newsroom, newsroom, publish
from commands import FINE, events, racecall


def approval(room: Newsroom, name: str) -> Callable[[], int]:
    """Return what sends somebody's approval as their browser would, and gives the status of the answer, 0 if there was none."""
    cookie = "; ".join(f"{one['name']}={one['value']}" for one in room.states[name]["cookies"] if one["name"] == "racecall-desk")
    connection = HTTPConnection("127.0.0.1", room.port, timeout=60)
    connection.request("GET", CLINCHED, headers={"Cookie": cookie})
    page = connection.getresponse().read().decode()
    fields = {name: re.findall(f'name="{name}" value="([^"]+)"', page)[-1] for name in ("form_token", "head")}
    body = urlencode(fields | {"kind": "approve", "reason": "Out of reach.", "seen": "yes"})

    def send() -> int:
        with suppress(OSError, HTTPException), closing(connection):
            headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
            connection.request("POST", CLINCHED, body, headers)
            return connection.getresponse().status
        return 0

    return send


def decisions(room: Newsroom) -> list[str]:
    """Return who has decided, from the record as a stranger reads it."""
    return [event["actor"] for event in events(room.folder) if event["kind"] == "decision"]


def killed_after(room: Newsroom, send: Callable[[], int], seconds: float | None) -> int:
    """Send, and kill the desk so long after, or after the answer if None; return the status that was answered."""
    answers: list[int] = []
    thread = threading.Thread(target=lambda: answers.append(send()))
    thread.start()
    if seconds is None:
        thread.join()
    else:
        sleep(seconds)
    room.end(signal.SIGKILL)
    thread.join()
    return answers[0]


@pytest.mark.parametrize("rounds", [2, pytest.param(30, marks=pytest.mark.slow)])
def test_a_killed_desk_loses_no_approval(chromium, tmp_path, rounds):
    """Killed before, during or after the answer: what was answered is recorded, what was not is whole or absent, and people go on."""
    for number in range(rounds):
        room = newsroom(chromium, tmp_path / str(number))
        room.state(hours=1)
        room.start()
        try:
            status = killed_after(room, approval(room, "C. One"), None if number % 3 == 0 else 0.03 * number)
            kept = decisions(room)
            room.start()
            if not kept:
                assert (status, approval(room, "C. One")()) == (0, 303)
            again = approval(room, "D. Two")()
        finally:
            room.close()

        assert (again, decisions(room), racecall("verify", room.folder).code) == (303, ["C. One", "D. Two"], FINE)


@pytest.mark.parametrize("rounds", [1, pytest.param(12, marks=pytest.mark.slow)])
def test_a_desk_that_is_killed_while_it_publishes_leaves_whole_files(chromium, tmp_path, rounds):
    """Every file that is there is whole; the next publication makes the site what the record says."""
    for number in range(rounds):
        room = newsroom(chromium, tmp_path / str(number))
        room.start()
        try:
            admin = room.person(chromium, "E. Admin", "/publish")
            admin.evaluate("setTimeout(() => document.querySelector('main form').submit(), 0)")
            sleep(0.15 * (number + 1))
            room.end(signal.SIGKILL)
            whole = [path for path in room.site.rglob("*.html") if not path.read_text(encoding="utf-8").rstrip().endswith("</html>")]
            room.start()
            publish(room.person(chromium, "E. Admin"))
        finally:
            room.close()

        assert (whole, racecall("verify", room.site, "--ledger", room.folder).code) == ([], FINE)
