"""Clarity sites: the real files read to what they print, and everything that can be wrong with one."""

import gzip
import io
import json
import time
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from racecall.desk.plugins import load_feeds
from racecall.errors import BrokenFile, UnknownFormat, UsageError
from racecall.feeds import registry
from racecall.feeds.clarity import OFFSETS, ClarityFeed, detail_address, plain_numbers, stamp
from racecall.feeds.describe import describe
from racecall.feeds.mapping import parse_mapping
from racecall.feeds.text import unpack
from racecall.model.counts import BallotKind, CountType
from racecall.model.finding import Severity
from racecall.testing import check_feed, document

SAMPLES = Path(__file__).parent / "samples"
FEED = ClarityFeed()
BACON = (SAMPLES / "clarity_precincts.xml").read_bytes()
WEST_VIRGINIA = (SAMPLES / "clarity_counties.xml").read_bytes()
SUMMARY = (SAMPLES / "clarity_summary.json").read_bytes()
SETTINGS = (SAMPLES / "clarity_electionsettings.json").read_bytes()

TURNOUT = '<VoterTurnout totalVoters="50" ballotsCast="20"/>'


def choice(name="Ana Ruiz", total=15, party="", **types):
    """Return a choice of two precincts; each count type is a pair of numbers, or a text in place of its precincts."""
    parts = "".join(
        split(word.replace("_", " "), *numbers) for word, numbers in (types or {"Election_Day": (3, 4), "Mail": (6, 2)}).items()
    )
    return f'<Choice key="1" text="{name}" party="{party}" totalVotes="{total}">{parts}</Choice>'


def split(word, *numbers, total=None):
    """Return the votes of a count type in precincts A, B …"""
    units = "".join(f'<Precinct name="{unit}" votes="{number}"/>' for unit, number in zip("ABC", numbers, strict=False))
    printed = sum(number for number in numbers if isinstance(number, int)) if total is None else total
    return f'<VoteType name="{word}" votes="{printed}">{units}</VoteType>'


def contest(*inner, title="Mayor", vote_for="1", reported="2", total="2", key="7"):
    """Return a contest."""
    attributes = f'key="{key}" text="{title}" voteFor="{vote_for}" isQuestion="false" precinctsReporting="{total}"'
    return f'<Contest {attributes} precinctsReported="{reported}">{"".join(inner or (choice(),))}</Contest>'


def detail(*contests, time="11/5/2020 11:39:44 AM EST", turnout=TURNOUT):
    """Return a detail file."""
    head = f"<Timestamp>{time}</Timestamp><ElectionName>General</ElectionName><ElectionDate>11/3/2020</ElectionDate><Region>Bacon</Region>"
    return f"<ElectionResult>{head}{turnout}{''.join(contests or (contest(),))}</ElectionResult>".encode()


def read(data, **about):
    return FEED.parse(document("detail.xml", data, **about))


def release(data, **about):
    [made] = read(data, **about).releases
    return made


def votes(made, **where):
    """Return the votes by what is not fixed, in the file's order."""
    rest = [name for name in ("contest", "unit", "count_type", "option") if name not in where]
    rows = made.counts.filter(*(pl.col(name) == value for name, value in where.items())).select(*rest, "votes").rows()
    return {row[0] if len(row) == 2 else row[:-1]: row[-1] for row in rows}


def ballots(made, contest="", unit="all"):
    rows = made.ballots.filter(pl.col("contest") == contest, pl.col("unit") == unit).select("kind", "ballots").rows()
    return dict(rows)


def checks(data, **about):
    return [finding.check for finding in read(data, **about).findings]


def finding(data, check, **about):
    [found] = [found for found in read(data, **about).findings if found.check == check]
    return found


# --- The real files ----------------------------------------------------------------------------------------------------------------


