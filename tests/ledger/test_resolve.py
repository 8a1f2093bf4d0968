"""Names become ids, and what nobody has heard of is kept and held."""

import unicodedata

import builders as make
from racecall.ledger.resolve import folded, resolve
from racecall.model.contest import Option

ELECTION = make.election(make.contest("Gomez", "Ahn", source_names=("U.S. House 34",)))


def placed(*names: str, election=ELECTION, title="U.S. House 34"):
    rows = [(title, "all", "total", name, 10 * number) for number, name in enumerate(names, 1)]
    return resolve(make.release(rows, titles=(title,)), election)


def test_a_source_name_finds_its_contest():
    """The feed's title is matched to source_names."""
    assert set(placed("Gomez").release.counts["contest"]) == {"c"}


def test_capitals_find_the_option_without_a_word():
    """LA County prints names in capitals; that is no finding."""
    found = placed("GOMEZ", "AHN")

    assert (found.release.counts["option"].to_list(), found.findings) == (["gomez", "ahn"], ())


def test_decomposed_letters_are_the_same_name():
    """NFD and NFC spell the same name."""
    election = make.election(make.contest().__class__(id="c", title="c", rule="r", options=(Option(id="h", name="José Huízar"),)))

    found = placed(unicodedata.normalize("NFD", "José Huízar"), election=election, title="c")

    assert (found.release.counts["option"].to_list(), found.findings) == (["h"], ())


def test_a_lost_accent_is_matched_and_noted():
    """López in June, Lopez in October: the same person, and a note."""
    election = make.election(make.contest("López"))

    found = placed("Lopez", election=election, title="c")

    assert found.release.counts["option"].to_list() == ["lópez"]
    assert found.findings[0].problem == '"Lopez" was read as López: the names differ in accents or punctuation only.'


def test_an_unknown_name_keeps_its_votes_and_holds_calls():
    """A typing error must not make a new candidate, and must not lose votes."""
    found = placed("Gomez", "Gornez")

    assert found.unknown == {"c": frozenset({"Gornez"})}
    assert found.release.counts["votes"].sum() == 30
    assert str(found.findings[0]) == (
        'file.csv: "Gornez" is not an option of this contest. Its votes are kept and counted in the total, for nobody. '
        "If it is another spelling, add it to the option's aliases in election.toml; if it is new, add the option."
    )


def test_a_look_alike_letter_is_another_name():
    """A Cyrillic о is not a Latin o."""
    assert placed("G\u043emez").unknown == {"c": frozenset({"G\u043emez"})}


def test_a_contest_that_is_not_followed_is_left_out():
    """The file may hold 430 contests; we follow ours."""
    found = resolve(
        make.release([("Sheriff", "all", "total", "X", 1), ("c", "all", "total", "Gomez", 2)], titles=("Sheriff", "c")), ELECTION
    )

    assert (found.ignored, found.release.counts.height) == (("Sheriff",), 1)


def test_folding_takes_accents_quotes_and_points():
    """What may differ between two spellings of one name."""
    assert folded('José  "Pepe" Huízar, Jr.') == folded("jose pepe huizar jr")
