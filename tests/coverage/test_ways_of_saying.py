"""How reporters say it: each way of saying something that the copy desk reads, by kind, in sentences that stand in no set."""

import pytest

from coverage.test_verdicts import checked
from racecall.coverage.claims import Verdict

PRIMARY, COUNTED, MAY, NIGHT, CERTIFIED = "2017-04-06T10:00", "2017-04-18T12:00", "2017-05-28T12:00", "2017-06-07T10:00", "2017-06-20T12:00"


def found(text, when, type_):
    """The verdicts on claims of a type."""
    return [verdict for kind, _, verdict, _ in checked(text, when) if kind == type_]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("The California Nurses Association is in Gomez's corner.", "confirmed"),
        ("Wendy Carrillo has gotten behind Gomez.", "confirmed"),
        ("Gomez has won Wendy Carrillo's backing.", "confirmed"),
        ("Ahn has won Wendy Carrillo's backing.", "contradicted"),
        ("Cabildo, the pick of the Los Angeles Times in the primary, went home.", "confirmed"),
        ("Ahn, the pick of the Los Angeles Times in the primary, went home.", "contradicted"),
        ("Our Revolution, a group that Bernie Sanders founded, has thrown its weight behind Gomez.", "confirmed"),
        ("Our Revolution took no side in the primary.", "confirmed"),
        ("Our Revolution is staying neutral in the runoff.", "contradicted"),
        ("Gomez has been endorsed by U.S. Rep. Adam Schiff.", "confirmed"),
        ("Wendy Carrillo is supporting Ahn's opponent.", "confirmed"),
    ],
)
def test_support_is_read_as_it_is_said(text, verdict):
    """In the round that is named, else in the one ahead."""
    assert found(text, MAY, "endorsement") == [verdict]


@pytest.mark.parametrize(
    ("text", "when", "verdicts"),
    [
        ("With Garcetti's blessing, Gomez was the favorite from the start.", PRIMARY, ["confirmed"]),
        ("Gomez, the pick of U.S. Sen. Kamala Harris, led the field.", PRIMARY, ["confirmed"]),
        ("Gomez, whose endorsers include Harris and Garcetti, led.", PRIMARY, ["confirmed"] * 2),
        ("The state Democratic Party threw its weight behind the assemblyman in February.", PRIMARY, ["confirmed"]),
        ("Neither Bernie Sanders nor Our Revolution made an endorsement in the primary.", PRIMARY, ["confirmed"] * 2),
        ("The nurses' union has endorsed Gomez in the runoff.", MAY, ["confirmed"]),
        ("Ahn has Schiff in his corner.", MAY, ["contradicted"]),
        ("Congressman Ted Lieu urged voters to choose Gomez.", MAY, ["confirmed"]),
        ("Schiff has campaigned for Ahn.", MAY, ["contradicted"]),
        ("The runoff is close, said Wendy Carrillo, who is supporting Ahn.", MAY, ["contradicted"]),
    ],
)
def test_support_is_read_in_more_manners(text, when, verdicts):
    """By what was done for somebody, by a union's trade, by who stands beside whom."""
    assert found(text, when, "endorsement") == verdicts


@pytest.mark.parametrize(
    ("text", "when", "verdicts"),
    [
        ("AFSCME did not endorse Ahn.", PRIMARY, ["confirmed"]),
        ("AFSCME has not endorsed Gomez.", PRIMARY, ["contradicted"]),
        ("Garcetti declined to endorse Ahn.", PRIMARY, ["confirmed"]),
        ("Schiff never endorsed Ahn.", MAY, ["confirmed"]),
        ("Ahn did not have the support of Becerra.", PRIMARY, ["confirmed"]),
        ("Ahn, without the endorsement of the Los Angeles Times, finished second.", PRIMARY, ["confirmed"]),
        ("Becerra has not endorsed anyone in the runoff.", MAY, ["cannot_check"]),
        ("Ahn sought the endorsement of Our Revolution.", MAY, []),
        ("Ahn hopes to win the endorsement of Carrillo.", MAY, []),
        ("Carrillo could have backed Ahn.", MAY, []),
        ("Ahn's supporters said Schiff should have stayed out of the race.", MAY, []),
    ],
)
def test_support_that_was_not_given_is_no_support(text, when, verdicts):
    """What is denied, sought or only possible is not held against what was given to somebody else."""
    assert [one for one in found(text, when, "endorsement") if one != "cannot_check" or verdicts] == verdicts


BACK = "2017-06-08T12:00"


