"""`racecall verify SITE`: a published site against its manifest, from a folder and from an address, and its figures against the record."""

import json
import shutil
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from commands import BROKEN, FINE, USAGE, Ran, demo, file, racecall
from racecall.desk.folder import open_folder
from racecall.desk.judging import judge_folder
from racecall.model.contest import Election
from racecall.publish.manifest import manifest

PAGE = b"<!doctype html><title>34th District</title>"


def published(folder: Path, site: Path) -> Path:
    """Publish an election the way a publisher will: pages, and the manifest beside them."""
    opened = open_folder(folder)
    ledger = opened.ledger()
    view = judge_folder(opened, ledger, opened.store.clock())
    files = {
        "index.html": PAGE,
        "data/status.jsonl": racecall("status", folder, "--json").out.encode(),
        "map.json": b'{"type": "Topology"}',
    }
    for name, data in files.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_bytes(data)
    (site / "manifest.json").write_bytes(manifest(view, ledger, files))
    return site


@pytest.fixture(scope="module")
def kept(tmp_path_factory) -> Path:
    return published(demo(), tmp_path_factory.mktemp("site"))


@pytest.fixture
def site(kept, tmp_path) -> Path:
    return shutil.copytree(kept, tmp_path / "site")


@pytest.fixture
def other_manifest(site):
    """Change the manifest by hand."""

    def change(**changes) -> Path:
        said = json.loads((site / "manifest.json").read_text())
        file(site, "manifest.json", json.dumps(said | changes))
        return site

    return change


def verified(site: object, *words: object) -> Ran:
    return racecall("verify", site, *words)


# -- the manifest --------------------------------------------------------------------------------------------------------------------


def test_a_manifest_has_what_its_page_says(site):
    """Names that others build on."""
    said = json.loads((site / "manifest.json").read_text())
    contest = said["contests"][0]

    assert list(said) == ["racecall", "version", "election", "as_of", "ledger_head", "files", "contests"]
    assert list(said["files"][0]) == ["path", "sha256", "size"]
    assert (contest["contest"], contest["votes_counted"]) == ("ca34-2017-primary", 42308)
    assert (contest["options"][0], contest["outstanding"]["bound"]) == ({"option": "gomez", "votes": 10728}, 0)
    assert [slot["option"] for slot in contest["slots"]] == ["gomez", "ahn"]


def test_every_name_of_the_manifest_is_explained(site):
    """The page docs/verifying.md has a line for each."""

    def names(value: object) -> Iterator[str]:
        for item in value if isinstance(value, list) else []:
            yield from names(item)
        for name, item in value.items() if isinstance(value, dict) else []:
            yield name
            yield from names(item)

    page = (Path(__file__).resolve().parents[2] / "docs" / "verifying.md").read_text()
    written = set(names(json.loads((site / "manifest.json").read_text())))

    assert sorted(name for name in written if f"`{name}`" not in page) == []


# -- a folder ------------------------------------------------------------------------------------------------------------------------


def test_a_site_as_it_was_published(site):
    """Three files; without a record the figures are not compared, and that is said."""
    ran = verified(site)

    assert ran.code == FINE
    assert ran.words == (
        "3 files of a site not recomputed: its figures were not compared with a record: name one with --ledger. "
        "The site is what was published."
    )


def test_its_figures_are_compared_with_the_record(site):
    """Those of the manifest, and every standing in its files: two contests each."""
    ran = verified(site, "--ledger", demo(), "--json")

    assert (ran.code, ran.json["files"], ran.json["figures"], ran.json["differences"]) == (FINE, 3, 4, [])


def test_a_flipped_byte_of_any_file_is_named(site):
    """The file, and that it was changed."""
    found = {}
    for name in ("index.html", "data/status.jsonl", "map.json"):
        whole = (site / name).read_bytes()
        (site / name).write_bytes(bytes([whole[0] ^ 1]) + whole[1:])
        found[name] = verified(site, "--json").json["differences"]
        (site / name).write_bytes(whole)

    assert found == {name: [f"{name}: it was changed after it was published."] for name in found}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda page: page.unlink(), "index.html: no such file or directory."),
        (lambda page: page.write_bytes(PAGE + b"!"), "index.html: it is longer than the 43 bytes that were published."),
        (lambda page: page.write_bytes(PAGE[:5]), "index.html: it is shorter than the 43 bytes that were published."),
        (lambda page: file(page.parent, "extra.html", ""), "extra.html is not in the manifest."),
    ],
)
def test_a_file_lost_cut_grown_or_added_is_named(site, change, said):
    """Exit code 3."""
    change(site / "index.html")
    ran = verified(site)

    assert (ran.code, said in ran.words) == (BROKEN, True), ran.out
    assert ran.words.endswith("The site is NOT what was published, or not what the record gives.")


@pytest.mark.parametrize("path", ["../secret", "/etc/passwd", "a//b", "a\\b", "a?b", "", "x\u202ey"])
def test_a_manifest_cannot_lead_out_of_the_site(site, other_manifest, path):
    """Paths are plain, or refused."""
    other_manifest(files=[{"path": path, "sha256": "0" * 64, "size": 1}])

    assert f"{path}: the manifest names a file that no site can have." in verified(site, "--json").json["differences"]


def test_a_link_does_not_lead_out_of_the_site(site, tmp_path):
    """A file of the machine is no file of the site."""
    secret = file(tmp_path, "secret", PAGE)
    (site / "index.html").unlink()
    (site / "index.html").symlink_to(secret)

    assert verified(site, "--json").json["differences"] == ["index.html: it lies outside the site."]


