"""The watch: what each poll brings, what goes into the record, and that nothing ends it but the end."""

import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest

import builders as make
from commands import county_json
from racecall.desk.fetching import Patience, fetch
from racecall.desk.folder import new_folder, open_folder
from racecall.desk.recording import AddOptions, add_files
from racecall.desk.settings import render_election
from racecall.desk.verifying.folder import verify_folder
from racecall.desk.watching import News, NewsKind, World, watch
from racecall.errors import LedgerError, UnknownName, UsageError
from racecall.ledger.events import EventKind
from racecall.model.contest import ReleaseDue
from racecall.model.source import Source
from web import Web, answer, cached, serving

NOW = datetime(2022, 11, 9, 8, tzinfo=UTC)
SAMPLES = Path(__file__).resolve().parents[1] / "feeds" / "samples"


def count(ann: int, bo: int, at: str = "2022-11-08T23:00:00") -> bytes:
    return county_json({"MAYOR": {"Ann": ann, "Bo": bo}}, at)


FIRST, SECOND = count(10, 20), count(30, 25, "2022-11-08T23:30:00")


class Night:
    """A clock that only sleeping moves, and everybody who watches by it."""

    def __init__(self) -> None:
        self.moment = NOW
        self.slept: list[float] = []

    def clock(self) -> datetime:
        return self.moment

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.moment += timedelta(seconds=seconds)

    @property
    def world(self) -> World:
        hasty = Patience(connect=2, read=0.3, whole=2)
        return World(
            fetch=lambda asked: fetch(replace(asked, patience=hasty)), sleep=self.sleep, clock=self.clock, seed="s", actor="A test"
        )


@pytest.fixture
def web() -> Iterator[Web]:
    """A server that does as it is told."""
    with serving() as made:
        yield made


@pytest.fixture
def night() -> Night:
    """A clock of one's own."""
    return Night()


def settings(*sources: Source, aliases: tuple[str, ...] = (), **values) -> bytes:
    mayor = make.contest("Ann", "Bo", id="mayor", title="MAYOR", rule="generic-plurality", source_names=aliases)
    return render_election(replace(make.election(mayor), sources=sources, **values)).encode()


def election(tmp_path: Path, *sources: Source, **values) -> Path:
    new_folder(tmp_path / "election", settings(*sources, **values), clock=lambda: NOW)
    return tmp_path / "election"


def county(web: Web, *acts, **values) -> Source:
    """A source that does these things, one after the other."""
    return Source(name="county", url=web.will(*acts), **values)


def polls(made: Path, night: Night, number: int = 1, **options) -> list[News]:
    """Watch for so many minutes: one poll a minute, where nothing goes wrong."""
    return list(watch(made, night.world, lasting=timedelta(minutes=number) - timedelta(seconds=1), **options))


def kinds(news: list[News]) -> list[str]:
    return [item.kind.value for item in news]


def captures(made: Path) -> list[dict]:
    return [dict(event.body) for event in open_folder(made).ledger().of_kind(EventKind.CAPTURE)]


def votes(made: Path) -> list[dict]:
    releases = open_folder(made).ledger().of_kind(EventKind.RELEASE)
    return [event.body["contests"]["mayor"]["votes"] for event in releases if event.body["contests"]]


# -- counts ------------------------------------------------------------------------------------------------------------------------


def test_every_new_count_goes_into_the_record(web, night, tmp_path):
    """Three polls, two counts, and what each added."""
    made = election(tmp_path, county(web, answer(FIRST), answer(FIRST), answer(SECOND)))
    news = polls(made, night, 3)

    assert kinds(news) == ["added", "unchanged", "added"]
    assert [item.added.votes_added for item in news if item.added] == [30, 25]
    assert votes(made) == [{"ann": 10, "bo": 20}, {"ann": 30, "bo": 25}]
    assert night.slept == [60, 60]


def test_the_record_says_how_the_bytes_came(web, night, tmp_path):
    """Where from, and what the server called them."""
    made = election(tmp_path, county(web, answer(FIRST, ETag='"a"', Content_Type="application/json")))
    polls(made, night)
    [body] = captures(made)

    assert (body["name"], body["feed"], body["size"]) == ("count.json", "la_county_json", len(FIRST))
    assert {key: body["fetched"][key] for key in ("source", "address", "status", "etag", "content_type", "rehearsal")} == {
        "source": "county",
        "address": web.url(),
        "status": 200,
        "etag": '"a"',
        "content_type": "application/json",
        "rehearsal": "",
    }