class TestBacon:
    """Precincts of a county of Georgia: one precinct, twenty contests."""

    def test_the_time_and_the_source(self):
        """With the zone that the file names."""
        made = release(BACON)

        assert made.published_at == datetime(2020, 11, 5, 16, 39, 44, tzinfo=UTC)
        assert (made.source, made.note) == ("Bacon (Clarity)", "November 3,2020-General Election")

    def test_the_president_by_count_type(self):
        """As the file prints them, the total beside the parts."""
        assert votes(release(BACON), contest="President of the United States", unit="all", option="Donald J. Trump (I) (Rep)") == {
            "total": 4018,
            "election_day": 431,
            "early": 3099,
            "absentee_mail": 487,
            "provisional": 1,
        }

    def test_the_precinct_has_the_same(self):
        """The county is one precinct."""
        assert votes(release(BACON), contest="Sheriff", unit="Douglas") == {
            key: number for key, number in votes(release(BACON), contest="Sheriff", unit="all").items() if key[0] != "total"
        }

    def test_the_party_is_in_the_name(self):
        """Georgia prints NP as the party of everybody."""
        first = release(BACON).contests[0].options[0]

        assert (first.key, first.name, first.party) == ("Donald J. Trump (I) (Rep)", "Donald J. Trump", "REP")

    def test_nicknames(self):
        """Georgia doubles the quotes; the name for people has them once."""
        names = {option.key: option.name for item in release(BACON).contests for option in item.options}

        assert names['Earl L. ""Buddy"" Carter (I) (Rep)'] == 'Earl L. "Buddy" Carter'

    def test_ballots_of_the_county(self):
        """Cast, and voters on the roll."""
        assert ballots(release(BACON)) == {BallotKind.CAST: 4680, BallotKind.REGISTERED: 6720}

    def test_ballots_without_a_vote_stand_beside_the_votes(self):
        """And complete the ballots of the contest."""
        kept = ballots(release(BACON), "President of the United States")

        assert kept == {BallotKind.UNDERVOTED: 12, BallotKind.OVERVOTED: 0}
        assert 4018 + 625 + 25 + sum(kept.values()) == 4680

    def test_every_contest_is_listed(self):
        """With precincts and votes allowed."""
        listed = release(BACON).contests

        assert len(listed) == 20
        assert {(item.votes_allowed, item.units_reported, item.units_total) for item in listed} == {(1, 1, 1)}

    def test_how_the_words_were_read(self):
        """Each word of the file, once."""
        assert read(BACON).words == (
            ("Election Day Votes", CountType.ELECTION_DAY),
            ("Advanced Voting Votes", CountType.EARLY),
            ("Absentee by Mail Votes", CountType.ABSENTEE_MAIL),
            ("Provisional Votes", CountType.PROVISIONAL),
        )

    def test_nothing_holds(self):
        """Its sums come out, and every party is one we know."""
        assert read(BACON).findings == ()


class TestWestVirginia:
    """Counties of a state, with one word for all votes."""

    def test_a_word_alone_is_the_total(self):
        """All votes stand under "Election Day", mail and early ones too."""
        made = release(WEST_VIRGINIA)

        assert read(WEST_VIRGINIA).words == (("Election Day", CountType.TOTAL),)
        assert set(made.counts["count_type"]) == {"total"}

    def test_a_mapping_may_say_otherwise(self):
        """Then the word stands, beside the total."""
        made = release(WEST_VIRGINIA, mapping=parse_mapping('[words]\n"Election Day" = "election_day"'))

        assert votes(made, contest="PRESIDENT", unit="all", option="JOSEPH R. BIDEN") == {"total": 235984, "election_day": 235984}

    def test_the_counties_make_the_total(self):
        """Fifty-five of them, for every option."""
        president = release(WEST_VIRGINIA).counts.filter(pl.col("contest") == "PRESIDENT")
        parts = president.filter(pl.col("unit") != "all")

        assert parts["unit"].n_unique() == 55
        assert dict(parts.group_by("option").agg(pl.col("votes").sum()).rows()) == votes(
            release(WEST_VIRGINIA), contest="PRESIDENT", unit="all", count_type="total"
        )

    def test_precincts_are_counted_and_not_the_units(self):
        """The contest has 1,706 precincts, the file 55 counties."""
        assert [(item.units_reported, item.units_total) for item in release(WEST_VIRGINIA).contests] == [(1706, 1706)] * 2

    def test_ballots_by_county(self):
        """Of the state, and of each county."""
        made = release(WEST_VIRGINIA)

        assert ballots(made) == {BallotKind.CAST: 802_726, BallotKind.REGISTERED: 1_269_219}
        assert ballots(made, unit="Barbour") == {BallotKind.CAST: 6763, BallotKind.REGISTERED: 9944}

    def test_all_votes(self):
        """Four candidates for President."""
        assert [item.votes for item in describe(release(WEST_VIRGINIA)).contests] == [794_652, 778_918]