@pytest.mark.parametrize(
    ("text", "when", "type_", "verdict"),
    [
        ("Ahn, who conceded Tuesday, now says he is not conceding.", BACK, "event", ["confirmed", "confirmed"]),
        ("Ahn did not concede on Tuesday night.", BACK, "event", ["cannot_check"]),
        ("Ahn un-conceded on Thursday morning.", BACK, "event", ["confirmed"]),
        ("Ahn is not conceding.", NIGHT, "event", ["contradicted"]),
        ("Gomez has yet to claim victory.", "2017-06-06T22:50", "event", ["confirmed"]),
        ("Ahn has proclaimed himself the second finalist.", PRIMARY, "event", ["confirmed"]),
        ("The gas-tax increase was approved April 6 and kicks in July 1.", MAY, "policy", ["contradicted"]),
        ("The 12-cent increase in the gas tax takes effect in November.", MAY, "policy", ["confirmed"] * 2),
        ("SB 1 raises the gas tax. The Assembly approved the bill April 6 by 54 votes.", MAY, "roll_call", ["confirmed"] * 2),
        ("SB 1 raises the gas tax. Drivers will pay 21 cents more per gallon.", MAY, "policy", ["contradicted"]),
        ("When is the next count? Friday.", PRIMARY, "release", ["confirmed"]),
        ("The count will be updated again Tuesday and certified by April 14.", "2017-04-08T09:00", "release", ["confirmed"]),
        ("The county certified the results of the April primary on Friday.", COUNTED, "date", ["confirmed"]),
    ],
)
def test_what_happened_and_when_is_read_as_it_is_told(text, when, type_, verdict):
    """Concessions and what became of them, laws and when they begin, counts and when they come."""
    assert found(text, when, type_) == verdict


@pytest.mark.parametrize(
    ("text", "when", "verdicts"),
    [
        ("More than half of those, 22,376, were vote-by-mail ballots.", COUNTED, [("total", "confirmed")] * 2),
        ("More than half of the ballots were cast by mail.", COUNTED, [("total", "confirmed")]),
        ("About 60 percent of ballots came by mail.", COUNTED, [("total", "contradicted")]),
        ("Some 86 percent of registered voters stayed home.", COUNTED, [("turnout", "confirmed")]),
        ("Some 80 percent of registered voters stayed home.", COUNTED, [("turnout", "contradicted")]),
        ("Turnout among eligible voters was around 11 percent.", COUNTED, [("turnout", "cannot_check")]),
        ("In all, 42,914 voters took part.", COUNTED, [("total", "confirmed")]),
        ("Roughly 29,000 of the district's 305,000 registered voters cast ballots.", PRIMARY, [("total", "confirmed")] * 2),
    ],
)
def test_who_voted_how_and_who_did_not_is_told_apart(text, when, verdicts):
    """By mail, at all, of the roll, of those who could be on it."""
    assert [(kind, verdict) for kind, _, verdict, _ in checked(text, when)] == verdicts


@pytest.mark.parametrize(
    ("text", "verdicts"),
    [
        ("Cabildo was third, followed by Sara Hernandez and Arturo Carmona.", ["confirmed"] * 3),
        ("Gomez finished first, followed by Cabildo and Ahn.", ["confirmed", "confirmed", "contradicted"]),
        ("Gomez, Ahn and Cabildo finished in that order.", ["confirmed"] * 2),
        ("Hernandez, Cabildo and Carmona finished third, fourth and fifth.", ["contradicted", "contradicted", "confirmed"]),
        ("Rounding out the top five were Cabildo, Hernandez and Carmona.", ["confirmed"] * 3),
        ("Carrillo rounded out the top five.", ["contradicted"]),
        ("Mejia finished in the top five.", ["contradicted"]),
        ("Carrillo placed sixth, just behind Carmona.", ["confirmed"] * 2),
        ("Ahn trailed Cabildo.", ["contradicted"]),
        ("Cabildo led the rest of the pack.", ["confirmed"]),
        ("4. Sara Hernandez, 2,358 votes", ["confirmed"]),
        ("4. Arturo Carmona, 2,205 votes", ["contradicted"]),
        ("Among women, Cabildo finished first.", ["cannot_check"]),
        ("Ahn spoke first, followed by Gomez.", []),
        ("Ahn trailed Gomez in the polls.", []),
    ],
)
def test_places_of_several_at_once_are_read(text, verdicts):
    """One after the other, by number, at the end of a list of the first."""
    assert found(text, COUNTED, "rank") == verdicts


def test_who_follows_does_not_have_the_figure_before():
    """The share is of whoever is followed."""
    assert found("Cabildo was third with 10.1 percent, followed by Sara Hernandez.", COUNTED, "share") == ["confirmed"]


@pytest.mark.parametrize(
    ("text", "when", "verdicts"),
    [
        ("Gomez, who turned 42 in November, led.", PRIMARY, ["confirmed"]),
        ("Ahn is 47.", PRIMARY, ["contradicted"]),
        ("Gomez has served in the Assembly since 2012.", PRIMARY, ["confirmed"]),
        ("Ahn has never served in the Assembly.", PRIMARY, []),
        ("Ahn, the son of Korean immigrants, is a former Los Angeles city planning commissioner.", PRIMARY, ["confirmed"]),
        ("Gomez met Ahn. The former labor organizer is ahead.", MAY, ["confirmed"]),
        ("Gomez touted Our Revolution, which Sanders founded.", MAY, ["confirmed"]),
        ("Darby Levin, a consultant to Gomez, said so.", PRIMARY, ["contradicted"]),
        ("Ahn consultant Darby Levin said so.", PRIMARY, ["confirmed"]),
    ],
)
def test_what_people_are_and_were_is_read(text, when, verdicts):
    """By age, by body, by a former post that says who is meant, by the campaign they work for."""
    assert found(text, when, "person") == verdicts


