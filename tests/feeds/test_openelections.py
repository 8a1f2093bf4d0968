"""OpenElections CSV: the two elections of 2017 as certified, and the dirt of a dozen states."""

from pathlib import Path

import pytest

from racecall.errors import BrokenFile, UnknownFormat
from racecall.feeds.mapping import parse_map
from racecall.feeds.openelections import OpenElectionsFeed, contest_key, plain_name, splits_by_party
from racecall.feeds.text import unpack
from racecall.model.counts import BallotKind
from racecall.testing import check_feed, document

HEADER = "county,precinct,office,district,party,candidate,votes\n"
ROWS = (
    "Los Angeles,0850001A,U.S. House,34,DEM,Jimmy Gomez,28\n"
    "Los Angeles,0850001A,U.S. House,34,DEM,Robert Lee Ahn,19\n"
    "Los Angeles,0850012A,U.S. House,34,DEM,Jimmy Gomez,5\n"
    "Los Angeles,0850012A,U.S. House,34,DEM,Robert Lee Ahn,7\n"
)


def read(text, name="20170404__ca__special__primary__los_angeles__precinct.csv", **fields):
    """Read a file."""
    return OpenElectionsFeed().parse(document(name, text.encode() if isinstance(text, str) else text, **fields))


def cells(reading, *columns):
    """The counts of the release."""
    (release,) = reading.releases
    return release.counts.select(columns or ("contest", "unit", "count_type", "option", "votes")).rows()


def totals(counts):
    """Votes of each option, over all rows."""
    return dict(counts.select("option", "votes").group_by("option").sum().rows())


def only(reading, check):
    """The only finding of a check."""
    (finding,) = [finding for finding in reading.findings if finding.check == check]
    return finding


def sample(shared: Path, name: str):
    """Read a sample from the shared data."""
    path = shared / "feeds" / "openelections" / name
    return document(name, unpack(name, path.read_bytes()))


class TestTheRaceOf2017:
    COUNTY = "20170404__ca__special__primary.csv"
    PRECINCTS = "20170404__ca__special__primary__los_angeles__precinct.csv.gz"

    @pytest.mark.parametrize(("name", "options", "units"), [(COUNTY, 24, 1), (PRECINCTS, 23, 195)])
    def test_the_primary_as_certified(self, shared, name, options, units):
        """Both files: Gomez 10,728, Ahn 9,415, Cabildo 4,259, of 42,308 votes; Walker's 0 is in the county file only."""
        reading = OpenElectionsFeed().parse(sample(shared, name))

        counts = reading.releases[0].counts
        votes = totals(counts)
        assert (votes["Jimmy Gomez"], votes["Robert Lee Ahn"], votes["Maria Cabildo"]) == (10_728, 9_415, 4_259)
        assert (sum(votes.values()), len(votes), counts["unit"].n_unique()) == (42_308, options, units)
        assert [contest.key for contest in reading.releases[0].contests] == ["U.S. House 34"]

    def test_the_runoff_as_certified(self, shared):
        """Gomez 25,569, Ahn 17,610."""
        reading = OpenElectionsFeed().parse(sample(shared, "20170606__ca__special__general__los_angeles__precinct.csv"))

        assert totals(reading.releases[0].counts) == {"Jimmy Gomez": 25_569, "Robert Lee Ahn": 17_610}

    def test_the_samples_need_no_person(self, shared):
        """Nothing but a note: three ballot groups belong to no ground."""
        reading = OpenElectionsFeed().parse(sample(shared, self.PRECINCTS))

        assert [(finding.check, finding.severity) for finding in reading.findings] == [("ballot_groups", "note")]
        assert only(reading, "ballot_groups").problem == (
            '3 reporting units are groups of ballots without territory: "9990201A", "9990202A", "9990203A". '
            "Counted, but not to be put on a map."
        )

    def test_it_is_a_feed(self, shared):
        """It keeps the promises of every feed."""
        names = (self.COUNTY, self.PRECINCTS, "20170606__ca__special__general.csv")

        check_feed(OpenElectionsFeed(), [sample(shared, name) for name in names])

    def test_there_is_no_time_in_the_files(self, shared):
        """The caller gives it."""
        assert OpenElectionsFeed().parse(sample(shared, self.COUNTY)).releases[0].published_at is None