class TestShared:
    def test_counties_of_georgia(self, shared):
        """The presidential totals of 20 November 2020, and the sum of 159 counties."""
        made = release((shared / "feeds/clarity/ga_counties_11-3.xml").read_bytes())
        president = made.counts.filter(pl.col("contest") == "President of the United States")

        assert votes(made, contest="President of the United States", unit="all", count_type="total") == {
            "Donald J. Trump (I) (Rep)": 2_461_837,
            "Joseph R. Biden (Dem)": 2_474_507,
            "Jo Jorgensen (Lib)": 62_138,
        }
        assert president.filter(pl.col("unit") != "all").group_by("option", maintain_order=True).agg(pl.col("votes").sum())[
            "votes"
        ].to_list() == [2_461_837, 2_474_507, 62_138]
        assert (made.contests[0].units_reported, made.contests[1].units_total) == (2656, 51)

    def test_precincts_of_gwinnett(self, shared):
        """Packed with gzip; 156 precincts, every sum of which comes out."""
        name = "ga_gwinnett_precincts_11-3.xml.gz"
        made = read(unpack(name, (shared / "feeds/clarity" / name).read_bytes()))

        assert made.releases[0].counts.height == 16_354
        assert made.findings == ()
        assert ballots(made.releases[0]) == {BallotKind.CAST: 416_458, BallotKind.REGISTERED: 581_467}

    def test_a_count_type_is_missing_in_arkansas(self, shared):
        """The printed total is kept, and the difference said."""
        data = (shared / "feeds/clarity/clarify-county.xml").read_bytes()

        assert votes(release(data), unit="all", count_type="total", contest="U.S. Senate") == {"Tom Cotton": 477_734}
        assert finding(data, "methods_do_not_add_up").problem == (
            "U.S. Senate: Tom Cotton has a total of 477,734, the count types add up to 462,123."
        )
        assert "absentee_meaning" in checks(data)

    def test_no_voters_of_a_precinct_are_not_reported(self, shared):
        """Kentucky prints 0 for each precinct, and 28,162 for the county."""
        made = release((shared / "feeds/clarity/clarify-precinct.xml").read_bytes())

        assert (ballots(made), ballots(made, unit="A101")) == ({"cast": 5926, "registered": 28_162}, {"cast": 157})
        assert made.published_at == datetime(2014, 5, 21, 0, 19, 21, tzinfo=UTC)


# --- The format --------------------------------------------------------------------------------------------------------------------


def test_it_keeps_the_promises_of_a_feed():
    """On every kind of file, and on junk."""
    check_feed(
        FEED,
        [
            document("detail.xml", BACON),
            document("detail.xml", WEST_VIRGINIA),
            document("detail.xml", detail()),
            document("summary.json", SUMMARY),
            document("electionsettings.json", SETTINGS),
            document("current_ver.txt", b"271927\n"),
        ],
    )


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("d.xml", BACON, "XML with the outermost element ElectionResult"),
        ("d.xml", detail().decode().encode("utf-16"), "XML with the outermost element ElectionResult"),
        ("s.json", SUMMARY, "summary.json: keys CATKEY, CH and V"),
        ("s.json", SETTINGS, "electionsettings.json: keys settings and electiondetails"),
        ("current_ver.txt", b"271927", "current_ver.txt: a number and nothing else"),
    ],
)
def test_each_file_is_recognised(name, data, reason):
    """Among all installed formats, and with a reason."""
    feed, match = registry.choose(document(name, data), load_feeds())

    assert (feed.id, match.certainty, match.reason) == ("clarity", 1, reason)


@pytest.mark.parametrize(("name", "data"), [("a.xml", b"<Menu/>"), ("a.txt", b"271927"), ("current_ver.txt", b"12 34"), ("a.json", b"{}")])
def test_other_files_are_left_alone(name, data):
    """Also a number that is not in a file of that name."""
    assert FEED.sniff(document(name, data)) is None