def test_a_watch_that_is_started_again_asks_for_what_is_new_only(web, night, tmp_path):
    """The record knows what the server called the last file; there is no other memory."""
    made = election(tmp_path, county(web, cached(FIRST, '"a"')))
    polls(made, night)
    news = polls(made, night)

    assert (kinds(news), web.asked[-1][1]["If-None-Match"]) == (["unchanged"], '"a"')


def test_an_old_copy_is_said_and_changes_nothing(web, night, tmp_path):
    """A cache may serve yesterday's file between two of today's."""
    made = election(tmp_path, county(web, answer(FIRST), answer(SECOND), answer(FIRST), answer(SECOND)))
    news = polls(made, night, 4)

    assert kinds(news) == ["added", "added", "old_copy", "unchanged"]
    assert news[2].words == (
        "an older copy came again (already in the record as event 2; nothing changes); what came after it stays the current count."
    )
    assert len(captures(made)) == 2


def test_an_old_count_that_was_never_seen_is_kept_and_held(web, night, tmp_path):
    """It is from before the current one: a finding, and no votes."""
    made = election(tmp_path, county(web, answer(SECOND), answer(FIRST)))
    news = polls(made, night, 2)

    assert [finding.check for finding in news[1].added.findings] == ["out_of_order"]
    assert news[1].added.votes_added == 0


def test_a_file_that_was_added_by_hand_is_no_news(web, night, tmp_path):
    """And no old copy either."""
    made = election(tmp_path, county(web, answer(FIRST)))
    (tmp_path / "count.json").write_bytes(FIRST)
    list(add_files(open_folder(made, clock=night.clock), [tmp_path / "count.json"], AddOptions(actor="A test")))

    assert kinds(polls(made, night, 2)) == ["unchanged", "unchanged"]


def test_two_watches_on_one_folder_do_no_harm(web, night, tmp_path):
    """Each count is recorded once, and nobody speaks of old copies."""
    made = election(tmp_path, county(web, answer(FIRST), answer(FIRST), answer(SECOND)))
    one, other = (watch(made, night.world, lasting=timedelta(minutes=2)) for _ in range(2))
    news = [next(one), next(other), next(one), next(other)]

    assert kinds(news) == ["added", "unchanged", "added", "unchanged"]
    assert len(votes(made)) == 2


def test_a_source_in_two_files_is_read_with_the_other_one(web, night, tmp_path):
    """Los Angeles County's numbers need its names, which are looked at only when there are new numbers."""
    names = web.will(cached((SAMPLES / "la_election_data.json").read_bytes(), '"n"'), path="/names.json")
    numbers = (SAMPLES / "la_counter_data.json").read_bytes()
    later = json.dumps(json.loads(numbers), indent=1).encode()
    made = election(tmp_path, county(web, answer(numbers), answer(numbers), answer(later), companions=(names,)))
    news = polls(made, night, 3)

    assert kinds(news) == ["added", "added", "unchanged", "added"]
    assert [path for path, _ in web.asked] == ["/count.json", "/names.json", "/count.json", "/count.json", "/names.json"]
    assert [body["defines"] for body in captures(made)] == [True, False, False]


def test_how_a_table_was_read_is_in_the_record(web, night, tmp_path):
    """Its columns, which nobody named, and the source's zone: so it can be counted again."""
    rows = b"race,candidate,votes,timestamp\nMAYOR,Ann,10,2022-11-09T02:00\nMAYOR,Bo,20,2022-11-09T02:00\n"
    made = election(tmp_path, county(web, answer(rows), timezone="America/New_York"))
    polls(made, night)
    found = verify_folder(made)
    columns = {"contest": ["race"], "option": "candidate", "votes": "votes", "released_at": "timestamp"}

    assert [(capture["mapping"], capture["timezone"]) for capture in captures(made)] == [(columns, "America/New_York")]
    assert (found.recounted, found.problems, found.notes) == (1, (), ())


# -- a Clarity site ------------------------------------------------------------------------------------------------------------------

SITE = "/GA/105437"


def detail(ann: int, bo: int, minute: int) -> bytes:
    lines = "".join(f'<Choice text="{name}" totalVotes="{votes}"/>' for name, votes in (("Ann", ann), ("Bo", bo)))
    stamp = f"<Timestamp>11/8/2022 11:{minute:02}:00 PM PST</Timestamp>"
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("detail.xml", f'<ElectionResult>{stamp}<Contest key="1" text="MAYOR">{lines}</Contest></ElectionResult>')
    return packed.getvalue()