@pytest.mark.parametrize(
    "text",
    [
        "Gomez, who was elected to a third Assembly term in November, led.",
        "Gomez won an Assembly seat in 2012.",
        "Gomez was elected to the Assembly in 2012.",
    ],
)
def test_another_office_is_not_this_seat(text):
    """Who was elected to something else has not won here."""
    assert found(text, PRIMARY, "status") == []


@pytest.mark.parametrize(
    ("text", "when", "type_", "verdicts"),
    [
        ("The Associated Press called the race for Gomez on election night, and Ahn conceded.", CERTIFIED, "status", ["confirmed"]),
        ("Gomez beat Ahn, who conceded on election night and took it back two days later.", CERTIFIED, "event", ["confirmed"] * 2),
        ("Gomez, backed by Becerra, and Ahn, a former planning commissioner, topped the field.", PRIMARY, "rank", ["confirmed"]),
        ("The Los Angeles Times endorsed Gomez for the runoff after the April primary.", MAY, "endorsement", ["cannot_check"]),
    ],
)
def test_who_does_it_is_told_across_an_aside(text, when, type_, verdicts):
    """What stands between a name and its verb does not give the verb to somebody else."""
    assert found(text, when, type_) == verdicts


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("Gomez, supported by the nurses' union, leads Ahn in money.", "rank"),
        ("Gomez has more of the city's leading Democrats behind him than Ahn.", "rank"),
        ("Gomez supported Clinton over Sanders.", "other_contest"),
    ],
)
def test_a_lead_and_a_choice_of_something_else_is_none_of_the_count(text, type_):
    """Money, the front rank of a party, and whom somebody voted for."""
    assert found(text, MAY, type_) == []


@pytest.mark.parametrize(
    ("text", "verdicts"),
    [
        ("Wendy Carrillo backs Gomez, as do Adam Schiff and Ted Lieu.", ["confirmed"] * 3),
        ("Wendy Carrillo is backing Gomez. So is the California Nurses Association.", ["confirmed"] * 2),
        ("Who backs Gomez? Adam Schiff and Ted Lieu.", ["confirmed"] * 2),
    ],
)
def test_who_does_the_same_does_what_was_told_last(text, verdicts):
    """Here or in the sentence before."""
    assert found(text, MAY, "endorsement") == verdicts


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Gomez had 19,761 votes, his opponent 13,108.", "confirmed"),
        ("Gomez's opponent had 13,108 votes.", "confirmed"),
        ("Ahn, his opponent, had 19,761 votes.", "contradicted"),
        ("Gomez met Ahn. The assemblyman drew 19,761 votes.", "confirmed"),
    ],
)
def test_an_opponent_is_the_other_of_two(text, verdict):
    """And no figure of theirs is held against the one they oppose."""
    assert set(found(text, NIGHT, "votes")) - {"confirmed"} == {verdict} - {"confirmed"}


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("No. 3 was Maria Cabildo.", "confirmed"),
        ("No. 3 was Sara Hernandez.", "contradicted"),
        ("Kenneth Mejia was the seventh-highest vote-getter.", "confirmed"),
        ("Rounding out the top 10 was Tracy Van Houten.", "confirmed"),
        ("The most votes went to Jimmy Gomez.", "confirmed"),
        ("Yolie Flores, who finished eighth, thanked William Morrison.", "confirmed"),
        ("Flores, a former board member, edged the lone Republican, William Morrison, for eighth.", "confirmed"),
        ("Maria Cabildo, the housing advocate, came in fourth.", "contradicted"),
    ],
)
def test_places_are_read_as_they_are_said(text, verdict):
    """By their number, by who is next to them, and with something said by the way."""
    assert found(text, COUNTED, "rank") == [verdict]


@pytest.mark.parametrize(
    "text",
    [
        "Gomez met voters last month.",
        "Ahn is a first-time candidate.",
        "Ahn never led.",
        "A good debate would put Ahn on top.",
        "Gomez represents the second poorest district.",
    ],
)
def test_what_is_no_place_in_the_count_is_none(text):
    """A month, a kind of candidate, what never was."""
    assert found(text, NIGHT, "rank") == []


@pytest.mark.parametrize(
    "text",
    [
        "Gomez sent 8,516 postcards.",
        "Gomez spoke to 2,778 households.",
        "Gomez has a 96 percent rating from a labor group.",
        "Gomez says that 28 percent of the district's homes are crowded.",
        "Becerra won his last term with 77 percent and 122,842 votes.",
        "Ahn was seven points better than anyone had expected.",
        "Gomez missed 3 of 2,400 votes in Sacramento.",
        "Turnout citywide was 11 percent.",
        "Community groups say that 7,000 Korean Americans registered.",
        "Ahn's party drew 400 people.",
    ],
)
def test_a_figure_of_something_else_calls_for_nobody(text):
    """Whatever stands beside it."""
    assert [(words, reason) for _, words, verdict, reason in checked(text, COUNTED) if Verdict(verdict).needs_a_person] == []