class TestRecognise:
    def test_by_header_and_name(self):
        """The header is enough; the name makes it surer."""
        feed = OpenElectionsFeed()

        named, bare = (
            feed.sniff(document(name, (HEADER + ROWS).encode())) for name in ("20170404__ca__special__primary.csv", "results.csv")
        )

        assert named is not None
        assert bare is not None
        assert (named.certainty, bare.certainty) == (0.95, 0.85)

    def test_columns_in_any_order(self):
        """The order varies from file to file."""
        shuffled = "votes,candidate,party,district,office,precinct,county\n10,Ana,DEM,34,U.S. House,1,Los Angeles\n"

        assert cells(read(shuffled)) == [("U.S. House 34", "1", "total", "Ana", 10)]

    def test_another_table_forced_through(self):
        """Says what is missing, and what to do."""
        with pytest.raises(UnknownFormat, match="an OpenElections file has the columns office, candidate and votes"):
            read("ward,name,number\n1,Ana,10\n")

    def test_a_file_that_is_not_utf8(self):
        """Two Texas files; the byte and its line are named."""
        with pytest.raises(BrokenFile, match=r"line 2 is not UTF-8: byte \d+ of the file is 0xED"):
            read((HEADER + "Los Angeles,1,Mayor,,,Mar\xeda,3\n").encode("cp1252"))