def test_a_zip_archive_is_read():
    """As the site gives it."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("detail.xml", BACON)

    assert release(unpack("detailxml.zip", made.getvalue())).counts.equals(release(BACON).counts)


def test_the_place_is_the_ordinal_of_the_choice():
    """Over all contests."""
    made = release(detail(contest(choice(), choice("Ben Cole")), contest(title="Clerk")))

    assert made.counts.select("option", "contest", "row").unique(maintain_order=True).rows() == [
        ("Ana Ruiz", "Mayor", 1),
        ("Ben Cole", "Mayor", 2),
        ("Ana Ruiz", "Clerk", 3),
    ]


def test_units_by_count_type():
    """The cells of a file, total and parts."""
    assert votes(release(detail()), contest="Mayor", option="Ana Ruiz") == {
        ("all", "total"): 15,
        ("A", "election_day"): 3,
        ("B", "election_day"): 4,
        ("all", "election_day"): 7,
        ("A", "absentee_mail"): 6,
        ("B", "absentee_mail"): 2,
        ("all", "absentee_mail"): 8,
    }


def test_under_votes_may_stand_anywhere_among_the_choices():
    """Before, between and behind them: none is lost."""
    data = detail(contest(split("Undervotes", 1, 2), choice(), split("Overvotes", 0, 1), choice("Ben Cole"), split("Blank", 4, 0)))

    assert ballots(release(data), "Mayor") == {"undervoted": 3, "overvoted": 1, "blank": 4}
    assert ballots(release(data), "Mayor", "B") == {"undervoted": 2, "overvoted": 1, "blank": 0}


def test_under_votes_are_left_out_where_several_votes_are_allowed():
    """There they are votes that were not used, not ballots."""
    made = release(detail(contest(split("Undervotes", 1, 2), choice(), vote_for="3")))

    assert (made.contests[0].votes_allowed, ballots(made, "Mayor")) == (3, {})


def test_under_votes_among_the_choices_are_no_votes():
    """They are put with the ballots, by count type, and a note says so."""
    data = detail(contest(choice(), choice("UNDER VOTES", 3, Election_Day=(1, 0), Mail=(0, 2))))

    assert ballots(release(data), "Mayor") == {"undervoted": 3}
    assert [option.key for option in release(data).contests[0].options] == ["Ana Ruiz"]
    assert finding(data, "not_options").problem == (
        '1 choices name no option but ballots, totals or percentages: "UNDER VOTES". None was counted as votes.'
    )


def test_write_ins_are_nobody():
    """Without a name an aggregate, with one a person."""
    listed = release(detail(contest(choice(), choice("WRITE-IN"), choice("Cy Ford (Write-in)")))).contests[0].options

    assert [(option.name, option.kind) for option in listed] == [("Ana Ruiz", ""), ("WRITE-IN", "aggregate"), ("Cy Ford", "write_in")]


@pytest.mark.parametrize(("party", "read_as"), [("NP", ""), ("", ""), ("DEM", "DEM"), ("LBN", "LIB"), ("MTN", "MTN")])
def test_parties(party, read_as):
    """As printed, in our abbreviation; NP is none."""
    assert release(detail(contest(choice(party=party)))).contests[0].options[0].party == read_as


def test_a_question_is_hinted_at():
    """Yes and No are no candidates."""
    data = detail(contest(choice("YES")).replace('isQuestion="false"', 'isQuestion="true"'))

    assert release(data).contests[0].rule_hint == "question"


def test_the_source_may_be_named():
    """By the user."""
    assert release(detail(), source="Bacon County").source == "Bacon County"


# --- Count types -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("Election Day", "election_day"),
        ("Advance Voting", "early"),
        ("Early Vote", "early"),
        ("Absentee by Mail", "absentee_mail"),
        ("Provisional Votes", "provisional"),
        ("Total Votes", "total"),
        ("Election Night", "other"),
    ],
)
def test_words_for_count_types(word, kind):
    """The known ones; any other is kept as `other`."""
    words = dict(read(detail(contest(choice(**{word: (1, 1), "Mail": (1, 1)})))).words)

    assert words == {word: kind, "Mail": "absentee_mail"}


def test_an_unknown_word_holds_calls_once():
    """However often it stands, with the way to say what it means; its votes are kept."""
    data = detail(contest(choice(total=10, Election_Night=(5, 2), Mail=(1, 2)), choice("Ben Cole", 10, Election_Night=(5, 2), Mail=(1, 2))))
    found = finding(data, "unknown_count_type")

    assert (found.severity, found.origin.row) == (Severity.HOLD_CALLS, 1)
    assert found.problem.startswith('"Election Night" is not a count type we know; its votes were read as "other".')
    assert votes(release(data), unit="A", option="Ana Ruiz", count_type="other") == {"Mayor": 5}


def test_a_mapping_says_what_a_word_means():
    """And the finding is gone."""
    data = detail(contest(choice(total=10, Election_Night=(5, 2), Mail=(1, 2))))
    mapping = parse_mapping('[words]\n"Election Night" = "election_day"')

    assert votes(release(data, mapping=mapping), unit="A") == {
        ("Mayor", "election_day", "Ana Ruiz"): 5,
        ("Mayor", "absentee_mail", "Ana Ruiz"): 1,
    }
    assert checks(data, mapping=mapping) == []


def test_two_words_for_one_count_type_are_added_up():
    """In every unit, and in the whole."""
    data = detail(contest(choice(total=19, Early=(1, 2), Advance_Voting=(3, 4), Mail=(5, 4))))

    assert votes(release(data), count_type="early", option="Ana Ruiz", contest="Mayor") == {"A": 4, "B": 6, "all": 10}
    assert checks(data) == []


def test_a_total_beside_its_parts_is_not_counted_twice():
    """A count type that is a total is compared with the choice's own, and not added."""
    data = detail(contest(choice(total=9, Election_Day=(1, 2), Mail=(2, 4), Total_Votes=(3, 6))))

    assert votes(release(data), contest="Mayor", option="Ana Ruiz", count_type="total") == {"all": 9, "A": 3, "B": 6}
    assert (checks(data), describe(release(data)).votes) == ([], 9)