@pytest.mark.parametrize("content", ["{", "{}", '{"racecall": "manifest/1"}', "[]"])
def test_a_manifest_that_is_none_is_refused(site, content):
    """With the page to compare with."""
    file(site, "manifest.json", content)
    ran = verified(site)

    assert ran.code == BROKEN
    assert "the manifest is not as expected" in ran.err


def test_a_manifest_of_another_format_is_refused(site, other_manifest):
    """A later racecall may write another."""
    other_manifest(racecall="manifest/9")

    assert 'its format is "manifest/9"; "manifest/1" was expected.' in verified(site).err


# -- against the record --------------------------------------------------------------------------------------------------------------


def test_a_figure_that_the_record_does_not_give_is_named(site, other_manifest):
    """Somebody who changes a figure and the manifest alike."""
    contests = json.loads((site / "manifest.json").read_text())["contests"]
    contests[0]["options"][0]["votes"] = 10729
    other_manifest(contests=contests)
    [said] = verified(site, "--ledger", demo(), "--json").json["differences"]

    assert said.endswith("gomez: votes is printed as 10,729; the record gives 10,728.")


@pytest.mark.parametrize(("head", "where"), [("1" * 64, "another record"), (None, "an earlier or later moment of it")])
def test_a_site_of_another_record_is_named(other_manifest, head, where):
    """The event it rests on is the last that was known at its moment."""
    from commands import events

    site = other_manifest(ledger_head=head or events(demo())[3]["hash"])
    [said] = verified(site, "--ledger", demo(), "--json").json["differences"]

    assert said.startswith("the site was not made from this record as of ")
    assert said.endswith(f"but from {where}.")


def test_options_in_the_wrong_place_are_refused(site, tmp_path):
    """--against is for a folder, --ledger for a site; both say so."""
    codes = [verified(site, "--against", file(tmp_path, "s.json", "{}")).code, verified(demo(), "--ledger", demo()).code]

    assert codes == [USAGE, USAGE]


def test_a_record_that_is_not_there_is_said(site, tmp_path):
    """Nothing is taken for whole."""
    ran = verified(site, "--ledger", tmp_path / "nowhere")

    assert (ran.code, "there is no such folder." in ran.err) == (USAGE, True)


# -- an address ----------------------------------------------------------------------------------------------------------------------


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder; some paths misbehave."""

    def do_GET(self):
        where = {"/there/": "http://example.invalid/", "/round/": "/round/"}
        place = next((to for prefix, to in where.items() if self.path.startswith(prefix)), "")
        if place or self.path.startswith("/moved/"):
            self.send_response(302)
            self.send_header("Location", (place and f"{place}x") or self.path.removeprefix("/moved"))
            self.end_headers()
        elif self.path.startswith("/endless/"):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b" " * 1000)
        else:
            super().do_GET()

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    """Says nothing when a reader hangs up early."""

    def handle_error(self, *_):
        pass


@pytest.fixture
def address(site) -> Iterator[str]:
    """A server of the site on this machine."""
    with Server(("127.0.0.1", 0), lambda *words: Quiet(*words, directory=str(site))) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("end", ["", "/", "/manifest.json", "/moved/"])
def test_a_site_at_an_address(address, end):
    """As in a folder; a redirect on the same host is followed."""
    ran = verified(address + end)

    assert (ran.code, ran.err) == (FINE, "")
    assert ran.words.startswith("3 files of a site ")


def test_a_changed_file_at_an_address_is_named(address, site):
    """What the host serves is what is hashed."""
    (site / "index.html").write_bytes(PAGE.upper())

    assert verified(address, "--json").json["differences"] == ["index.html: it was changed after it was published."]


@pytest.mark.parametrize(
    ("end", "said"),
    [
        ("/nothing/", "the host answers 404."),
        ("/there/", "it leads to another host (http://example.invalid)."),
        ("/round/", "it leads from one address to the next without an end."),
        ("/endless/", "the manifest is not as expected"),
    ],
)
def test_a_host_that_misbehaves_is_said_to(address, end, said):
    """In words, with exit code 3."""
    ran = verified(address + end)

    assert (ran.code, said in ran.err) == (BROKEN, True), ran.err


def test_a_host_that_does_not_answer_is_said_to():
    """Port 9 of this machine."""
    ran = verified("http://127.0.0.1:9/")

    assert (ran.code, "it cannot be fetched (NewConnectionError)." in ran.err) == (BROKEN, True), ran.err


def test_more_than_the_manifest_says_is_not_read(address, site):
    """A host that sends a file without an end is cut off at one byte more."""
    (site / "index.html").write_bytes(PAGE * 100_000)

    assert verified(address, "--json").json["differences"] == ["index.html: it is longer than the 43 bytes that were published."]


def test_an_election_without_contests_has_a_manifest():
    """Nothing is shown, and that can be checked too."""
    from datetime import UTC, date, datetime

    from racecall.calls.view import View
    from racecall.ledger.events import Ledger

    empty = Election(id="e", title="E", date=date(2022, 11, 8), timezone="UTC", contests=())
    view = View(election=empty, as_of=datetime(2022, 11, 9, tzinfo=UTC), head="0" * 64, contests=())

    assert json.loads(manifest(view, Ledger(), {}))["contests"] == []