class TestContests:
    @pytest.mark.parametrize(
        ("office", "district", "party", "by_party", "key"),
        [
            ("U.S. House", "34", "DEM", False, "U.S. House 34"),
            ("Governor", "", "DEM", False, "Governor"),
            ("Governor", "", "REP", True, "Governor (REP)"),
            ("Superior Court Judge", "", "", True, "Superior Court Judge"),
            ("Public Service Commission, District 3", "3", "", False, "Public Service Commission, District 3"),
            ("Registered Voters", "", "", True, ""),
            ("Ballots Cast", "", "DEM", True, ""),
        ],
    )
    def test_the_key_of_a_contest(self, office, district, party, by_party, key):
        """Office and district; the party in partisan primaries; nothing for offices that are ballots."""
        assert contest_key(office, district, party, by_party=by_party) == key

    @pytest.mark.parametrize(
        ("name", "office", "splits"),
        [
            ("20180522__ga__primary.csv", "Governor", True),
            ("20180724__ga__primary__runoff__precinct.csv", "Governor", True),
            ("20181106__ga__general.csv", "Governor", False),
            ("20180605__ca__primary.csv", "Governor", False),
            ("20160607__ca__primary.csv", "President", True),
            ("results.csv", "Governor", False),
        ],
    )
    def test_partisan_primaries_are_told_by_the_file_name(self, name, office, splits):
        """California's all-party primary is one contest, but not for President."""
        assert splits_by_party(name, office) is splits

    def test_each_party_has_its_contest_in_a_partisan_primary(self):
        """Georgia: two contests for Governor."""
        text = "county,office,district,party,candidate,votes\nBibb,Governor,,REP,Ana,3\nBibb,Governor,,DEM,Bo,4\n"

        assert [row[0] for row in cells(read(text, name="20180522__ga__primary.csv"), "contest")] == ["Governor (REP)", "Governor (DEM)"]

    def test_a_key_that_was_given_is_used_as_it_is(self):
        """Office, district and party in one, where the file name does not tell a partisan primary."""
        text = "county,office,district,party,candidate,votes\nBibb,Governor,,REP,Ana,3\nBibb,Governor,,DEM,Bo,4\n"
        reading = read(text, name="20180522__ga__primary.csv", mapping=parse_map("contest=office+district+party"))

        assert [row[0] for row in cells(reading, "contest")] == ["Governor REP", "Governor DEM"]

    def test_local_offices_get_their_county(self):
        """Two sheriffs of two counties are not one contest; the Governor is."""
        text = (
            "county,office,district,party,candidate,votes\nBibb,Sheriff,,,Ana,3\nCobb,Sheriff,,,Bo,4\n"
            "Bibb,Governor,,,Cy,3\nCobb,Governor,,,Cy,4\n"
        )
        reading = read(text, name="20181106__ga__general.csv")

        assert [contest.key for contest in reading.releases[0].contests] == ["Sheriff (Bibb)", "Sheriff (Cobb)", "Governor"]
        assert only(reading, "local_contests").problem == (
            'Offices with other candidates in every county, each county\'s read as a contest of its own: 1 ("Sheriff").'
        )

    def test_a_state_office_is_never_local(self):
        """Two counties may spell every candidate their own way."""
        rows = "Napa,State Assembly,14,,TIMOTHY S. GRAYSON,3\nYolo,State Assembly,14,,Tim Grayson,4\n"
        text = "county,office,district,party,candidate,votes\n" + rows

        assert {row[0] for row in cells(read(text, name="20181106__ca__general.csv"), "contest")} == {"State Assembly 14"}

    def test_other_spellings_make_no_local_office(self):
        """A district attorney of two counties, in capitals in one of them."""
        text = "county,office,district,party,candidate,votes\nBibb,District Attorney,3,,ANA RUIZ,3\nCobb,District Attorney,3,,Ana Ruiz,4\n"

        assert {row[0] for row in cells(read(text, name="20181106__ga__general.csv"), "contest")} == {"District Attorney 3"}

    def test_ballots_without_an_office_belong_to_the_jurisdiction(self):
        """Some counties leave the office blank for them."""
        release = read(HEADER + "Orange,1,,,,Registered Voters,900\nOrange,1,Mayor,,,Ana,30\n").releases[0]

        assert release.ballots.select("contest", "kind", "ballots").rows() == [("", BallotKind.REGISTERED, 900)]

    def test_offices_that_are_ballots_belong_to_the_whole_jurisdiction(self):
        """Registered Voters and Ballots Cast, with the candidate blank or saying it again."""
        offices = ("Registered Voters,,,,900", "Ballots Cast,,,Ballots Cast,500", "Turnout,,,,55.6", "Mayor,,,Ana,30")
        release = read(HEADER + "".join(f"Orange,1,{office}\n" for office in offices)).releases[0]

        assert release.ballots.select("contest", "unit", "kind", "ballots").rows() == [
            ("", "1", BallotKind.REGISTERED, 900),
            ("", "1", BallotKind.CAST, 500),
        ]
        assert [contest.key for contest in release.contests] == ["Mayor"]

    def test_the_parties_ballots_of_a_primary_are_added(self):
        """Ballots are listed once a party."""
        text = HEADER + "Bibb,1,Ballots Cast,,REP,,40\nBibb,1,Ballots Cast,,DEM,,50\nBibb,1,Governor,,DEM,Bo,4\n"

        assert read(text, name="20180522__ga__primary.csv").releases[0].ballots["ballots"].to_list() == [90]

    def test_rows_without_an_office_are_kept_apart(self):
        """And hold calls of nobody else's contest."""
        reading = read(HEADER + ROWS + "Los Angeles,0850012A,,,DEM,Jimmy Gomez,9\n")

        assert only(reading, "nameless_contest").contest == "(no office)"
        assert cells(reading, "contest", "votes")[-1] == ("(no office)", 9)