@pytest.mark.parametrize(
    ("text", "type_", "verdict"),
    [
        ("The top two accounted for 20,143 votes.", "votes", "confirmed"),
        ("Of all registered voters, 3.5% chose Gomez.", "share", "confirmed"),
        ("In all 42,308 people voted.", "total", "ambiguous_base"),
        ("Carrillo got 2,195 ballots.", "votes", "ambiguous_base"),
        ("Nineteen of the 24 candidates were Democrats.", "party", "ambiguous_base"),
        ("Twenty of the 34 were Democrats.", "party", "contradicted"),
        ("Gomez represents the 51st Assembly District.", "person", "confirmed"),
        ("Gomez represents the 61st Assembly District.", "person", "contradicted"),
        ("Ahn is a onetime Republican.", "party", "confirmed"),
        ("The runoff is on May 35.", "date", "contradicted"),
        ("When is the runoff? Tuesday, June 13.", "date", "contradicted"),
        ("Thirteen thousand four hundred ballots were left to count on April 5.", "outstanding", "confirmed"),
    ],
)
def test_bases_and_wholes_are_told_apart(text, type_, verdict):
    """Votes, ballots, those registered; printed names and all."""
    assert verdict in found(text, COUNTED, type_)


@pytest.mark.parametrize(
    ("text", "type_", "verdict"),
    [
        ("Gomez was projected to win, the Associated Press said.", "status", "confirmed"),
        ("The AP called the race for Ahn.", "status", "contradicted"),
        ("The AP called the race for Gomez. So has Decision Desk HQ.", "status", "confirmed"),
        ("Gomez is going to Washington.", "status", "overstated"),
        ("Down 6,653 votes, Ahn thanked his staff.", "margin", "confirmed"),
        ("Gomez led Ahn. The margin between them was 6,653 votes, or 30 percentage points.", "margin", "contradicted"),
        ("Ahn acknowledged his defeat.", "event", "confirmed"),
    ],
)
def test_the_night_is_read_as_it_is_told(text, type_, verdict):
    """On the morning of 7 June 2017, when agencies had called and nothing was certified."""
    assert verdict in found(text, NIGHT, type_)


def test_who_finishes_first_is_not_excused_by_half_a_count():
    """Ahn led the first mail; who finishes is told by all precincts."""
    assert found("Ahn finished first.", PRIMARY, "rank") == ["contradicted"]


def test_what_was_left_once_is_no_mistake():
    """10,460 on 7 June, 1,700 on 9 June."""
    assert found("Earlier there had been 10,460 ballots left.", "2017-06-10T09:00", "outstanding") == ["confirmed"]
    assert found("There remain 10,460 ballots.", "2017-06-10T09:00", "outstanding") == ["stale"]


def test_votes_won_on_election_day_are_those_that_were_certified():
    """The day says when the election was, and not which count."""
    assert found("Gomez won the runoff on June 6 with 19,761 votes.", CERTIFIED, "votes") == ["stale"]


BEFORE_RUNOFF = "2017-06-01T12:00"


@pytest.mark.parametrize(
    ("text", "type_", "verdicts"),
    [
        ("Gomez and Ahn appear headed to runoff in 34th Congressional District special election", "status", ["confirmed"]),
        ("One of these two Democrats will be the next member of Congress.", "status", []),
        ("A final tally of votes may not be released until Friday.", "status", []),
        ("Ahn's friends had done all they could to get him elected.", "status", []),
        ("Democrats Jimmy Gomez (L) and Robert Ahn (R) greeted supporters.", "party", ["confirmed"]),
        ("Gomez (R) led.", "party", ["contradicted"]),
        ("Three other Democrats, Sara Hernandez, Arturo Carmona and Wendy Carrillo, trailed.", "party", ["confirmed"]),
        ("Three Republicans, Sara Hernandez, Arturo Carmona and Wendy Carrillo, trailed.", "party", ["cannot_check"]),
        ("Ahn trailed Gomez at first, garnering 19 percent of the vote to Gomez's 28 percent.", "pair", ["confirmed"]),
        ("Ahn had 28 percent of the vote to Gomez's 19 percent.", "pair", ["contradicted"]),
        ("Neither Ahn nor Gomez received more than 9,000 votes.", "votes", ["confirmed"]),
        ("Neither Ahn nor Gomez received more than 8,000 votes.", "votes", ["contradicted"]),
        ("No candidate received more than 50 percent of the vote.", "share", ["confirmed"]),
        ("Robert Lee Ahn and Jimmy Gomez took big leads.", "rank", ["confirmed"]),
        ("Gomez had 28 percent to Ahn's 21 percent with about 26,000 votes counted.", "pair", ["cannot_check"]),
        ("Gomez is hoping to win a district where half the voters are Latino.", "share", []),
        ("More than 40% of precinct voters were Latino.", "progress", []),
        ("The choice was Jimmy Gomez, 42; or Robert Lee Ahn, 41.", "person", ["confirmed"] * 2),
        ("Planning Commissioner Robert Lee Ahn came second.", "person", ["stale"]),
        ("When Congressman Xavier Becerra was tapped, two dozen people ran.", "person", ["confirmed"]),
        ("Gomez has the backing of several dozen elected officials.", "endorsement_count", ["cannot_check"]),
    ],
)
def test_what_a_morning_paper_says_is_read_as_it_is_meant(text, type_, verdicts):
    """Sentences of kinds that stood in real stories of that morning and were read wrongly."""
    assert found(text, PRIMARY, type_) == verdicts


