"""The outbox and the ways out: everything once, nothing lost, whatever happens in between; real servers on this machine."""

from __future__ import annotations

import hashlib
import json
import shutil
import socket
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from commands import LATER, NIGHT, county_json, election, file, racecall
from racecall.desk.carrying import Carried, Reader, Surroundings, carry
from racecall.desk.channels import parse_alerts
from racecall.desk.delivering import MOST_ATTEMPTS, Came, Desk
from racecall.desk.fetching import Patience
from racecall.desk.folder import open_folder
from racecall.desk.outbox import Outbox
from racecall.errors import LedgerError, UsageError
from racecall.publish.alerts.event import AlertEvent, AlertKind
from racecall.publish.alerts.mail import digest
from racecall.publish.alerts.unsubscribing import make_token
from racecall.publish.alerts.webhook import KEY, SIGNATURE, verify_webhook
from web import Web, answer, moved, serving

NOW = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)
"""After everything that a test records."""
HOOK = '[[webhook]]\nname = "hook"\nurl = "http://127.0.0.1:9/"\nsecret = "file:hook.secret"\n'
TWO = HOOK + HOOK.replace('"hook"', '"other"').replace("hook.secret", "other.secret")


@dataclass
class World:
    """What comes out of the house: what each channel took, under which key; and the trouble it makes."""

    took: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    troubles: list[Carried] = field(default_factory=list)

    def __call__(self, channel, _: Reader, events: tuple[AlertEvent, ...], __: Surroundings) -> Carried:
        if self.troubles and (trouble := self.troubles.pop(0)) is not None:
            return trouble
        self.took.append((channel.name, tuple(event.id for event in events)))
        return Carried(arrived=True)


@pytest.fixture(scope="module")
def begun(tmp_path_factory) -> Path:
    """An election with nothing recorded."""
    return election(tmp_path_factory.mktemp("alerts"))


