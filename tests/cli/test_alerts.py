"""`racecall alerts`: what a desk types, and a sender that is killed for real."""

import json
import random
import shutil
import signal
import subprocess
import time
from collections import Counter
from pathlib import Path

import pytest

from commands import BROKEN, FINDINGS, FINE, LATER, USAGE, command, county_json, election, file, racecall, surroundings
from racecall.desk.outbox import Outbox
from web import answer, head, serving

COUNTS = {f"CONTEST {number}": {"ANN LEE": 10 + number, "BO NÚÑEZ": 5} for number in range(12)}


@pytest.fixture(scope="module")
def begun(tmp_path_factory) -> Path:
    """An election of two contests with nothing recorded."""
    return election(tmp_path_factory.mktemp("alerts"))


@pytest.fixture
def made(begun: Path, tmp_path: Path) -> Path:
    return shutil.copytree(begun, tmp_path / "election")


def told_to(made: Path, url: str, *lines: str) -> None:
    """Write an alerts.toml with one webhook."""
    file(made, "hook.secret", "a secret of both sides\n")
    hook = ("[[webhook]]", 'name = "hook"', f'url = "{url}"', 'secret = "file:hook.secret"', *lines)
    file(made, "alerts.toml", "\n".join(hook))


def add(made: Path, votes=None, at: str = "2022-11-08T21:00:00") -> None:
    source = file(made.parent, f"{at[8:13]}.json", county_json(*([votes] if votes else []), at=at))
    ran = racecall("add", made, source, "--backfill")
    assert ran.code in {FINE, FINDINGS}, ran.err


def test_a_night_of_alerts(made):
    """Begin, look, send, and nothing the second time."""
    with serving() as web:
        told_to(made, web.will(answer(), path="/hook"), 'contests = ["mayor"]')
        begin = racecall("alerts", "send", made)
        add(made)
        plan = racecall("alerts", "send", made, "--dry-run")
        sent = racecall("alerts", "send", made)
        again = racecall("alerts", "send", made)

    assert (begin.out, begin.code) == ("Alerts begin here: what is recorded from now on is told.\n", FINE)
    assert plan.out == ("release: MAYOR: first count, 1,100 votes\n    to hook\n1 alert that nobody is to be told.\n")
    assert (sent.out, again.out) == ("sent to hook: MAYOR: first count, 1,100 votes\n", "Nothing to send.\n")


def test_a_dry_run_writes_nothing(made):
    """No outbox is made, and nothing is sent."""
    told_to(made, "http://127.0.0.1:9/")
    add(made)
    ran = racecall("alerts", "send", made, "--dry-run", "--from-start", "--json")

    assert [(line["kind"], line["channels"]) for line in ran.lines] == [("release", {"hook": 1})] * 2
    assert list(made.glob("outbox*")) == []


def test_every_name_in_the_json_is_on_the_page(made):
    """What a program gets from `send`, `send --dry-run` and `list`, docs/commands/alerts.md explains."""
    told_to(made, "http://127.0.0.1:9/", 'contests = ["mayor"]')
    racecall("alerts", "send", made)
    add(made)
    ran = [racecall("alerts", *words, made, "--json") for words in (("send", "--dry-run"), ("send",), ("list",))]
    written = {name for one in ran for line in one.lines for name in line}
    page = (Path(__file__).resolve().parents[2] / "docs" / "commands" / "alerts.md").read_text(encoding="utf-8")

    assert sorted(name for name in written if f"`{name}`" not in page) == []


def test_what_does_not_arrive_is_said_and_listed(made):
    """It ends with 1; the list has what waits, and why."""
    told_to(made, "http://127.0.0.1:9/", 'contests = ["mayor"]')
    racecall("alerts", "send", made)
    add(made)
    ran = racecall("alerts", "send", made)
    listed = racecall("alerts", "list", made)

    assert (
        ran.code,
        "not sent to hook: MAYOR: first count" in ran.out,
        "nobody answers at 127.0.0.1:9. Tried again from" in ran.words,
    ) == (
        FINDINGS,
        True,
        True,
    )
    assert listed.words == (
        "waiting: hook: MAYOR: first count, 1,100 votes 1 attempt: http://127.0.0.1:9/: nobody answers at 127.0.0.1:9. 1 waiting"
    )


def test_what_was_given_up_is_retried_by_hand(made):
    """A server that refused, and then does not."""
    with serving() as web:
        told_to(made, web.will(answer(status=400), answer(), path="/hook"), 'contests = ["mayor"]')
        racecall("alerts", "send", made)
        add(made)
        refused = racecall("alerts", "send", made)
        listed = racecall("alerts", "list", made, "--json")
        retried = racecall("alerts", "retry", made)
        sent = racecall("alerts", "send", made)

    assert (refused.code, "given up: hook: MAYOR" in refused.out, f"racecall alerts retry {made}" in refused.words) == (
        FINDINGS,
        True,
        True,
    )
    assert (listed.code, listed.json["state"], listed.json["attempts"]) == (FINDINGS, "given_up", 1)
    assert (retried.words, sent.code) == (f"1 alert will be tried again: racecall alerts send {made}", FINE)