@pytest.mark.parametrize(
    ("text", "type_", "verdicts"),
    [
        ("Ahn is the underdog: Gomez led Ahn in the primary 25% to 22%.", "pair", ["confirmed"]),
        ("Ahn is the underdog: Gomez led Ahn in the primary 22% to 19%.", "pair", ["contradicted"]),
        ("In the primary, which 14% of registered voters took part in, 22,376 ballots came by mail, the rest on election day.", "turnout",
         ["confirmed"]),
        ("Some 30% of Korean American registered voters have already voted.", "turnout", []),
    ],
)  # fmt: skip
def test_the_weeks_before_the_second_round_look_back(text, type_, verdicts):
    """The first round's figures stand beside those of ballots that come back."""
    assert found(text, BEFORE_RUNOFF, type_) == verdicts


def test_mail_ins_that_are_left_are_not_the_first_count():
    """ "The rest of the mail-ins" names no count."""
    assert found("With all precincts in, Gomez wins before the rest of the mail-ins are counted.", NIGHT, "progress") == ["confirmed"]


@pytest.mark.parametrize(
    ("text", "when", "type_", "verdicts"),
    [
        ("Gomez, 42, led Ahn with all precincts reporting.", NIGHT, "person", ["confirmed"]),
        ("Gomez, 41, led Ahn with all precincts reporting.", NIGHT, "person", ["contradicted"]),
        ("Gomez led by just 156 votes after the first batch of mail ballots was counted.", NIGHT, "margin", ["confirmed"]),
        ("Gomez won the election-day vote by far.", NIGHT, "status", []),
        ("Among ballots cast at the polls, Gomez won 73 percent.", NIGHT, "share", ["cannot_check"]),
        ("Turnout in the runoff was 14.2 percent, slightly higher than in the primary.", CERTIFIED, "turnout", ["cannot_check"]),
        ("Of the 42,914 people who voted in April, 22,376 voted by mail.", COUNTED, "total", ["confirmed"] * 2),
        ("The two Democrats were far ahead of the other 22 candidates.", PRIMARY, "field", ["confirmed"]),
        ("Gomez will become the district's next congressman.", NIGHT, "status", ["overstated"]),
        ("Gomez will fill out the remainder of Becerra's term.", NIGHT, "status", ["overstated"]),
        ("The runoff is set: Gomez vs. Ahn.", "2017-04-05T09:00", "status", ["overstated"]),
        ("Voters sent Gomez and Ahn to a June 6 runoff.", "2017-04-05T09:00", "status", ["overstated"]),
        ("A runoff between Gomez and Ahn looks likely.", "2017-04-05T09:00", "status", ["confirmed"]),
        ("Voters elected Jimmy Gomez to Congress on Tuesday.", NIGHT, "status", ["overstated"]),
        ("Gomez appears to have won.", NIGHT, "status", ["confirmed"]),
        ("The race has been called for Gomez.", NIGHT, "status", ["confirmed"]),
        ("The race has been called for Ahn.", NIGHT, "status", ["contradicted"]),
        ("The race has been called for Gomez.", "2017-06-06T20:40", "status", ["overstated"]),
        ("Gomez was the choice of 28 percent of registered voters.", "2017-04-05T09:00", "share", ["ambiguous_base"]),
        ("Ahn's campaign said it would not concede until every vote was counted.", "2017-06-08T13:00", "event", []),
        ("Ahn un-conceded.", "2017-06-08T13:00", "event", ["confirmed"]),
    ],
)
def test_how_sure_and_of_what(text, when, type_, verdicts):
    """Certainties as they are printed, and figures of a part, of another round, of people."""
    assert found(text, when, type_) == verdicts


PREDICTED, VOTING, DEBATED, JULY, DECEMBER = (
    "2017-04-03T20:00",
    "2017-06-06T12:00",
    "2017-05-26T12:00",
    "2017-07-11T12:00",
    "2017-12-06T12:00",
)


