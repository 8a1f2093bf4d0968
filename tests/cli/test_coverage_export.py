"""`racecall coverage export`: the record for the programs of others; and the pages beside the count as `racecall publish` keeps them."""

import json
import shutil
from pathlib import Path

import pytest

from commands import FINE, USAGE, demo, files_of, racecall, recorded


def export(folder: Path, out: Path, *words: object):
    return racecall("coverage", "export", folder, "--out", out, *words)


@pytest.fixture
def folder(tmp_path) -> Path:
    """The demo's election, one's own copy."""
    return Path(shutil.copytree(demo(), tmp_path / "election"))


@pytest.mark.parametrize(("format_", "names"), [("popolo", {"popolo.json"}), ("claimreview", {"claimreview.jsonld"})])
def test_one_file_is_written(tmp_path, format_, names):
    """Into a folder that is made."""
    ran = export(demo(), tmp_path / "out", "--format", format_)

    assert (ran.code, set(files_of(tmp_path / "out"))) == (FINE, names)
    assert "Wrote 1 file" in ran.out


def test_csv_is_a_table_a_kind(tmp_path):
    """It can be imported again, and nothing is new."""
    export(demo(), tmp_path / "out", "--format", "csv")
    ran = racecall("coverage", "import", demo(), tmp_path / "out" / "endorsement.csv", "--kind", "endorsement")

    assert "Nothing new; 15 rows in the record already." in ran.out


def test_an_export_is_as_of_a_moment(tmp_path):
    """On the day after the primary there was no debate."""
    export(demo(), tmp_path, "--format", "popolo", "--as-of", "2017-04-05T12:00")

    assert json.loads((tmp_path / "popolo.json").read_text())["events"] == []


def test_reviews_name_their_page_where_the_address_is_given(tmp_path):
    """Without it they name none."""
    export(demo(), tmp_path, "--format", "claimreview", "--address", "https://example.org")
    made = json.loads((tmp_path / "claimreview.jsonld").read_text())

    assert {one["url"].partition("/coverage/")[0] for one in made} == {"https://example.org"}


def test_an_unknown_format_is_refused_with_those_there_are(tmp_path):
    """Nothing is written."""
    ran = export(demo(), tmp_path / "out", "--format", "xml")

    assert (ran.code, (tmp_path / "out").exists()) == (USAGE, False)
    assert 'no format "xml".\nFormats: popolo, claimreview, csv.' in ran.err


def test_without_a_record_there_is_nothing_to_export(tmp_path):
    """It says how to record something."""
    ran = export(recorded(tmp_path), tmp_path / "out", "--format", "csv")

    assert ran.code == USAGE
    assert "nothing is recorded." in ran.err


# -- publishing ----------------------------------------------------------------------------------------------------------------------


def publish(folder: Path, *words: object) -> Path:
    ran = racecall("publish", folder, "--out", folder.parent / "site", *words)
    assert ran.code == FINE, ran.err
    return folder.parent / "site"


def beside(site: Path) -> dict[str, bytes]:
    return {name: (site / name).read_bytes() for name in files_of(site) if "coverage/" in name}


def test_pages_beside_the_count_are_listed_in_the_manifest(folder):
    """With every other file."""
    site = publish(folder)
    listed = {one["path"] for one in json.loads((site / "manifest.json").read_text())["files"]}

    assert beside(site).keys() <= listed
    assert racecall("verify", site, "--ledger", folder).code == FINE


def test_without_a_record_of_coverage_a_site_has_no_such_pages(tmp_path):
    """Nor links to them."""
    site = publish(recorded(tmp_path))

    assert beside(site) == {}
    assert "coverage/" not in (site / "index.html").read_text()


def test_a_contests_page_leads_to_them_and_back(folder):
    """In its own language."""
    page = (publish(folder) / "es/c/ca34-2017-runoff/index.html").read_text()
    back = (folder.parent / "site/es/coverage/race/ca34-2017-primary/index.html").read_text()

    assert 'href="../../../es/coverage/race/ca34-2017-primary/index.html"' in page
    assert 'href="../../../../es/c/ca34-2017-runoff/index.html"' in back


def test_a_new_row_changes_the_pages_beside_the_count_and_no_contests(folder):
    """Their keys are theirs."""
    site = publish(folder)
    before = {name: (site / name).read_bytes() for name in files_of(site) if name.startswith("c/")}
    added = ["id=x", "endorser=X", "endorser_type=club", "polarity=endorsed", "stage=ca34-2017-runoff", "candidate=ahn"]
    assert racecall("coverage", "add", folder, "endorsement", *added, "--source", "A page", "--as-of", "2019-02-01").code == FINE
    publish(folder)

    assert b">X<" in (site / "coverage/race/ca34-2017-primary/index.html").read_bytes()
    assert {name: (site / name).read_bytes() for name in files_of(site) if name.startswith("c/")} == before


def test_what_has_not_changed_is_kept(folder):
    """A second publication finds nothing to do."""
    first = beside(publish(folder))

    assert beside(publish(folder)) == first


def test_a_damaged_page_is_made_again(folder):
    """As it was."""
    site = publish(folder)
    page = site / "coverage/race/ca34-2017-primary/index.html"
    whole = page.read_bytes()
    page.write_bytes(b"")
    publish(folder)

    assert page.read_bytes() == whole


def test_pages_of_a_later_moment_go_when_an_earlier_one_is_published(folder):
    """A site as of the day after the primary has no debate."""
    publish(folder)
    site = publish(folder, "--as-of", "2017-04-05T12:00")

    assert not (site / "coverage/debate/debate-2017-05-25/index.html").exists()