def test_total_votes_alone():
    """Colorado's files have no other word."""
    data = detail(contest(choice(total=9, Total_Votes=(3, 6))))

    assert votes(release(data), contest="Mayor", option="Ana Ruiz") == {("all", "total"): 9, ("A", "total"): 3, ("B", "total"): 6}


# --- Times -------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("letters", "hours"), [("EST", -5), ("EDT", -4), ("CST", -6), ("PDT", -7), ("AKST", -9), ("HST", -10), ("UTC", 0)])
def test_the_letters_of_a_zone(letters, hours):
    """They name the offset, whatever zone the election has."""
    at, doubt = stamp(f"11/5/2020 11:39:44 AM {letters}", document("a", b"", timezone="America/Los_Angeles"))

    assert (at, doubt) == (datetime(2020, 11, 5, 11, 39, 44, tzinfo=UTC) - timedelta(hours=hours), "")


def test_the_letters_are_those_of_the_zones():
    """Each of them is in use for that offset in one of the states' zones, in January or July."""
    names = "America/Puerto_Rico America/New_York America/Chicago America/Denver America/Los_Angeles America/Anchorage Pacific/Honolulu UTC"
    moments = [datetime(2020, month, 1, tzinfo=ZoneInfo(name)) for name in names.split() for month in (1, 7)]
    used = {f"{moment:%Z}": (moment.utcoffset() or timedelta()) / timedelta(hours=1) for moment in moments}

    assert {letters: hours for letters, hours in OFFSETS.items() if letters != "GMT"} == used


def test_the_hour_that_happens_twice_is_told_apart():
    """By its letters, and so without a doubt."""
    zone = document("a", b"", timezone="America/New_York")
    first, second = (stamp(f"11/1/2020 1:30:00 AM {letters}", zone) for letters in ("EDT", "EST"))

    assert (second[0] - first[0], first[1] + second[1]) == (timedelta(hours=1), "")


@pytest.mark.parametrize("time", ["11/5/2020 11:39:44 AM", "11/5/2020 11:39:44 AM XYZ"])
def test_a_time_without_a_known_zone_is_read_in_the_elections(time):
    """And noted."""
    data = detail(time=time)

    assert release(data, timezone="America/New_York").published_at == datetime(2020, 11, 5, 16, 39, 44, tzinfo=UTC)
    assert finding(data, "doubtful_time", timezone="America/New_York").problem == (
        f'"{time}" names no zone we know; read in America/New_York.'
    )


@pytest.mark.parametrize("time", ["", "soon", "13/45/2020 11:39:44 AM EST", "11/5/0020 11:39:44 AM EST", "11/5/2020 EST"])
def test_what_is_no_time_makes_a_release_without_one(time):
    """Its calls are held."""
    data = detail(time=time)

    assert release(data).published_at is None
    assert finding(data, "doubtful_time").severity is Severity.HOLD_CALLS


# --- What looks wrong --------------------------------------------------------------------------------------------------------------


def test_count_types_that_do_not_make_the_total():
    """The total is kept, and every number said."""
    data = detail(contest(choice(total=16)))
    found = finding(data, "methods_do_not_add_up")

    assert (found.contest, found.option, found.origin.row, found.severity) == ("Mayor", "Ana Ruiz", 1, Severity.HOLD_CALLS)
    assert found.problem == "Mayor: Ana Ruiz has a total of 16, the count types add up to 15."


def test_units_that_do_not_make_a_count_type():
    """A precinct may be missing."""
    part = split("Mail", 1, 2, total=4)
    data = detail(contest(f'<Choice key="1" text="Ana Ruiz" totalVotes="7">{part}{split("Election Day", 1, 2)}</Choice>'))

    assert checks(data) == ["parts_do_not_add_up"]
    assert finding(data, "parts_do_not_add_up").problem == "Mayor: Ana Ruiz has 4 votes of the type Mail, its units add up to 3."