@pytest.mark.parametrize(
    ("text", "when", "type_", "verdicts"),
    [
        ("Turnout fell short of even 10 percent.", PRIMARY, "turnout", ["confirmed"]),
        ("Gomez, as expected, clinched the first run-off position.", PRIMARY, "status", ["overstated"]),
        ("Sara Hernandez, who was third in fundraising, finished fourth.", PRIMARY, "rank", ["confirmed"]),
        ("Hernandez was only five ballots ahead of Bernie Sanders campaign official Arturo Carmona.", PRIMARY, "margin", ["confirmed"]),
        ("Gomez was 22 points shy of the 50 percent needed for an outright win.", PRIMARY, "margin", ["confirmed"]),
        ("Gomez was 12 points shy of the 50 percent needed for an outright win.", PRIMARY, "margin", ["contradicted"]),
        ("Ahn has about double the vote total of the third-place finisher, Maria Cabildo.", PRIMARY, "margin", ["confirmed"]),
        ("Arturo Carmona, Wendy Carrillo and Kenneth Mejia altogether received just 4,244 votes.", PRIMARY, "votes", ["confirmed"]),
        ("Jimmy Gomez and Robert Lee Ahn were the top two vote-getters.", PRIMARY, "rank", ["confirmed"]),
        ("Maria Cabildo and Robert Lee Ahn were the top two vote-getters.", PRIMARY, "rank", []),
        (
            "The district voted for Bernie Sanders in the Democratic presidential primary last June.",
            PRIMARY,
            "other_contest",
            ["confirmed"],
        ),
        ("Clinton carried the district in last year's presidential primary.", PRIMARY, "other_contest", ["contradicted"]),
        ("The field includes 19 Democrats, one Republican and a Libertarian.", PREDICTED, "party", ["confirmed"] * 3),
        (
            "In the race are nineteen Democrats, two Republicans and a Libertarian.",
            PREDICTED,
            "party",
            ["confirmed", "contradicted", "confirmed"],
        ),
        ("The primary has drawn Xavier Becerra's (D-Los Angeles) attention.", PRIMARY, "party", ["confirmed"]),
        ("Gomez is expected to win a place in the runoff.", PREDICTED, "status", ["cannot_check"]),
        ("Gomez has won valuable endorsements.", PREDICTED, "status", []),
        ("Special election tomorrow", PREDICTED, "date", ["confirmed"]),
        ("Today, voters head to the polls in the runoff.", VOTING, "date", ["confirmed"]),
        ("The mail ballots showed a dead heat between Gomez and Ahn.", NIGHT, "margin", ["confirmed"]),
        ("Gomez and Cabildo were neck and neck.", PRIMARY, "margin", ["contradicted"]),
        ("Democrats make up 59 percent of registered voters in the district.", COUNTED, "turnout", []),
        ("Just 9 percent of the district's registered voters are Republicans.", COUNTED, "turnout", []),
        ("Rep. Jimmy Gomez took his seat.", JULY, "person", ["cannot_check"]),
        ("The seat was vacated by Rep. Xavier Becerra.", PRIMARY, "person", ["confirmed"]),
        ("Robert Lee Ahn is an attorney.", PRIMARY, "person", ["confirmed"]),
        ("Gomez and Ahn advanced to the runoff in April.", CERTIFIED, "status", ["confirmed"]),
        ("Cabildo advanced to the runoff in April.", CERTIFIED, "status", ["contradicted"]),
        ("Gomez lent his campaign more than $300,000 of his own money.", DEBATED, "money", ["cannot_check"]),
    ],
)
def test_background_and_figures_of_the_day_are_told_apart(text, when, type_, verdicts):
    """What a story tells of the district, of other contests and of what is thought, beside what was counted."""
    assert found(text, when, type_) == verdicts


def test_an_election_of_long_afterwards_is_another_one():
    """Carrillo stood again, in December: what is said of that is held against no count of April or June."""
    text = "Carrillo conceded after Tuesday's special election, leading by more than 900 votes."
    assert not {"contradicted", "overstated"} & {verdict for _, _, verdict, _ in checked(text, DECEMBER)}
    assert found("Ahn beat Gomez in the June runoff.", DECEMBER, "status") == ["contradicted"]


LATE_JUNE, APRIL_7, APRIL_13 = "2017-06-30T20:00", "2017-04-07T19:00", "2017-04-13T20:00"


