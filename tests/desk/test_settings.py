"""election.toml is read whole, and everything wrong in it is said at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import builders as make
from racecall.desk.packaged import demo_files
from racecall.desk.settings import parse_election, render_election
from racecall.errors import SettingsError
from racecall.model.contest import Option
from racecall.model.source import Source

HEAD = '[election]\nid = "e"\ntitle = "E"\ndate = 2017-04-04\ntimezone = "America/Los_Angeles"\n'


def test_the_demo_election_is_read():
    """24 people and a remainder in the first round, two in the runoff."""
    election = parse_election(demo_files()[0].decode())

    assert [len(contest.options) for contest in election] == [25, 2]
    assert sum(option.can_advance for option in election.contests[0].options) == 24


def test_everything_that_is_wrong_is_said_at_once():
    """Three mistakes, one message, each with its place."""
    text = HEAD + '[[contest]]\nid = "c"\ntitel = "C"\nrule = "r"\nnumber_elected = "two"\n'

    with pytest.raises(SettingsError) as error:
        parse_election(text)

    assert str(error.value) == (
        "election.toml: \n"
        "  [[contest]] c: no such key: titel. Keys: id, title, rule, number_elected, votes_allowed, electoral_district, election_type, "
        "source_names, next_round, office, polls_close.\n"
        "  [[contest]] c: number_elected is 'two'; expected a whole number.\n"
        "  [[contest]] c: title is missing.\n"
        "Correct election.toml and run the command again; nothing was changed."
    )


@pytest.mark.parametrize("address", ["postgresql://desk@host/elections", "postgres://host:5432/x", "postgresql:///x?host=/run/postgresql"])
def test_the_address_of_a_database_is_kept(address):
    """Read, written, and read again."""
    election = parse_election(HEAD + f'ledger = "{address}"\n')

    assert (election.ledger, parse_election(render_election(election)).ledger) == (address, address)


def test_another_kind_of_address_is_refused():
    """With the kind that is taken."""
    with pytest.raises(SettingsError) as error:
        parse_election(HEAD + 'ledger = "mysql://desk@host/elections"\n')

    assert str(error.value) == (
        "election.toml: [election]: ledger is 'mysql://desk@host/elections'; expected postgresql://USER@HOST/DATABASE; "
        "left out, the ledger is ledger.db in the folder.\n"
        "Correct election.toml and run the command again; nothing was changed."
    )


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://desk:hunter2@host/x",
        "mysql://desk:hunter2@host/x",
        "postgresql://host/x?password=hunter2",
        "postgresql://h/x?a=1&sslpassword=hunter2",
    ],
)
def test_a_password_in_an_address_is_refused_and_not_repeated(address):
    """Everybody who may read the settings would have it; a screen and a log would, too."""
    with pytest.raises(SettingsError) as error:
        parse_election(HEAD + f'ledger = "{address}"\n')

    assert str(error.value) == (
        "election.toml: [election]: ledger has a password in it. Take it out; PostgreSQL looks for it in PGPASSWORD and in ~/.pgpass.\n"
        "Correct election.toml and run the command again; nothing was changed."
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[election\n", "election.toml: not valid TOML"),
        (HEAD.replace("America/Los_Angeles", "Mars/Olympus"), "no time zone 'Mars/Olympus'."),
        (HEAD + "[[contests]]\n", "no such table: [contests]."),
        (HEAD + '[[contest]]\nid="c"\ntitle="C"\nrule="r"\n' * 2, "contest 'c' is listed twice."),
        (HEAD + '[[contest]]\nid="c"\ntitle="C"\nrule="r"\n[[contest.option]]\nid="a"\n', "contest c, option 1: name is missing."),
        (HEAD + '[[unit]]\nid="p1"\nparent="county"\n', "reporting unit 'p1' lies in 'county', which is not listed."),
        (HEAD + "polls_close = 2017-04-04\n", "polls_close is datetime.date(2017, 4, 4); expected a date and time"),
    ],
)
def test_each_mistake_has_its_words(text, words):
    """Where, what, and what was expected."""
    with pytest.raises(SettingsError) as error:
        parse_election(text)

    assert words in str(error.value)


def test_a_time_without_a_zone_is_the_countys():
    """polls_close = 20:00 means 20:00 in Los Angeles."""
    election = parse_election(HEAD + "polls_close = 2017-04-04T20:00:00\n")

    assert election.polls_close.isoformat() == "2017-04-04T20:00:00-07:00"


# -- sources -----------------------------------------------------------------------------------------------------------------------

CONTACT = HEAD + 'contact = "desk@example.org"\n'
COUNTY = '[[sources]]\nname = "county"\nurl = "https://results.example.gov/a.json?b=1"\n'


def test_a_source_is_read_with_its_defaults():
    """Once a minute, at most 64 MB."""
    [source] = parse_election(CONTACT + COUNTY).sources

    assert (source.name, source.every_seconds, source.max_size_mb, source.companions) == ("county", 60, 64, ())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (CONTACT + "[[sources]]\n", "[[sources]] 1: name is missing."),
        (CONTACT + COUNTY + "every = 5\n", "[[sources]] 1: no such key: every. Keys: name, url, feed, every_seconds,"),
        (
            CONTACT + COUNTY + "every_seconds = 5\n",
            "source county: every_seconds is 5; no source is asked more often than every 15 seconds.",
        ),
        (CONTACT + COUNTY + "max_size_mb = 0\n", "source county: max_size_mb and quiet_after_minutes start at 1."),
        (CONTACT + COUNTY + 'timezone = "Mars/Olympus"\n', "source county: no time zone 'Mars/Olympus'."),
        (CONTACT + COUNTY + 'certificate_sha256 = "ab:cd"\n', "source county: certificate_sha256 is not 64 hexadecimal digits."),
        (CONTACT + COUNTY + 'companions = ["names.json"]\n', "source county: 'names.json' is no address that can be watched"),
        (CONTACT + COUNTY * 2, "election.toml: source 'county' is listed twice."),
        (HEAD + COUNTY, "[election]: there is a source (county) and no contact: an office must be able to reach whoever asks"),
        (HEAD + 'contact = "Büro"\n' + COUNTY, "[election]: contact has letters that a web server cannot be sent."),
    ],
)
def test_each_mistake_in_a_source_has_its_words(text, words):
    """Where, what, and what was expected."""
    with pytest.raises(SettingsError) as error:
        parse_election(text)

    assert words in str(error.value)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "results.example.gov/a",
        "ftp://a/b",
        "file:///a",
        "https://",
        "https://me:secret@a/b",
        "http://a b/",
        "http://a:99999/",
        "http://ä/",
    ],
)
def test_what_is_no_address(url):
    """A password would stand in the record for ever."""
    with pytest.raises(SettingsError, match="is no address that can be watched"):
        Source(name="county", url=url)


def test_a_server_on_this_machine_may_be_asked_every_second():
    """Nobody else waits for it; and no office needs to reach us."""
    url = "http://127.0.0.1:8765/results"

    assert parse_election(HEAD + f'[[sources]]\nname = "r"\nurl = "{url}"\nevery_seconds = 1\n').sources[0].every_seconds == 1


def test_everything_that_is_not_a_contest_is_written_too():
    """Units, calendar, sources, contact and the mark of a rehearsal."""
    rest = """polls_close = 2017-04-04T20:00:00-07:00