def test_withheld_units_make_the_sum_smaller():
    """That is no finding of its own; a sum that is larger is one."""
    smaller = '<Choice key="1" text="Ana Ruiz" totalVotes="9">' + split("Mail", 5, "*", total=9) + "</Choice>"
    larger = '<Choice key="1" text="Ana Ruiz" totalVotes="4">' + split("Mail", 5, "*", total=4) + "</Choice>"

    assert checks(detail(contest(smaller))) == ["withheld_cells"]
    assert checks(detail(contest(larger))) == ["withheld_cells", "parts_do_not_add_up"]


@pytest.mark.parametrize(
    ("cell", "check"),
    [
        ("-3", "negative_count"),
        ("2.5", "fractional_count"),
        ("l2", "not_a_number"),
        ("99999999999", "impossible_count"),
        ("", "blank_cells"),
        ("****", "withheld_cells"),
        ("1_000", "not_a_number"),
        ("١٢", "not_a_number"),
        ("9" * 5000, "impossible_count"),
    ],
)
def test_a_cell_that_is_no_count(cell, check):
    """It is read as not reported, never as 0, and said with its contest; the others of its list are read."""
    data = detail(contest(f'<Choice key="1" text="Ana Ruiz" totalVotes="9">{split("Mail", 5, cell, total=9)}</Choice>'))

    assert votes(release(data), contest="Mayor", option="Ana Ruiz") == {("all", "total"): 9, ("A", "total"): 5, ("B", "total"): None}
    assert finding(data, check).contest == "Mayor"


def test_thousands_are_read():
    """As everywhere."""
    data = detail(contest(f'<Choice key="1" text="Ana Ruiz" totalVotes="1,205">{split("Mail", 5, "1,200", total="1,205")}</Choice>'))

    assert (votes(release(data), unit="B"), checks(data)) == ({("Mayor", "total", "Ana Ruiz"): 1200}, [])


@pytest.mark.parametrize("unit", ['<Precinct name="B"/>', '<Precinct votes="3"/>', "<Precinct/>"])
def test_an_attribute_that_is_missing_moves_no_other(unit):
    """The cell beside it keeps its own precinct."""
    part = f'<VoteType name="Mail" votes="9"><Precinct name="A" votes="5"/>{unit}<Precinct name="C" votes="4"/></VoteType>'
    made = release(detail(contest(f'<Choice key="1" text="Ana Ruiz" totalVotes="9">{part}</Choice>')))

    assert {
        unit: number for unit, number in votes(made, contest="Mayor", option="Ana Ruiz", count_type="total").items() if unit in "AC"
    } == {
        "A": 5,
        "C": 4,
    }


def test_a_total_that_is_missing():
    """Not reported, and held where others have one."""
    data = detail(contest(choice(total=""), choice("Ben Cole")))

    assert finding(data, "missing_votes").option == "Ana Ruiz"
    assert votes(release(data), unit="all", count_type="total", contest="Mayor") == {"Ana Ruiz": None, "Ben Cole": 15}


def test_two_choices_of_one_name_are_kept_apart():
    """Both with their votes, in every unit."""
    data = detail(contest(choice("Write-in", 7), choice("Write-in", 5)))
    found = finding(data, "option_listed_twice")

    assert votes(release(data), unit="all", count_type="total", contest="Mayor") == {"Write-in": 7, "Write-in (2)": 5}
    assert found.problem == (
        'Mayor: "Write-in" is listed 2 times, with 7 and 5 votes; once was expected. They were kept apart as "Write-in" and "Write-in (2)".'
    )


def test_two_contests_of_one_title_are_kept_apart():
    """By the site's numbers."""
    data = detail(contest(key="7"), contest(key="9"))

    assert [item.key for item in release(data).contests] == ["Mayor (7)", "Mayor (9)"]
    assert checks(data) == ["contest_listed_twice"] * 2


def test_a_unit_that_stands_twice_is_kept_apart():
    """Its votes are not lost, and calls are held."""
    part = '<VoteType name="Mail" votes="9"><Precinct name="A" votes="5"/><Precinct name=" A " votes="4"/></VoteType>'
    data = detail(contest(f'<Choice key="1" text="Ana Ruiz" totalVotes="9">{part}</Choice>'))

    assert votes(release(data), contest="Mayor", option="Ana Ruiz") == {("all", "total"): 9, ("A", "total"): 5, ("A (2)", "total"): 4}
    assert finding(data, "conflicting_rows").problem == (
        'The reporting unit "A" stands 2 times in one list; they were kept apart as "A" and "A (2)".'
    )


def test_votes_of_nobody_are_named():
    """A list beside the choices that is no kind of ballots."""
    assert '"Straight Party"' in finding(detail(contest(choice(), split("Straight Party", 1, 2))), "unread_columns").problem