@pytest.mark.parametrize(
    ("text", "when", "type_", "verdicts"),
    [
        ("Ahn hopes to become the first Korean American to win a seat in Congress since 1999.", PRIMARY, "status", []),
        ("Gomez and Ahn each gained roughly 2,500 and 2,000 votes each, respectively.", APRIL_7, "change", ["confirmed"] * 2),
        ("About 2,300 provisional and mail ballots haven't been processed.", APRIL_7, "outstanding", ["confirmed"]),
        ("County officials released updated vote tallies Friday.", "2017-04-09T12:00", "release", ["confirmed"]),
        ("Early results in the primary showed Gomez with a significant lead.", APRIL_13, "rank", ["confirmed"]),
        ("Mejia was under 400 votes shy of coming in fourth.", LATE_JUNE, "rank", []),
        ("Gomez spent the Fourth of July at home.", LATE_JUNE, "rank", []),
        ("Gomez conceded that the law was not perfect.", LATE_JUNE, "event", []),
        ("Republicans have suggested Gomez will lose.", LATE_JUNE, "party", []),
        ("Jimmy Gomez, D-Eagle Rock, led.", PRIMARY, "party", ["confirmed"]),
        ("Jimmy Gomez, R-Eagle Rock, led.", PRIMARY, "party", ["contradicted"]),
        ("The seat was held by Xavier Becerra, another Democrat.", PRIMARY, "party", ["confirmed"]),
        ("Ahn changed his party affiliation from Republican to Democrat in 2012.", DEBATED, "party", ["confirmed"]),
        ("Ahn changed his party affiliation from Democrat to Republican in 2012.", DEBATED, "party", ["contradicted"]),
        ("Gomez is the only Democrat to win a special election this year.", LATE_JUNE, "party", ["confirmed"]),
        ("The Governor appointed Becerra California attorney general.", PRIMARY, "person", ["confirmed"]),
        ("The seat was formerly held by Xavier Becerra, now California attorney general.", PRIMARY, "person", ["confirmed"]),
        ("In the runoff election on June 6, Gomez and Ahn sparred Thursday night.", DEBATED, "event", ["confirmed"]),
        ("Gomez and Ahn got less than 48 percent of the vote.", COUNTED, "share", ["confirmed"]),
        ("Gomez and Ahn (25% and 22%) are what is left.", COUNTED, "share", ["confirmed"] * 2),
        ("Gomez is set to become the next member of Congress.", LATE_JUNE, "status", ["confirmed"]),
        ("Gomez and Ahn beat 22 other candidates.", COUNTED, "field", ["confirmed"]),
    ],
)
def test_weeklies_and_radio_are_read_as_they_are_meant(text, when, type_, verdicts):
    """Sentences of kinds that stood in real stories of that spring and were read wrongly."""
    assert found(text, when, type_) == verdicts


@pytest.mark.parametrize(
    ("text", "when", "type_", "verdicts"),
    [
        ("Unions worked hard to defeat Gomez.", NIGHT, "status", []),
        ("More is at stake than who will represent the district.", COUNTED, "status", []),
        ("The win by Jimmy Gomez came early.", NIGHT, "status", ["overstated"]),
        ("Gomez scored a decisive victory over Ahn.", NIGHT, "status", ["overstated"]),
        ("Gomez booked his place in the runoff.", "2017-04-05T09:00", "status", ["overstated"]),
        ("That sets up a showdown between Gomez and Ahn.", "2017-04-05T09:00", "status", ["overstated"]),
        ("Ahn is on the verge of a runoff with Gomez.", "2017-04-05T09:00", "status", ["confirmed"]),
        ("Gomez is the projected winner.", NIGHT, "status", ["confirmed"]),
        ("Cabildo failed to make the runoff.", COUNTED, "status", ["confirmed"]),
        ("Cabildo did not make the runoff.", COUNTED, "status", ["confirmed"]),
        ("Ahn did not make the runoff.", COUNTED, "status", ["contradicted"]),
        ("Neither the AP nor Decision Desk HQ had called the race.", "2017-06-06T21:30", "status", ["confirmed"]),
        ("The race is too close to call.", "2017-06-06T21:30", "status", ["confirmed"]),
        ("The race is too close to call.", NIGHT, "status", ["contradicted"]),
        ("Gomez was certified the winner Friday.", CERTIFIED, "status", ["confirmed"]),
        ("Ahn was certified the winner Friday.", CERTIFIED, "status", ["contradicted"]),
        ("Gomez's lead shrank from nine points to three.", "2017-04-12T12:00", "change", ["confirmed"]),
        ("Gomez's lead shrank from six points to three.", "2017-04-12T12:00", "change", ["contradicted"]),
        ("The lead has been cut in half.", "2017-04-12T12:00", "change", ["confirmed"]),
        ("Ahn gained ground as late ballots were counted.", "2017-04-12T12:00", "change", ["confirmed"]),
        ("Ahn lost ground as late ballots were counted.", "2017-04-12T12:00", "change", ["contradicted"]),
        ("Ahn picked up more of the late ballots than Gomez.", "2017-04-12T12:00", "change", ["confirmed"]),
        ("Gomez picked up more of the late ballots than Ahn.", "2017-04-12T12:00", "change", ["contradicted"]),
        ("Leading the pack was Gomez.", PRIMARY, "rank", ["confirmed"]),
        ("Ahn got more votes than anyone but Gomez.", PRIMARY, "rank", ["confirmed"]),
        ("Cabildo got more votes than anyone but Gomez.", PRIMARY, "rank", ["contradicted"]),
        ("It will be an all-Democratic runoff.", PRIMARY, "party", ["confirmed"]),
        ("It will be an all-Republican runoff.", PRIMARY, "party", ["contradicted"]),
        ("Allies salvaged his bid with independent campaigns on Gomez.", PRIMARY, "party", []),
        ("We reached out to the race's 15 Latino candidates.", PREDICTED, "field", ["cannot_check"]),
        ("Of the 23 candidates, one is a Republican, one is a Libertarian and 19 are Democrats.", PREDICTED, "party", ["confirmed"] * 3),
        ("With 21 of 192 precincts reporting, 10.94 percent, Gomez led.", "2017-06-06T21:45", "share", []),
        ("Gomez, who is 42, led.", PRIMARY, "person", ["confirmed"]),
        ("Former Assemblyman Jimmy Gomez backs Carrillo.", DECEMBER, "person", ["cannot_check"]),
        ("Years ago Gomez was a labor organizer.", PRIMARY, "person", ["confirmed"]),
        ("The runoff will be held June 6.", PRIMARY, "date", ["confirmed"]),
    ],
)
def test_what_other_papers_print_is_read(text, when, type_, verdicts):
    """Certainties, movements and posts in the words of more outlets."""
    assert found(text, when, type_) == verdicts


