"""`racecall findings`: what looks wrong, and letting it pass with a name and a reason."""

import pytest

from commands import FINDINGS, FINE, NIGHT, USAGE, county_json, events, file, racecall, recorded, table

FALLEN = {**NIGHT, "MAYOR": {"ANN LEE": 500, "BO NÚÑEZ": 340, "CY ROE": 150}}


@pytest.fixture
def made(tmp_path):
    """A county takes votes back from two candidates."""
    folder = recorded(tmp_path)
    racecall("add", folder, file(tmp_path, "corrected.json", county_json(FALLEN, "2022-11-08T23:00:00")), "--backfill")
    return folder


def ids(folder, *options: str) -> list[str]:
    return [finding["id"] for finding in racecall("findings", "list", folder, "--json", *options).lines]


def accept(folder, finding: str, *options: str):
    return racecall("findings", "accept", folder, finding, *options)


def both(folder, finding: str) -> None:
    """Accept a finding twice, as two people."""
    for name, reason in (("A. Editor", "By telephone at 23:05."), ("B. Chief", "Read on the county's page at 23:10.")):
        accept(folder, finding, "--by", name, "--reason", reason)


def test_nothing_open_is_said(tmp_path):
    """A clean record."""
    ran = racecall("findings", "list", recorded(tmp_path))

    assert (ran.code, ran.out) == (FINE, "No open findings.\n")


def test_open_findings_are_listed(made):
    """Id, what it holds, what was found, what to do; exit code 1."""
    ran = racecall("findings", "list", made)

    assert ran.code == FINDINGS
    assert f"{ids(made)[0]} holds calls ANN LEE falls from 600 to 500 votes (-100). Counts do not usually fall." in ran.words
    assert f"{ids(made)[1]} holds calls BO NÚÑEZ falls from 350 to 340 votes (-10)." in ran.words


def test_notes_hold_nothing(tmp_path):
    """A note is listed, and the exit code is 0."""
    folder = recorded(tmp_path)
    racecall("add", folder, file(tmp_path, "same.json", county_json(at="2022-11-08T22:00:00")), "--backfill")
    ran = racecall("findings", "list", folder)

    assert ran.code == FINE
    assert "note The counts are the same as in the release of 2022-11-09 05:00 UTC; nothing changes." in ran.words


def test_as_of_lists_what_was_known_then(made):
    """Before the correction there was nothing to find."""
    assert racecall("findings", "list", made, "--as-of", "2022-11-08T22:59").out == "No open findings.\n"
    assert len(ids(made, "--as-of", "2022-11-08T23:00")) == 2


def test_one_person_does_not_free_calls(made):
    """The finding stays open, and says what is missing."""
    first, second = ids(made)
    ran = accept(made, first, "--by", "A. Editor", "--reason", "By telephone at 23:05.")

    assert (ran.code, ids(made)) == (FINE, [first, second])
    assert ran.out.endswith("It holds calls until a second person has accepted it.\n")
    assert (
        "accepted by A. Editor: By telephone at 23:05. It holds calls until a second person has accepted it."
        in racecall("findings", "list", made).words
    )


def test_a_finding_that_two_people_accepted_leaves_the_list(made):
    """The other stays."""
    first, second = ids(made)
    both(made, first)

    assert ids(made) == [second]


def test_the_second_person_is_another(made):
    """Nor the same name in other letters."""
    first = ids(made)[0]
    accept(made, first, "--by", "A. Editor", "--reason", "By telephone.")
    ran = accept(made, first, "--by", " a editor", "--reason", "Again.")

    assert ran.code == USAGE
    assert ran.err.splitlines() == [
        f"racecall: {first} was accepted by A. Editor already: By telephone.",
        "What holds calls is accepted by two people: a second one must look, and sign with another name.",
    ]


def test_one_person_is_enough_for_what_holds_no_calls(tmp_path):
    """A file of another election holds publication."""
    folder = recorded(tmp_path)
    racecall("add", folder, file(tmp_path, "other.csv", table("Sheriff,all,total,A,1")))
    [finding] = [found for found in racecall("findings", "list", folder, "--json").lines if found["check"] == "nothing_followed"]
    ran = accept(folder, finding["id"], "--reason", "The wrong file.")

    assert (ran.code, "second person" in ran.out) == (FINE, False)