def test_names_that_are_missing():
    """Said, and kept."""
    assert checks(detail(contest(choice(""), title=""))) == ["nameless_option"]
    assert checks(detail(contest(title=""))) == ["nameless_contest"]


def test_more_precincts_than_there_are():
    """Noted; nothing is reckoned from precincts."""
    assert finding(detail(contest(reported="3")), "precincts_above_total").problem == (
        "Mayor: 3 of 2 precincts have reported; more than there are."
    )


@pytest.mark.parametrize("printed", ["two", "0", "-1"])
def test_votes_allowed_that_cannot_be_read(printed):
    """Noted, with the setting that says it."""
    assert finding(detail(contest(vote_for=printed)), "votes_allowed_unread").next_step == (
        "Set votes_allowed for the contest in election.toml."
    )


def test_turnout_that_is_no_number():
    """Held, and the votes are there all the same."""
    data = detail(turnout='<VoterTurnout totalVoters="?" ballotsCast="-1"/>')

    assert (checks(data), ballots(release(data))) == (["negative_count", "not_a_number"], {})


# --- What is refused ---------------------------------------------------------------------------------------------------------------


def test_xml_of_another_kind():
    """The outermost element is named."""
    with pytest.raises(UnknownFormat) as raised:
        read(b"<Menu/>")

    assert str(raised.value) == (
        'detail.xml: the outermost element is "Menu"; "ElectionResult" was expected.\n'
        "This is no detail file of a Clarity site. All formats: racecall feed list"
    )


def test_a_file_without_a_contest():
    """Before the polls close, perhaps."""
    with pytest.raises(BrokenFile, match="the file lists no contest"):
        read(b"<ElectionResult><Region>Bacon</Region></ElectionResult>")


def test_a_choice_outside_of_any_contest():
    """It would be nobody's."""
    with pytest.raises(BrokenFile, match="a choice stands outside of any contest"):
        read(b'<ElectionResult><Choice key="1" text="A" totalVotes="1"/></ElectionResult>')


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "the file is empty"),
        (BACON[:20_000], "this is not whole XML"),
        (b"<!DOCTYPE html><html><body>Sorry", "this is a web page, not XML"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]>' + detail(), "the XML defines a document type"),
        (detail(contest(title="Jos\u00e9")).decode().encode("cp1252"), "the XML is not in the encoding it announces"),
        (b"county,votes\n", "this is not XML"),
    ],
)
def test_what_cannot_be_read(data, words):
    """With words and a next step."""
    with pytest.raises(BrokenFile, match=words.replace("(", r"\(")) as raised:
        read(data)

    assert raised.value.next_step


# --- The other files of a site -----------------------------------------------------------------------------------------------------


class TestSummary:
    def test_totals_of_the_state(self):
        """With parties and precincts, as the site showed them on 12 November 2020."""
        [made] = FEED.parse(document("summary.json", SUMMARY)).releases

        assert votes(made, contest="President of the United States") == {
            ("all", "total", "Donald J. Trump (I) (Rep)"): 2_457_910,
            ("all", "total", "Joseph R. Biden (Dem)"): 2_471_955,
            ("all", "total", "Jo Jorgensen (Lib)"): 62_058,
        }
        assert [(item.title, item.votes_allowed, item.units_reported, item.units_total) for item in made.contests] == [
            ("President of the United States", 1, 158, 159),
            ("US Senate (Perdue)", 1, 158, 159),
            ("Statewide Referendum A", 1, 158, 159),
        ]

    def test_it_has_no_time(self):
        """Calls are held until somebody gives it."""
        [found] = FEED.parse(document("summary.json", SUMMARY)).findings

        assert (found.check, found.severity, found.next_step) == (
            "doubtful_time",
            Severity.HOLD_CALLS,
            "Give the time with --published-at.",
        )

    def test_a_candidate_without_votes(self):
        """Lists of different lengths lose nobody."""
        contests = json.loads(SUMMARY)
        contests[0]["V"].pop()
        made = FEED.parse(document("summary.json", json.dumps(contests).encode()))

        assert [found.check for found in made.findings] == ["doubtful_time", "missing_votes"]
        assert votes(made.releases[0], option="Jo Jorgensen (Lib)", unit="all", count_type="total") == {
            "President of the United States": None
        }

    def test_another_shape_is_refused(self):
        """With the place."""
        with pytest.raises(BrokenFile, match=r'in item 1, "CH": found text, expected a list'):
            FEED.parse(document("summary.json", b'[{"CATKEY": "C_0", "C": "Mayor", "CH": "Ana", "V": [1]}]'))