def site(web: Web, *versions: str, end: str = "") -> Source:
    """A Clarity site that shows these versions, one after the other."""
    web.will(*(answer(version.encode()) for version in versions), path=f"{SITE}/current_ver.txt")
    return Source(name="county", url=web.url(f"{SITE}{end}"), feed="clarity")


def counts_of(web: Web, version: str, *acts) -> str:
    return web.will(*acts, path=f"{SITE}/{version}/reports/detailxml.zip")


def asked(web: Web) -> list[str]:
    return [path.removeprefix(SITE + "/").removesuffix("/reports/detailxml.zip") for path, _ in web.asked]


@pytest.mark.parametrize("end", ["", "/", "/current_ver.txt"])
def test_a_clarity_site_is_asked_for_its_version_first(web, night, tmp_path, end):
    """Its counts are fetched when the version is another one, and not before."""
    made = election(tmp_path, site(web, "271926", "271926", "271927\n", "271927\n", end=end))
    first = counts_of(web, "271926", answer(detail(10, 20, 1)))
    second = counts_of(web, "271927", answer(detail(30, 25, 31)))
    news = polls(made, night, 4)

    assert kinds(news) == ["added", "unchanged", "added", "unchanged"]
    assert asked(web) == ["current_ver.txt", "271926", "current_ver.txt", "current_ver.txt", "271927", "current_ver.txt"]
    assert [capture["fetched"]["address"] for capture in captures(made)] == [first, second]
    assert votes(made) == [{"ann": 10, "bo": 20}, {"ann": 30, "bo": 25}]


def test_a_clarity_site_is_asked_for_what_is_new_only(web, night, tmp_path):
    """The version by its ETag; after a start anew its counts too."""
    made = election(tmp_path, site(web))
    web.will(cached(b"271926", etag='"v"'), path=f"{SITE}/current_ver.txt")
    counts_of(web, "271926", cached(detail(10, 20, 1), etag='"d"'))
    news = polls(made, night, 2) + polls(made, night, 2)

    assert kinds(news) == ["added", "unchanged", "unchanged", "unchanged"]
    assert asked(web) == ["current_ver.txt", "271926", "current_ver.txt", "current_ver.txt", "271926", "current_ver.txt"]
    assert [headers.get("If-None-Match") for _, headers in web.asked] == [None, None, '"v"', None, '"d"', '"v"']


@pytest.mark.parametrize("trouble", [answer(b"", status=404), answer(b"PK\x03\x04 and nothing else"), answer(detail(1, 1, 1)[:-9])])
def test_counts_that_a_clarity_site_does_not_give_are_asked_for_again(web, night, tmp_path, trouble):
    """Though the version is the same: it counts as seen when its counts have been read."""
    made = election(tmp_path, site(web, "271926"))
    counts_of(web, "271926", trouble, answer(detail(10, 20, 1)))
    news = polls(made, night, 6)

    assert kinds(news)[:2] == ["trouble", "added"]
    assert votes(made) == [{"ann": 10, "bo": 20}]


def test_a_page_in_place_of_a_version_is_kept_and_said(web, night, tmp_path):
    """And the site is asked again."""
    made = election(tmp_path, site(web, "<html>Please wait</html>", "271926"))
    counts_of(web, "271926", answer(detail(10, 20, 1)))
    news = polls(made, night, 6)

    assert kinds(news)[:2] == ["trouble", "added"]
    assert [capture["feed"] for capture in captures(made)] == ["", "clarity"]


def test_an_older_version_from_a_cache_changes_nothing(web, night, tmp_path):
    """Its counts are in the record, and what came after them stays."""
    made = election(tmp_path, site(web, "271926", "271927", "271926", "271927"))
    counts_of(web, "271926", answer(detail(10, 20, 1)))
    counts_of(web, "271927", answer(detail(30, 25, 31)))
    news = polls(made, night, 4)

    assert kinds(news) == ["added", "added", "unchanged", "unchanged"]
    assert votes(made) == [{"ann": 10, "bo": 20}, {"ann": 30, "bo": 25}]


def test_a_single_file_of_a_clarity_site_is_asked_for_as_it_is(web, night, tmp_path):
    """Whoever names one version wants that."""
    made = election(tmp_path, Source(name="county", url=counts_of(web, "271926", answer(detail(10, 20, 1))), feed="clarity"))
    polls(made, night, 1)

    assert asked(web) == ["271926"]


# -- trouble -------------------------------------------------------------------------------------------------------------------------


def test_trouble_does_not_end_the_watch(web, night, tmp_path):
    """It waits longer each time, and goes on."""
    made = election(tmp_path, county(web, answer(status=500), answer(b"", status=429, Retry_After="400"), answer(FIRST)))
    news = polls(made, night, 12)

    assert kinds(news)[:3] == ["trouble", "trouble", "added"]
    assert 60 <= night.slept[0] <= 90
    assert night.slept[1] == 400