@pytest.mark.parametrize(
    ("text", "when", "type_", "verdicts"),
    [
        ("No one but Gomez topped 20 percent.", PRIMARY, "share", ["confirmed"]),
        ("No one but Gomez topped 15 percent.", PRIMARY, "share", ["cannot_check"]),
        ("Gomez (28 percent) and Ahn (19 percent) lead.", PRIMARY, "rank", ["confirmed"]),
        ("Gomez and Ahn won 28 and 19 percent respectively.", PRIMARY, "share", ["confirmed"] * 2),
        ("5,504 people voted for Ahn.", PRIMARY, "votes", ["confirmed"]),
        ("8,156 people voted for Ahn.", PRIMARY, "votes", ["contradicted"]),
        ("The best showing belonged to Jimmy Gomez, whom 8,156 people had chosen.", PRIMARY, "votes", ["confirmed"]),
        ("Ahn trailed Gomez by 2,652 votes.", PRIMARY, "margin", ["confirmed"]),
        ("Ahn trailed Gomez by 2,726 votes.", PRIMARY, "margin", ["contradicted"]),
        ("Gomez was up by 6,600 votes and change.", NIGHT, "margin", ["confirmed"]),
        ("Ahn is 6,653 votes behind and would need nearly 82 percent.", "2017-06-08T13:00", "share", []),
        ("They are on the second pot of stew at Gomez's party.", PRIMARY, "rank", []),
        ("Gomez nosed out Ahn for first.", PRIMARY, "rank", ["confirmed"]),
        ("Ahn's deficit shrank by more than half.", "2017-04-12T12:00", "margin", []),
        ("In November 2014, 61,621 votes were cast here for Congress.", COUNTED, "total", ["cannot_check"]),
        ("Fourth through sixth went to Hernandez, Carmona and Carrillo.", COUNTED, "share", []),
        ("Ahn visited a dozen polling places.", NIGHT, "progress", []),
        ("Maria Cabildo put on some 1,500.", APRIL_7, "votes", []),
        ("The registrar said Wednesday that the next tally will come Friday.", "2017-04-05T15:00", "release", ["confirmed"]),
    ],
)
def test_a_new_hand_is_read(text, when, type_, verdicts):
    """Kinds of sentences that the ninth set of texts for practice showed."""
    assert found(text, when, type_) == verdicts


@pytest.mark.parametrize(
    ("text", "when", "type_", "verdicts"),
    [
        ("Mejia finished 7th, beating 14 Democrats.", COUNTED, "party", ["cannot_check"]),
        ("Republicans Support Jimmy Gomez", COUNTED, "party", []),
        ("Becerra, now the state's attorney general, watched.", PRIMARY, "person", ["confirmed"]),
        ("Becerra left to become the state's attorney general.", PRIMARY, "person", ["confirmed"]),
        ("State assembly member Jimmy Gomez led.", PRIMARY, "person", ["confirmed"]),
        ("Gomez was elected to the state assembly.", PRIMARY, "status", []),
        ("Who advances with Gomez is open to question.", "2017-04-04T20:30", "status", []),
        ("Gomez and Ahn look headed for a likely runoff.", "2017-04-03T20:00", "status", ["cannot_check"] * 2),
        ("Gomez and Ahn are expected to court labor in the June 6 runoff.", PRIMARY, "status", []),
        ("Gomez and Cabildo fought a closely matched battle.", PRIMARY, "margin", ["cannot_check"]),
        ("Ballots count if they are postmarked no later than Tuesday and received by Wednesday.", "2017-04-04T21:00", "release", []),
    ],
)
def test_what_is_told_before_and_after_a_count_is_no_count(text, when, type_, verdicts):
    """Previews, later biographies and rules for ballots."""
    assert found(text, when, type_) == verdicts


def test_all_votes_are_nobodys():
    """ "In all" says what was counted, whoever was named before."""
    assert found("Gomez had 8,156 votes. In all, 28,985 votes were counted.", PRIMARY, "total") == ["confirmed"]