@pytest.fixture
def made(begun: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return shutil.copytree(begun, tmp_path / "election")


def add(made: Path, votes=NIGHT, at: str = "2022-11-08T21:00:00") -> None:
    ran = racecall("add", made, file(made.parent, f"{at[8:13]}.json", county_json(votes, at)), "--backfill")
    assert ran.code in {0, 1}, ran.err


def desk(made: Path, *, carry=None, toml: str = HOOK, at: datetime = NOW) -> Desk:
    folder = open_folder(made, clock=lambda: at)
    (made / "hook.secret").write_text("a secret of both sides\n")
    (made / "other.secret").write_text("another one\n")
    return Desk(folder, carry=carry or World(), alerts=parse_alerts(toml, folder.election))


def sent(made: Path, world: World, *, toml: str = HOOK, at: datetime = NOW) -> list:
    one = desk(made, carry=world, toml=toml, at=at)
    one.take_in()
    return list(one.send())


def states(made: Path) -> Counter:
    return Counter(item.state.value for item in Outbox(made).items())


# -- what goes in --------------------------------------------------------------------------------------------------------------------


def test_the_first_time_only_what_comes_is_told(made):
    """Nobody is told of a night that is over because somebody sets up alerts."""
    add(made)
    world = World()
    sent(made, world)
    add(made, LATER, "2022-11-09T17:00:00")
    sent(made, world)

    assert (len(world.took), states(made)) == (2, Counter(sent=2))


def test_from_the_start_everything_recorded_is_told(made):
    """For whoever asks for it: a count of two contests."""
    add(made)

    assert desk(made).take_in(from_start=True) == 2


def test_what_was_told_is_not_told_again(made):
    """However often it is looked, and whatever comes in between."""
    world = World()
    sent(made, world)
    add(made)
    for _ in range(3):
        sent(made, world)

    assert len(world.took) == len(set(world.took)) == 2


def test_looking_once_tells_what_looking_each_time_tells(made, tmp_path):
    """The same record gives the same alerts."""
    other = shutil.copytree(made, tmp_path / "other")
    each, once = World(), World()
    for one in (made, other):
        sent(one, World())
    for votes, at in ((NIGHT, "2022-11-08T21:00:00"), (LATER, "2022-11-09T17:00:00")):
        add(made, votes, at)
        sent(made, each)
    shutil.rmtree(other / "captures")
    for name in ("captures", "counts"):
        shutil.copytree(made / name, other / name, dirs_exist_ok=True)
    with closing(sqlite3.connect(made / "ledger.db")) as source, closing(sqlite3.connect(other / "ledger.db")) as target:
        source.backup(target)
    sent(other, once)

    assert once.took == each.took


def test_another_ledger_is_noticed(made):
    """Alerts about another record would be told under the old one's place."""
    add(made)
    sent(made, World())
    with closing(sqlite3.connect(made / "outbox.db")) as connection, connection:
        connection.execute("UPDATE place SET head = ?", ("0" * 64,))

    with pytest.raises(LedgerError) as refused:
        desk(made).take_in()

    assert "the ledger is not the one that alerts were sent about." in str(refused.value)


# -- trouble -------------------------------------------------------------------------------------------------------------------------

DOWN = Carried(arrived=False, words="nobody answers.")
REFUSED = Carried(arrived=False, words="answered with status 400.", again=False)


def test_after_trouble_it_is_tried_again_later_and_nothing_overtakes(made):
    """The wait doubles, with chance on top; what comes after waits as well."""
    world = World(troubles=[DOWN, DOWN])
    sent(made, world)
    add(made)
    (first,) = sent(made, world)
    (second,) = sent(made, world, at=first.next_at)
    waits = [(first.next_at - NOW).total_seconds(), (second.next_at - first.next_at).total_seconds()]
    sent(made, world, at=first.next_at)

    assert (first.came, first.words, world.took) == (Came.LATER, "nobody answers.", [])
    assert [30 <= waits[0] <= 45, 60 <= waits[1] <= 90] == [True, True]
    assert [told.came for told in sent(made, world, at=second.next_at)] == [Came.SENT, Came.SENT]


def test_one_channel_in_trouble_does_not_hold_another(made):
    """Each waits for itself."""
    world = World(troubles=[DOWN])
    sent(made, world, toml=TWO)
    add(made)
    sent(made, world, toml=TWO)

    assert [channel for channel, _ in world.took] == ["other", "other"]


def test_what_is_refused_is_given_up_and_the_next_one_goes_out(made):
    """A body that a server refuses would hold the queue for ever; it can be retried by hand."""
    world = World(troubles=[REFUSED])
    sent(made, world)
    add(made)
    came = [told.came for told in sent(made, world)]

    assert (came, states(made)) == ([Came.GIVEN_UP, Came.SENT], Counter(given_up=1, sent=1))
    assert desk(made).outbox.retry(at=NOW) == 1
    assert [told.came for told in sent(made, world)] == [Came.SENT]


def test_after_so_many_attempts_it_is_given_up(made):
    """About two hours; then people are told."""
    world = World(troubles=[DOWN] * (2 * MOST_ATTEMPTS))
    sent(made, world)
    add(made)
    at, came = NOW, []
    for _ in range(MOST_ATTEMPTS):
        told, *_ = sent(made, world, at=at)
        came.append(told.came)
        at = told.next_at or at

    assert came == [Came.LATER] * (MOST_ATTEMPTS - 1) + [Came.GIVEN_UP]
    assert timedelta(hours=1) < at - NOW < timedelta(hours=3)


def test_a_server_that_asks_for_patience_gets_it(made):
    """Retry-After is obeyed, up to an hour."""
    world = World(troubles=[replace(DOWN, retry_after=timedelta(minutes=20)), replace(DOWN, retry_after=timedelta(days=7))])
    sent(made, world)
    add(made)
    (first,) = sent(made, world)
    (second,) = sent(made, world, at=first.next_at)

    assert (first.next_at - NOW, second.next_at - first.next_at) == (timedelta(minutes=20), timedelta(hours=1))


def test_what_was_corrected_before_it_went_out_is_not_sent(made):
    """The correction goes out alone, and says that it takes the place of something."""
    fallen = {**NIGHT, "MAYOR": {**NIGHT["MAYOR"], "ANN LEE": 500}}
    only = HOOK + 'contests = ["mayor"]\nkinds = ["release", "correction"]\n'
    world = World(troubles=[DOWN])
    sent(made, world, toml=only)
    add(made)
    (first,) = sent(made, world, toml=only)
    add(made, fallen, "2022-11-09T17:00:00")
    told = sent(made, world, toml=only, at=first.next_at)

    assert [(event.kind, event.supersedes) for one in told for event in one.events] == [(AlertKind.CORRECTION, (first.events[0].id,))]
    assert states(made) == Counter(superseded=1, sent=1)


def test_a_correction_that_comes_while_others_are_sent_is_heeded(made):
    """What is already in hand is looked at once more before it goes out."""
    fallen = {**NIGHT, "MEASURE A": {"YES": 500, "NO": 430}}
    world = World()
    sent(made, world)
    add(made)
    one = desk(made, carry=world)
    one.take_in()
    sending = one.send()
    next(sending)
    add(made, fallen, "2022-11-09T17:00:00")
    desk(made).take_in()

    assert (list(sending), states(made)) == ([], Counter(sent=1, superseded=1, waiting=2))


def test_what_may_have_arrived_and_is_wrong_is_not_sent_again(made):
    """A sender that was killed leaves a doubt; the correction settles it."""
    fallen = {"MAYOR": {**NIGHT["MAYOR"], "ANN LEE": 500}}
    only = HOOK + 'contests = ["mayor"]\nkinds = ["release"]\n'
    world = Fragile(at=1)
    sent(made, World(), toml=only)
    add(made)
    with suppress(Killed):
        sent(made, world, toml=only)
    add(made, fallen, "2022-11-09T17:00:00")
    told = sent(made, world, toml=only)

    assert [event.kind for one in told for event in one.events] == [AlertKind.CORRECTION]


def test_a_correction_reaches_whoever_was_told_whatever_they_asked_for(made):
    """A channel that takes first counts only is not left with a wrong one."""
    fallen = {**NIGHT, "MAYOR": {**NIGHT["MAYOR"], "ANN LEE": 500}}
    only = HOOK + 'contests = ["mayor"]\nkinds = ["release"]\n'
    world = World()
    sent(made, world, toml=only)
    add(made)
    sent(made, world, toml=only)
    add(made, fallen, "2022-11-09T17:00:00")

    assert [event.kind for one in sent(made, world, toml=only) for event in one.events] == [AlertKind.CORRECTION]


# -- a rehearsal ---------------------------------------------------------------------------------------------------------------------


def test_nothing_leaves_a_rehearsal(made):
    """Neither taking in, nor sending, nor a test; and what the ledger took from one counts as well."""
    add(made)
    settings = made / "election.toml"
    settings.write_text(settings.read_text().replace("[election]\n", "[election]\nrehearsal = true\n"))
    world = World()
    one = desk(made, carry=world)

    for attempt in (one.take_in, lambda: list(one.send()), lambda: one.test("hook"), one.check):
        with pytest.raises(UsageError, match="this is a rehearsal: no alert leaves it"):
            attempt()
    assert (world.took, Outbox(made).exists()) == ([], False)


def test_what_waits_stays_when_a_folder_becomes_a_rehearsal(made):
    """An outbox that was filled before does not go out either."""
    sent(made, World())
    add(made)
    desk(made).take_in()
    settings = made / "election.toml"
    settings.write_text(settings.read_text().replace("[election]\n", "[election]\nrehearsal = true\n"))

    with pytest.raises(UsageError, match="this is a rehearsal"):
        list(desk(made).send())
    assert states(made) == Counter(waiting=2)


# -- killed --------------------------------------------------------------------------------------------------------------------------


class Killed(BaseException):
    """The process is gone: nothing after this line ran."""


class Dying(Outbox):
    """An outbox whose process is killed in one of its transactions, after everything was done and before it is kept."""

    def __init__(self, folder: Path, *, at: int) -> None:
        super().__init__(folder)
        self.left_to_do = at

    @contextmanager
    def _transaction(self) -> Iterator:
        self.left_to_do -= 1
        with super()._transaction() as connection:
            yield connection
            if self.left_to_do == 0:
                raise Killed


@dataclass
class Fragile(World):
    """A world that kills who sends, at its n-th delivery: before it arrived, or after."""

    at: int = 0
    after: bool = False

    def __call__(self, *words) -> Carried:
        self.at -= 1
        if self.at == 0 and not self.after:
            raise Killed
        carried = super().__call__(*words)
        if self.at == 0:
            raise Killed
        return carried


def ran_to_the_end(made: Path, dying: Desk, world: World) -> None:
    """Let a desk die, then another one do the rest."""
    with suppress(Killed):
        dying.take_in()
        list(dying.send())
    sent(made, world, toml=TWO)


@pytest.fixture(scope="module")
def untold(begun: Path, tmp_path_factory) -> Path:
    """An election whose first count is recorded and not told yet, to two channels: four things to send."""
    made = shutil.copytree(begun, tmp_path_factory.mktemp("untold") / "election")
    sent(made, World(), toml=TWO)
    add(made)
    return made


@pytest.fixture
def due(untold: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return shutil.copytree(untold, tmp_path / "due")


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", [1, 2, 3, 4])
def test_killed_while_sending_nothing_is_lost_and_what_is_sent_twice_has_one_key(due, at, after):
    """Only what was killed between arriving and being noted is sent again, under the same id."""
    world = Fragile(at=at, after=after)
    ran_to_the_end(due, desk(due, carry=world, toml=TWO), world)
    doubled = {key: number for key, number in Counter(world.took).items() if number > 1}

    assert (len(set(world.took)), sum(doubled.values())) == (4, 2 if after else 0)
    assert states(due) == Counter(sent=4)


@pytest.mark.parametrize("at", range(1, 18))
def test_killed_in_any_transaction_nothing_is_lost_and_nothing_twice_in_the_outbox(due, at):
    """Every alert arrives at every channel, and what arrives twice has one key."""
    world = World()
    dying = desk(due, carry=world, toml=TWO)
    dying.outbox = Dying(due, at=at)
    ran_to_the_end(due, dying, world)

    assert dying.outbox.left_to_do <= 0, "there are fewer transactions than this"
    assert (len(set(world.took)), len(world.took) - len(set(world.took)) in {0, 1}) == (4, True)
    assert states(due) == Counter(sent=4)


def test_two_who_send_at_once_do_not_send_twice(due):
    """The second is told that somebody sends."""
    one, other = desk(due, toml=TWO), desk(due, toml=TWO)
    one.take_in()
    sending = one.send()
    next(sending)

    with pytest.raises(UsageError, match="another racecall is sending alerts from this folder"):
        list(other.send())
    assert len(list(sending)) == 3


# -- a real web server ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as server:
        yield server


def hook(url: str) -> str:
    return HOOK.replace("http://127.0.0.1:9/", url)


def slow(_) -> None:
    time.sleep(0.5)


def hangs_up(_) -> None:
    """Closes the connection without a word."""


def patient(channel, reader, events, around):
    return carry(channel, reader, events, replace(around, patience=Patience(connect=1, read=0.2, whole=0.4)))


def test_a_webhook_that_fails_is_told_in_the_end_under_one_key(made, web):
    """It hangs up, fails, has no time, and takes it: one key throughout, each attempt signed anew."""
    url = web.will(hangs_up, answer(status=500), slow, answer(status=503, Retry_After="1"), answer(status=204), path="/hook")
    toml = hook(url) + 'contests = ["mayor"]\n'
    sent(made, World(), toml=toml)
    add(made)
    at, came = NOW, []
    for _ in range(5):
        (told,) = sent(made, patient, toml=toml, at=at)
        came.append((told.came.value, told.words.replace(url, "URL").replace(f"127.0.0.1:{web.port}", "HOST")))
        at = told.next_at
    headers = [{name.lower(): value for name, value in headers.items()} for _, headers in web.asked]

    assert [what for what, _ in came] == ["later"] * 4 + ["sent"]
    assert came[1][1] == "URL answered with status 500."
    assert "nothing came for 0.2 seconds" in came[2][1] or "took longer than 0.4 seconds" in came[2][1]
    assert ({one[KEY.lower()] for one in headers}, len(set(web.bodies))) == ({told.events[0].id}, 1)
    assert verify_webhook(headers[0][SIGNATURE.lower()], web.bodies[0], secret=b"a secret of both sides", now=NOW)


@pytest.mark.parametrize(
    ("act", "words"), [(answer(status=400), "400"), (answer(status=410), "410"), (moved("https://elsewhere.example/"), "302")]
)
def test_a_webhook_that_refuses_is_not_asked_again(made, web, act, words):
    """Nor is a redirect followed: whoever can send us elsewhere would have the alerts."""
    toml = hook(web.will(act, path="/hook")) + 'contests = ["mayor"]\n'
    sent(made, World(), toml=toml)
    add(made)
    (told,) = sent(made, carry, toml=toml)

    assert (told.came, told.words.endswith(f"answered with status {words}."), len(web.asked)) == (Came.GIVEN_UP, True, 1)


# -- a real mail server --------------------------------------------------------------------------------------------------------------


class Postbox:
    """Takes messages, or answers as it is told to."""

    def __init__(self) -> None:
        self.messages: list = []
        self.answers: list[str] = []

    async def handle_RCPT(self, _, __, envelope, address, ___) -> str:  # noqa: N802 - the name is aiosmtpd's
        if self.answers:
            return self.answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _, __, envelope) -> str:  # noqa: N802
        self.messages.append((envelope.rcpt_tos[:], envelope.content))
        return "250 taken"


@pytest.fixture
def post() -> Iterator[tuple[Postbox, int]]:
    box = Postbox()
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield box, port
    finally:
        controller.stop()


def mail(made: Path, port: int, *readers: str) -> str:
    (made / "readers.txt").write_text("\n".join(readers))
    (made / "alerts.secret").write_text("the desk's own secret\n")
    return (
        '[alerts]\nsecret = "file:alerts.secret"\nunsubscribe = "https://desk.example.org/unsubscribe"\n'
        f'[[mail]]\nname = "readers"\nserver = "127.0.0.1"\nport = {port}\ntls = "none"\nsender = "results@example.org"\n'
        'recipients = "readers.txt"\ndigest_minutes = 30\n'
    )


READERS = ("ann@example.net", "bo@example.net")


def test_a_digest_goes_to_each_reader_alone(made, post):
    """One message a reader with everything since the last one, each with a link of their own."""
    box, port = post
    toml = mail(made, port, *READERS)
    sent(made, World(), toml=toml)
    add(made)
    sent(made, carry, toml=toml)
    messages = [message_from_bytes(content, policy=default) for _, content in box.messages]

    assert [to for to, _ in box.messages] == [["ann@example.net"], ["bo@example.net"]]
    assert {message["Subject"] for message in messages} == {"MAYOR: first count, 1,100 votes (and 1 more)"}
    assert len({message["List-Unsubscribe"] for message in messages}) == 2


def test_the_next_digest_waits_its_time_and_a_correction_does_not(made, post):
    """Half an hour between two; whoever was told something wrong is told at once."""
    _, port = post
    toml = mail(made, port, READERS[0])
    sent(made, World(), toml=toml)
    add(made)
    sent(made, carry, toml=toml)
    add(made, LATER, "2022-11-09T17:00:00")
    early = sent(made, carry, toml=toml, at=NOW + timedelta(minutes=29))
    due = sent(made, carry, toml=toml, at=NOW + timedelta(minutes=30))
    add(made, NIGHT, "2022-11-09T19:00:00")
    corrected = sent(made, carry, toml=toml, at=NOW + timedelta(minutes=31))

    assert (early, [told.came for told in due], AlertKind.CORRECTION in {e.kind for told in corrected for e in told.events}) == (
        [],
        [Came.SENT],
        True,
    )


def test_a_mail_server_in_trouble_is_asked_again_and_one_that_refuses_is_not(made, post):
    """451 is for now, 550 for good (RFC 5321, 4.2.1); the reader's address is not repeated."""
    box, port = post
    toml = mail(made, port, READERS[0])
    sent(made, World(), toml=toml)
    add(made)
    box.answers = ["451 later", "550 no such mailbox"]
    (first,) = sent(made, carry, toml=toml)
    (second,) = sent(made, carry, toml=toml, at=first.next_at)

    assert (first.came, first.words) == (Came.LATER, "127.0.0.1 answered with 451.")
    assert (second.came, second.words) == (Came.GIVEN_UP, "127.0.0.1 answered with 550.")


def test_no_mail_server_is_trouble_that_passes(made):
    """Nobody listens at that port."""
    toml = mail(made, 9, READERS[0])
    sent(made, World(), toml=toml)
    add(made)
    (told,) = sent(made, carry, toml=toml)

    assert (told.came, told.words.startswith("127.0.0.1: ")) == (Came.LATER, True)


def test_a_digest_that_was_killed_has_the_same_name_when_it_is_sent_again(made):
    """What was tried together is tried together, so the message has the same id, whatever came since."""
    toml = mail(made, 9, READERS[0])
    sent(made, World(), toml=toml)
    add(made)
    names: list[str] = []

    class Once(World):
        def __call__(self, channel, reader, events, around):
            from racecall.desk.carrying import _letter

            names.append(digest(events, _letter(channel, reader, around))["Message-ID"])
            super().__call__(channel, reader, events, around)
            if len(names) == 1:
                raise Killed
            return Carried(arrived=True)

    world = Once()
    with suppress(Killed):
        sent(made, world, toml=toml)
    add(made, LATER, "2022-11-09T17:00:00")
    sent(made, world, toml=toml)

    assert (names[0] == names[1], len(world.took[0][1])) == (True, 2)


def test_a_reader_who_leaves_is_sent_nothing_more(made, post):
    """Neither what comes nor what waits; the others go on."""
    box, port = post
    toml = mail(made, port, *READERS)
    sent(made, World(), toml=toml)
    add(made)
    one = desk(made, carry=carry, toml=toml)
    one.take_in()
    leaver = one.targets[0][1].key
    token = make_token("readers", leaver, secret=b"the desk's own secret")
    assert desk(made, toml=toml).unsubscribe(token) == "readers"
    list(desk(made, carry=carry, toml=toml).send())

    assert ([to for to, _ in box.messages], states(made)) == ([["bo@example.net"]], Counter(sent=2, left=2))


def test_no_address_and_no_secret_is_in_the_outbox(made, post):
    """A folder that is handed on does not hand on who reads."""
    _, port = post
    toml = mail(made, port, *READERS)
    sent(made, World(), toml=toml)
    add(made)
    sent(made, carry, toml=toml)
    kept = b"".join(path.read_bytes() for path in made.glob("outbox.db*")) + (made / "ledger.db").read_bytes()

    assert [
        word for word in (b"ann@", b"bo@", b"own secret", hashlib.sha256(b"ann@example.net").hexdigest().encode()) if word in kept
    ] == []


# -- Apprise -------------------------------------------------------------------------------------------------------------------------


def test_apprise_hands_an_alert_to_a_service(made, web, capfd):
    """Its own JSON service on this machine; its address is in no output, not even when it fails."""
    web.will(answer(status=500), answer(), path="/token-abc")
    (made / "apprise.url").write_text(f"json://127.0.0.1:{web.port}/token-abc\n")
    toml = '[[apprise]]\nname = "slack"\nurl = "file:apprise.url"\ncontests = ["mayor"]\n'
    sent(made, World(), toml=toml)
    add(made)
    (first,) = sent(made, carry, toml=toml)
    (second,) = sent(made, carry, toml=toml, at=first.next_at)
    body = json.loads(web.bodies[-1])

    assert (first.came, first.words) == (Came.LATER, "Apprise could not hand it over to slack.")
    assert (second.came, body["title"]) == (Came.SENT, "MAYOR: first count, 1,100 votes")
    assert "token-abc" not in "".join(capfd.readouterr())


def test_an_address_that_apprise_does_not_know_is_said_by_its_place(made):
    """And not by what it is."""
    (made / "apprise.url").write_text("pigeon://token-abc\n")

    with pytest.raises(UsageError) as refused:
        desk(made, carry=carry, toml='[[apprise]]\nname = "slack"\nurl = "file:apprise.url"\n').test("slack")

    assert str(refused.value).startswith("file:apprise.url: Apprise knows no such address.")