def test_a_channel_is_tried(made):
    """The receiver is told that nothing happened; the outbox is not touched."""
    with serving() as web:
        told_to(made, web.will(answer(), answer(status=500), path="/hook"))
        arrived, failed = racecall("alerts", "test", made, "hook"), racecall("alerts", "test", made, "hook")
        body = json.loads(web.bodies[0])

    assert (arrived.out, arrived.code, failed.code, body["kind"]) == ("It arrived at hook.\n", FINE, FINDINGS, "test")
    assert list(made.glob("outbox*")) == []


def test_without_settings_it_says_what_is_missing(made):
    """And the same before a watch begins."""
    sent, watched = racecall("alerts", "send", made), racecall("watch", made, "--once", "--alerts")

    assert (sent.code, watched.code) == (USAGE, USAGE)
    assert "this folder has no alerts.toml, so nobody is to be told." in sent.err
    assert "this folder has no alerts.toml, so nobody is to be told." in watched.err


def test_a_bad_token_is_refused(made):
    """Nobody is taken off a list by guessing."""
    told_to(made, "http://127.0.0.1:9/")
    file(made, "alerts.toml", '[alerts]\nsecret = "file:hook.secret"\n')
    ran = racecall("alerts", "unsubscribe", made, "abc")

    assert (ran.code, "this is no token of ours" in ran.err) == (USAGE, True)


def test_a_watch_sends_what_it_brings(made):
    """With --alerts, each new count is told at once."""
    with serving() as web:
        told_to(made, web.will(answer(), path="/hook"), 'contests = ["mayor"]')
        web.will(answer(county_json(LATER, "2022-11-09T17:00:00")), path="/count.json")
        settings = (made / "election.toml").read_text()
        file(made, "election.toml", settings + f'\n[[sources]]\nname = "county"\nurl = "{web.url()}"\n')
        racecall("alerts", "send", made)
        ran = racecall("watch", made, "--once", "--alerts")

    assert "sent to hook: MAYOR: first count, 1,700 votes" in ran.words
    assert len(web.bodies) == 1


def test_a_watch_of_a_rehearsal_sends_nothing(made):
    """It is refused before the first poll."""
    told_to(made, "http://127.0.0.1:9/")
    settings = (made / "election.toml").read_text()
    file(made, "election.toml", settings.replace("[election]\n", "[election]\nrehearsal = true\n"))
    ran = racecall("watch", made, "--once", "--alerts")

    assert (ran.code, "this is a rehearsal: no alert leaves it." in ran.err) == (USAGE, True)


def test_a_damaged_outbox_is_said(made):
    """As a machine's trouble, with what to do."""
    told_to(made, "http://127.0.0.1:9/")
    file(made, "outbox.db", b"no database" * 100)
    ran = racecall("alerts", "send", made)

    assert (ran.code, "the outbox cannot be read or written" in ran.err) == (BROKEN, True)


# -- killed for real -----------------------------------------------------------------------------------------------------------------


def slowly(handler) -> None:
    """Takes its time, so that there is something to be killed in."""
    time.sleep(0.03)
    head(handler, 204)


@pytest.mark.parametrize(
    ("kills", "seed"), [pytest.param(4, 20170404, id="4 kills"), pytest.param(40, 20170606, id="40 kills", marks=pytest.mark.slow)]
)
def test_a_killed_sender_loses_nothing_and_doubles_under_one_key(tmp_path, kills, seed):
    """SIGKILL while it sends: the next one sends the rest; each kill can double one alert at most, with the same key."""
    rng = random.Random(seed)
    with serving() as web:
        made = election(tmp_path, COUNTS)
        told_to(made, web.will(slowly, path="/hook"))
        racecall("alerts", "send", made)
        for number in range(kills):
            add(
                made,
                {title: {who: votes + number for who, votes in count.items()} for title, count in COUNTS.items()},
                f"2022-11-{8 + number // 12:02d}T{8 + number % 12:02d}:00:00",
            )
            kill_once(made, web, rng)
        racecall("alerts", "send", made)
        keys = Counter(headers["Idempotency-Key"] for _, headers in web.asked)

    items = Outbox(made).items()
    assert {item.state.value for item in items} == {"sent"}
    assert set(keys) == {item.event.id for item in items}
    assert len(keys) == 12 * kills
    assert sum(keys.values()) - len(keys) <= kills


def kill_once(made: Path, web, rng: random.Random) -> None:
    """Start sending, wait until some have arrived, and kill it."""
    before, wanted = len(web.asked), rng.randrange(1, 8)
    process = subprocess.Popen(command("alerts", "send", made), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=surroundings())
    until = time.monotonic() + 60
    while len(web.asked) < before + wanted and process.poll() is None and time.monotonic() < until:
        time.sleep(0.001)
    time.sleep(rng.uniform(0, 0.05))
    process.send_signal(signal.SIGKILL)
    process.wait(60)