class TestNames:
    @pytest.mark.parametrize(
        ("printed", "party", "name"),
        [
            ("CHRIS CARR (I) (REP)", "REP", ("CHRIS CARR", "REP", "")),
            ("LAUREN MCDONALD(I)", "", ("LAUREN MCDONALD", "", "")),
            ("REP Donald J. Trump", "", ("Donald J. Trump", "REP", "")),
            ("DON BLANKENSHIP", "CON", ("DON BLANKENSHIP", "CON", "")),
            ("Robert Jordan Qualified Write In", "", ("Robert Jordan", "", "write_in")),
            ("BRIAN CARROLL / AMAR PATEL (Write-in)", "", ("BRIAN CARROLL / AMAR PATEL", "", "write_in")),
            ("Write-In: JESSE VENTURA", "", ("JESSE VENTURA", "", "write_in")),
            ("CON Edison", "DEM", ("CON Edison", "DEM", "")),
            ("Ana (DEM)", "REP", ("Ana (DEM)", "REP", "")),
        ],
    )
    def test_what_is_no_part_of_a_name(self, printed, party, name):
        """Incumbent, party and write-in are taken off; a party that contradicts the column is left."""
        read_name = plain_name(printed, party)

        assert (read_name.name, read_name.party, read_name.kind) == name

    def test_names_that_were_tidied_are_noted(self):
        """How many, and the first."""
        reading = read(HEADER + ROWS.replace("Jimmy Gomez", "Jimmy Gomez (I)"))

        assert {row[0] for row in cells(reading, "option")} == {"Jimmy Gomez", "Robert Lee Ahn"}
        assert only(reading, "names_tidied").problem == (
            '"Jimmy Gomez (I)" was read as "Jimmy Gomez": marks of party, incumbent and write-in were taken off.'
        )

    def test_spellings_are_merged_where_they_cannot_be_two_people(self):
        """Case, accents and punctuation; the usual spelling is kept."""
        more = "Los Angeles,0850014A,U.S. House,34,DEM,JIMMY GÓMEZ,4\n"
        reading = read(HEADER + ROWS + more)

        assert sum(votes for option, votes in cells(reading, "option", "votes") if option == "Jimmy Gomez") == 37
        assert only(reading, "spellings_merged").problem == (
            "U.S. House 34: names that differ in case, accents or punctuation only were read as the first of each: "
            '"Jimmy Gomez", "JIMMY GÓMEZ".'
        )

    def test_spellings_in_one_unit_stay_apart_and_hold_calls(self):
        """They may be two people, or one counted twice."""
        reading = read(HEADER + ROWS + "Los Angeles,0850001A,U.S. House,34,DEM,Jimmy Gómez,4\n")

        assert {row[0] for row in cells(reading, "option")} == {"Jimmy Gomez", "Jimmy Gómez", "Robert Lee Ahn"}
        assert only(reading, "similar_names").severity == "hold_calls"

    def test_a_declared_write_in_is_a_person(self):
        """Other write-ins together are an aggregate."""
        rows = "Los Angeles,1,Mayor,,,Ana Ruiz (Write-in),4\nLos Angeles,1,Mayor,,,Unresolved Write-In,2\n"
        (contest,) = read(HEADER + rows).releases[0].contests

        assert [(option.name, option.kind) for option in contest.options] == [
            ("Ana Ruiz", "write_in"),
            ("Unresolved Write-In", "aggregate"),
        ]

    def test_rejected_write_ins_are_no_votes(self):
        """They are in no denominator."""
        reading = read(HEADER + ROWS + "Los Angeles,0850001A,U.S. House,34,,Rejected write-ins,4\n")

        assert sum(row[0] for row in cells(reading, "votes")) == 59
        assert reading.releases[0].ballots.select("kind", "ballots").rows() == [(BallotKind.INVALID, 4)]