def test_an_accepted_finding_stays_in_the_record(made):
    """--all shows it with the names and the reasons."""
    first, second = ids(made)
    both(made, first)
    ran = racecall("findings", "list", made, "--all")

    assert ids(made, "--all") == [first, second]
    assert "accepted by A. Editor: By telephone at 23:05. accepted by B. Chief: Read on the county's page at 23:10." in ran.words
    assert ran.code == FINDINGS


def test_json_says_who_accepted_it(made):
    """`accepted` is null until nobody is missing; `acceptances` has every name."""
    first = ids(made)[0]
    accept(made, first, "--by", "A. Editor", "--reason", "By telephone.")
    half = racecall("findings", "list", made, "--all", "--json").lines[0]
    accept(made, first, "--by", "B. Chief", "--reason", "Seen.")
    whole = racecall("findings", "list", made, "--all", "--json").lines[0]
    names = [{"by": "A. Editor", "reason": "By telephone."}, {"by": "B. Chief", "reason": "Seen."}]

    assert (half["accepted"], half["acceptances"]) == (None, names[:1])
    assert (whole["accepted"], whole["acceptances"]) == (names[1], names)


def test_the_acceptance_is_an_event(made):
    """Who, why and which finding, in the chain."""
    first = ids(made)[0]
    accept(made, first, "--by", "A. Editor", "--reason", "  By telephone.  ")
    last = events(made)[-1]

    assert (last["kind"], last["actor"], last["contest"]) == ("acceptance", "A. Editor", "mayor")
    assert last["body"] == {"finding": first, "check": "fall", "reason": "By telephone."}
    assert racecall("verify", made).code == FINE


def test_the_beginning_of_an_id_is_enough(made):
    """If no other begins like it."""
    first, second = ids(made)
    length = next(n for n in range(1, 9) if first[:n] != second[:n])
    both(made, first[:length])

    assert ids(made) == [second]


def test_a_beginning_that_two_share_is_refused(made):
    """Nothing is accepted by accident."""
    ran = accept(made, "", "--reason", "Checked.")

    assert (ran.code, ran.err) == (USAGE, "racecall: 2 findings begin with ''.\nSee them: racecall findings list DIR\n")


def test_an_unknown_finding_is_refused(made):
    """With the command that lists them."""
    ran = accept(made, "zzzz", "--reason", "Checked.")

    assert (ran.code, ran.err) == (USAGE, "racecall: no finding 'zzzz'.\nSee them: racecall findings list DIR\n")


def test_a_third_person_is_not_needed(made):
    """The two names and reasons stand."""
    first = ids(made)[0]
    both(made, first)
    ran = accept(made, first, "--by", "C. Editor", "--reason", "Again.")

    assert (ran.code, ran.err) == (
        USAGE,
        f"racecall: {first} was accepted by A. Editor and B. Chief already: Read on the county's page at 23:10.\n",
    )


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_finding_is_not_accepted_without_a_reason(made, reason):
    """Blank is none."""
    ran = accept(made, ids(made)[0], "--reason", reason)

    assert ran.code == USAGE
    assert ran.err == 'racecall: a finding is accepted with a reason.\nSay why it may pass: --reason "…"\n'
    assert len(ids(made)) == 2


def test_the_option_for_the_reason_must_be_there(made):
    """The command's own help says so."""
    ran = accept(made, ids(made)[0])

    assert ran.code == USAGE
    assert "--reason" in ran.err


def test_a_finding_about_the_whole_file_can_be_accepted(tmp_path):
    """A file of another election: nothing was counted, a person looked."""
    folder = recorded(tmp_path)
    added = racecall("add", folder, file(tmp_path, "other.csv", table("Sheriff,all,total,A,1")))
    [finding] = [found for found in racecall("findings", "list", folder, "--json").lines if found["check"] == "nothing_followed"]
    accepted = accept(folder, finding["id"], "--reason", "The wrong file.")

    assert (added.code, accepted.code, racecall("status", folder).code) == (FINDINGS, FINE, FINE)