def test_an_error_page_is_kept_and_said(web, night, tmp_path):
    """200, and a web page where a count should be: evidence, trouble, and no count."""
    page = b"<!doctype html><title>Down for maintenance</title>"
    made = election(tmp_path, county(web, answer(page, Content_Type="text/html", ETag='"down"'), answer(FIRST)))
    news = polls(made, night, 2)

    assert kinds(news) == ["trouble", "added"]
    assert "this is a web page; it cannot be read as results." in news[0].words
    assert [(body["feed"], body["fetched"]["content_type"]) for body in captures(made)] == [("", "text/html"), ("la_county_json", "")]
    assert "If-None-Match" not in web.asked[1][1]


@pytest.mark.parametrize("feed", ["la_county_json", "la_counters", "ca_sos", "openelections", "table", "hand"])
def test_an_error_page_is_no_count_in_any_format(web, night, tmp_path, feed):
    """Also where the settings name the format, so that nobody has to guess."""
    page = b"<!doctype html>\n<html><head><title>Down, back at 9</title></head>\n<body><p>Sorry, 3 minutes</p></body></html>\n"
    made = election(tmp_path, county(web, answer(page), feed=feed))

    assert (kinds(polls(made, night)), votes(made)) == (["trouble"], [])


def test_a_feed_that_breaks_does_not_end_the_watch(web, night, tmp_path, monkeypatch):
    """Another package's mistake is said, and the bytes are kept."""

    class Broken:
        id, title = "broken", "Broken"

        def sniff(self, _document):
            raise KeyError("votes")

        parse = sniff

    monkeypatch.setattr("racecall.desk.watching.load_feeds", lambda: (Broken(),))
    made = election(tmp_path, county(web, answer(FIRST)))
    [news] = polls(made, night)

    assert (news.kind, "the feed failed (KeyError: 'votes'); the bytes are kept as" in news.words) == (NewsKind.TROUBLE, True)
    assert open_folder(made).store.captures.get(news.sha256) == FIRST


def test_a_disk_that_takes_nothing_does_not_end_the_watch(web, night, tmp_path):
    """When it takes files again, the count is recorded."""
    made = election(tmp_path, county(web, answer(FIRST)))
    (made / "captures").rename(made / "elsewhere")
    (made / "captures").write_text("in the way")
    watched = watch(made, night.world)
    before = next(watched)
    (made / "captures").unlink()
    (made / "elsewhere").rename(made / "captures")
    after = next(watched)

    assert ([before.kind.value, after.kind.value], len(votes(made))) == (["trouble", "added"], 1)
    assert "cannot be written" in before.words


def test_a_damaged_record_ends_the_watch(web, night, tmp_path):
    """Nothing could be recorded any more, and somebody has to know."""
    made = election(tmp_path, county(web, answer(FIRST)))
    (made / "ledger.db").write_bytes(b"junk" * 1000)

    with pytest.raises(LedgerError, match="the ledger is damaged"):
        polls(made, night)


def test_silence_is_said_once(web, night, tmp_path):
    """Nothing new for longer than expected."""
    made = election(tmp_path, county(web, answer(FIRST), quiet_after_minutes=2))
    news = polls(made, night, 6)

    assert [item.words for item in news if item.kind is NewsKind.QUIET] == ["nothing new since 2022-11-09 00:00 PST."]


def test_a_server_that_is_down_is_silent_too(web, night, tmp_path):
    """Whoever looks at the screen hours later is told how long it has been."""
    made = election(tmp_path, county(web, answer(status=500), quiet_after_minutes=5))

    assert kinds(polls(made, night, 30)).count("quiet") == 1


def test_a_count_that_was_announced_and_does_not_come_is_said(web, night, tmp_path):
    """The calendar of election.toml says when."""
    due = ReleaseDue(at=NOW + timedelta(minutes=1), what="second count")
    made = election(tmp_path, county(web, answer(FIRST)), calendar=(due,))
    news = polls(made, night, 20)

    assert [item.words for item in news if item.kind is NewsKind.QUIET] == [
        "the count announced for 2022-11-09 00:01 PST (second count) has not come."
    ]


# -- settings ----------------------------------------------------------------------------------------------------------------------