class TestAddresses:
    def test_the_detail_of_a_version(self):
        """Of a state, and of a county."""
        assert detail_address("https://results.enr.clarityelections.com/GA/105369/", "271927") == (
            "https://results.enr.clarityelections.com/GA/105369/271927/reports/detailxml.zip"
        )
        assert detail_address("https://www.enr-scvotes.org/SC/125820", "web.345435\n") == (
            "https://www.enr-scvotes.org/SC/125820/web.345435/reports/detailxml.zip"
        )

    @pytest.mark.parametrize("version", ["", "../../etc", "271927/../1", "<html>", "9" * 40])
    def test_what_is_no_version(self, version):
        """It would make an address of anything."""
        with pytest.raises(UsageError, match="is no version of a Clarity site"):
            detail_address("https://results.enr.clarityelections.com/GA/105369", version)

    @pytest.mark.parametrize(
        ("name", "address"),
        [
            ("current_ver.txt", "https://results.enr.clarityelections.com/STATE/ELECTION/271927/reports/detailxml.zip"),
            (
                "https://results.enr.clarityelections.com/GA/105369/current_ver.txt",
                "https://results.enr.clarityelections.com/GA/105369/271927/reports/detailxml.zip",
            ),
        ],
    )
    def test_a_version_says_what_to_fetch(self, name, address):
        """In full, if the file was fetched under its address."""
        made = FEED.parse(document(name, b"271927\n"))

        assert (made.defines, made.releases, made.findings[0].next_step) == (True, (), f"Fetch {address}")

    def test_settings_say_what_the_site_is_about(self):
        """And the newest version."""
        name = "https://results.enr.clarityelections.com//GA/105369/271909/json/en/electionsettings.json"
        made = FEED.parse(document(name, SETTINGS))

        assert (made.defines, made.findings[0].check) == (True, "counts_elsewhere")
        assert made.findings[0].problem == (
            "These are the settings of a Clarity site (November 3,2020-General Election, 11/3/2020, GA, "
            "3 counties with files of their own, updated 11/20/2020 3:37:43 PM EST). The counts are in another file."
        )
        assert made.findings[0].next_step == "Fetch https://results.enr.clarityelections.com//GA/105369/271927/reports/detailxml.zip"

    def test_settings_without_versions(self):
        """Then the version is to be fetched first."""
        made = FEED.parse(document("electionsettings.json", b'{"settings": {"electiondetails": {}}}'))

        assert made.findings[0].next_step == "Fetch current_ver.txt, then the detail of that version."


# --- Properties --------------------------------------------------------------------------------------------------------------------


@given(st.lists(st.text("0123456789,-. ", max_size=12)))
def test_the_quick_way_reads_what_the_careful_way_reads(cells):
    """Plain digits, up to the people on Earth; for anything else it gives up."""
    numbers = plain_numbers(cells)

    assert numbers is None or numbers == [int(cell) for cell in cells]
    assert numbers is not None or not all(cell.isdigit() and int(cell) <= 10**10 for cell in cells)


@given(st.lists(st.tuples(*[st.integers(0, 10**6)] * 4), min_size=1, max_size=5))
def test_what_is_written_is_read(numbers):
    """Every cell of every choice, and sums that come out."""
    choices = [choice(f"Option {place}", sum(cells), Early=cells[:2], Mail=cells[2:]) for place, cells in enumerate(numbers)]
    made = release(detail(contest(*choices)))

    for place, cells in enumerate(numbers):
        kept = votes(made, contest="Mayor", option=f"Option {place}")
        keys = (("A", "early"), ("B", "early"), ("A", "absentee_mail"), ("B", "absentee_mail"))
        assert tuple(kept[key] for key in keys) == cells
        assert kept["all", "total"] == sum(cells)


@settings(max_examples=200)
@given(st.data())
def test_a_damaged_file_is_read_or_refused(data):
    """Nothing but our errors comes out, whatever a byte was changed to."""
    whole = detail()
    at = data.draw(st.integers(0, len(whole) - 1))
    damaged = whole[:at] + data.draw(st.binary(max_size=3)) + whole[at + 1 :]

    try:
        made = read(damaged).releases
    except (BrokenFile, UnknownFormat) as error:
        made = (error.problem,)

    assert made


def test_a_packed_file_of_a_night_is_small_work(shared):
    """A megabyte in less than a second."""
    name = "ga_gwinnett_precincts_11-3.xml.gz"
    data = gzip.decompress((shared / "feeds/clarity" / name).read_bytes())
    started = time.process_time()
    read(data)

    assert time.process_time() - started < len(data) / 1e6