class TestTotals:
    def test_county_totals_with_a_blank_precinct_are_not_counted_twice(self):
        """Georgia: in a file of several counties they are compared and left out."""
        text = HEADER + "".join(
            f"{county},{precinct},Governor,,REP,Ana,{votes}\n"
            for county, precinct, votes in (("Bibb", "1", 3), ("Bibb", "2", 4), ("Bibb", "", 7), ("Cobb", "1", 5), ("Cobb", "", 5))
        )
        reading = read(text, name="20181106__ga__general__precinct.csv")

        assert cells(reading, "unit", "votes") == [("Bibb / 1", 3), ("Bibb / 2", 4), ("Cobb / 1", 5)]
        assert only(reading, "total_rows").problem == (
            "2 rows (first: 4) are totals over units and agree with the sum; left out, so that nothing is counted twice."
        )

    def test_a_county_total_that_differs_holds_calls(self):
        """County, option and both numbers are named."""
        text = HEADER + "Bibb,1,Governor,,REP,Ana,3\nBibb,,Governor,,REP,Ana,9\nCobb,1,Governor,,REP,Ana,5\n"
        finding = only(read(text, name="20181106__ga__general__precinct.csv"), "parts_do_not_add_up")

        assert (finding.severity, finding.contest, finding.origin.row) == ("hold_calls", "Governor", 3)
        assert finding.problem == (
            "Governor: the total row of Bibb (unit left blank) gives Ana 9, its units add up to 3. It was set aside; the units count."
        )

    def test_a_candidate_in_the_county_row_only_keeps_the_votes(self):
        """A write-in that no precinct lists: the county is its unit."""
        text = (
            HEADER
            + "Bibb,1,Governor,,,Ana,3\nBibb,,Governor,,,Ana,3\nBibb,,Governor,,,Bo,2\nCobb,1,Governor,,,Ana,5\nCobb,1,Governor,,,Bo,1\n"
        )
        reading = read(text, name="20181106__ga__general__precinct.csv")

        assert cells(reading, "unit", "option", "votes") == [
            ("Bibb / 1", "Ana", 3),
            ("Cobb / 1", "Ana", 5),
            ("Cobb / 1", "Bo", 1),
            ("Bibb", "Bo", 2),
        ]
        assert only(reading, "county_only").severity == "note"

    def test_a_county_without_precincts_is_a_unit(self):
        """Attala,Total,President: the total is all there is."""
        text = HEADER + "Attala,Total,President,,DEM,Ana,3\nBibb,1,President,,DEM,Ana,4\n"

        assert cells(read(text, name="20241105__ms__general__precinct.csv"), "unit", "votes") == [("Bibb / 1", 4), ("Attala", 3)]

    def test_count_types_stand_beside_the_total(self):
        """Both are kept; where they differ, calls are held."""
        header = HEADER.replace("votes", "election_day,absentee_by_mail,provisional,votes")
        reading = read(header + "Bibb,1,Mayor,,,Ana,3,4,0,7\nBibb,1,Mayor,,,Bo,3,4,0,9\n", name="20181106__ga__general__precinct.csv")

        assert cells(reading, "count_type", "option", "votes")[:4] == [
            ("election_day", "Ana", 3),
            ("absentee_mail", "Ana", 4),
            ("provisional", "Ana", 0),
            ("total", "Ana", 7),
        ]
        assert only(reading, "methods_do_not_add_up").problem == "Mayor, unit 1: Bo has a total of 9, the count types add up to 7."

    def test_columns_of_early_sites_are_named_as_not_read(self):
        """Arkansas: town names as columns; the user says what they are."""
        header = HEADER.replace("votes", "tuckerman,swifton,election_day,votes")
        text = header + "Jackson,1,Mayor,,,Ana,3,4,2,9\n"

        assert only(read(text), "unread_columns").problem == '2 columns were not read: "tuckerman", "swifton".'
        mapped = read(text, mapping=parse_map("early=tuckerman+swifton"))
        assert cells(mapped, "count_type", "votes") == [("early", 7), ("election_day", 2), ("total", 9)]
        assert mapped.findings == ()

    def test_a_state_total_is_the_whole_contest(self):
        """In a county file with a row for the state."""
        text = "county,office,district,party,candidate,votes\nBibb,Governor,,,Cy,3\nCobb,Governor,,,Cy,4\nTotal,Governor,,,Cy,7\n"

        assert cells(read(text, name="20181106__ga__general.csv"), "unit", "votes") == [("Bibb", 3), ("Cobb", 4), ("all", 7)]


class TestCells:
    def test_small_precincts_withheld(self):
        """California writes ****: null, with how many and where."""
        reading = read(HEADER + ROWS.replace(",5\n", ",****\n").replace(",7\n", ",****\n"))

        assert [row[0] for row in cells(reading, "votes")] == [28, 19, None, None]
        assert str(only(reading, "withheld_cells").origin).endswith('row 4, column "votes"')
        assert only(reading, "withheld_cells").count == 2

    def test_cells_of_other_columns_hold_calls(self):
        """A name in the votes column: the row has shifted."""
        reading = read(HEADER + ROWS.replace(",7\n", ",16 RCISD\n"))

        assert only(reading, "not_a_number").problem == (
            '1 cell without a number in column "votes" (first in row 5: "16 RCISD"). Read as not reported.'
        )

    def test_two_ballot_styles_of_one_precinct(self):
        """McLennan County, Texas: the same key with other votes; added only when the user says so."""
        text = HEADER + "McLennan,66,State Senate,22,REP,Ana,717\nMcLennan,66,State Senate,22,REP,Ana,7\n"
        name = "20221108__tx__general__mclennan__precinct.csv"

        assert cells(read(text, name=name), "votes") == [(717,)]
        assert only(read(text, name=name), "conflicting_rows").severity == "hold_calls"
        assert cells(read(text, name=name, mapping=parse_map("duplicates:=sum")), "votes") == [(724,)]