contact = "desk@example.org"
rehearsal = true
[[unit]]
id = "p1"
territory = false
[[calendar]]
at = 2017-04-05T02:00:00-07:00
what = "the night's count"
"""
    source = 'companions = ["https://results.example.gov/names.json"]\nprivate_network = true\n'
    election = parse_election(HEAD + rest + COUNTY + source)

    assert parse_election(render_election(election)) == election
    assert (election.rehearsal, len(election.units), len(election.calendar), election.sources[0].private_network) == (True, 1, 1, True)


NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)


@given(st.lists(NAMES, min_size=1, max_size=4, unique=True))
def test_what_is_written_is_read_back(names):
    """Any name survives: quotes, backslashes, line ends, letters of every script."""
    options = tuple(
        Option(id=f"o{order}", name=name, party=name, aliases=(name,), ballot_order=order) for order, name in enumerate(names, 1)
    )
    election = make.election(make.contest().__class__(id="c", title=names[0], rule="r", options=options, votes_allowed=2))

    assert parse_election(render_election(election)) == election


EARLIER = HEAD + (
    '[[contest]]\nid = "c"\ntitle = "C"\nrule = "r"\n\n[[contest.earlier]]\ntitle = "Primary"\ndate = 2014-06-03\nvotes = 9\nsource = "s"\n'
    'options = [["Ann", "DEM", 5], ["Bo", "", 4]]\n\n[[contest.earlier]]\ntitle = "General"\ndate = 2014-11-04\nvotes = 20\nsource = "s"\n'
)


def test_earlier_contests_are_read_latest_first():
    """Who stood in the district before, and how many votes there were; a page says it."""
    (contest,) = parse_election(EARLIER)

    assert [(one.title, one.votes, one.options) for one in contest.earlier] == [
        ("General", 20, ()),
        ("Primary", 9, (("Ann", "DEM", 5), ("Bo", "", 4))),
    ]


def test_earlier_contests_are_written_and_read_back():
    """Nothing of them is lost."""
    election = parse_election(EARLIER)

    assert parse_election(render_election(election)) == election


def test_who_stood_needs_votes():
    """A row without a number is said, with an example of a right one."""
    with pytest.raises(SettingsError, match=r"expected name, party and votes of each, e\.g\. \[\["):
        parse_election(EARLIER.replace('["Bo", "", 4]', '["Bo", ""]'))