def test_a_change_of_the_settings_is_taken_up(web, night, tmp_path):
    """A contest that is now followed gets the count that was there all the time, though the server says that nothing changed."""
    url = web.will(cached(county_json({"THE MAYOR": {"Ann": 10, "Bo": 20}}), '"a"'))
    source = Source(name="county", url=url)
    made = election(tmp_path, source)
    watched = watch(made, night.world)
    before = [next(watched), next(watched)]
    (made / "election.toml").write_bytes(settings(source, aliases=("THE MAYOR",)))
    after = next(watched)

    assert (kinds(before), after.kind, votes(made)) == (["added", "unchanged"], "added", [{"ann": 10, "bo": 20}])


def test_settings_that_make_no_sense_are_said_and_the_old_ones_go_on(web, night, tmp_path):
    """Somebody saves half a sentence at midnight."""
    made = election(tmp_path, county(web, answer(FIRST)))
    watched = watch(made, night.world)
    next(watched)
    (made / "election.toml").write_text("[election")
    said, after = next(watched), next(watched)

    assert (said.source, said.kind, after.kind) == ("", "trouble", "unchanged")
    assert "election.toml: not valid TOML" in said.words
    assert said.words.endswith("The old one is used.")


def test_a_source_that_is_added_is_asked_at_once(web, night, tmp_path):
    """The others keep their turn."""
    first = county(web, answer(FIRST))
    made = election(tmp_path, first)
    watched = watch(made, night.world)
    next(watched)
    second = Source(name="state", url=web.will(answer(SECOND), path="/state.json"))
    (made / "election.toml").write_bytes(settings(first, second))
    news = [next(watched), next(watched)]

    assert [item.source for item in news] == ["county", "state"]


def test_one_source_can_be_watched(web, night, tmp_path):
    """By its name."""
    other = Source(name="state", url=web.will(answer(SECOND), path="/state.json"))
    made = election(tmp_path, county(web, answer(FIRST)), other)

    assert [news.source for news in watch(made, night.world, only="state", once=True)] == ["state"]


def test_each_source_is_asked_once(web, night, tmp_path):
    """For a timer of the system's own."""
    other = Source(name="state", url=web.will(answer(status=500), path="/state.json"))
    made = election(tmp_path, county(web, answer(FIRST)), other)
    news = list(watch(made, night.world, once=True))

    assert ([item.source for item in news], night.slept) == (["county", "state"], [])


def test_without_sources_there_is_nothing_to_watch(night, tmp_path):
    """And the message says what to write where."""
    with pytest.raises(UsageError, match=r"there is no \[\[sources\]\] table, so there is nothing to watch"):
        polls(election(tmp_path), night)


@pytest.mark.parametrize(
    ("values", "only", "words"),
    [({}, "city", 'no source "city"'), ({"feed": "csv2"}, "", 'no feed "csv2"'), ({"ca_file": "ca.pem"}, "", "not there: ca.pem")],
)
def test_what_cannot_work_is_said_before_anybody_is_asked(web, night, tmp_path, values, only, words):
    """A name that nobody has, a format that nobody knows, a file that is not there."""
    made = election(tmp_path, county(web, answer(FIRST), **values))

    with pytest.raises((UnknownName, UsageError), match=words):
        polls(made, night, only=only)
    assert web.asked == []


# -- rehearsals --------------------------------------------------------------------------------------------------------------------

PLAYED = {"X_Racecall_Rehearsal": "2022-11-09T07:05:00Z"}


def test_an_election_takes_no_count_from_a_rehearsal(web, night, tmp_path):
    """The bytes are kept, and publication is held once."""
    made = election(tmp_path, county(web, answer(FIRST, **PLAYED), answer(SECOND, **PLAYED)))
    news = polls(made, night, 2)
    ledger = open_folder(made).ledger()

    assert (kinds(news), votes(made)) == (["trouble", "trouble"], [])
    assert [(body["feed"], body["fetched"]["rehearsal"]) for body in captures(made)] == [("", "2022-11-09T07:05:00Z")] * 2
    assert [(event.body["check"], event.body["severity"]) for event in ledger.of_kind(EventKind.FINDING)] == [
        ("rehearsal_data", "hold_publication")
    ]
    assert not ledger.was_rehearsed


def test_a_rehearsal_is_recorded_at_the_time_of_its_night(web, night, tmp_path):
    """So that the hours since the polls closed are those of the night."""
    made = election(tmp_path, county(web, answer(FIRST, **PLAYED)), rehearsal=True)
    polls(made, night)
    ledger = open_folder(made).ledger()
    [release] = ledger.of_kind(EventKind.RELEASE)

    assert (release.at, release.recorded_at, ledger.was_rehearsed) == (datetime(2022, 11, 9, 7, 5, tzinfo=UTC), NOW, True)
