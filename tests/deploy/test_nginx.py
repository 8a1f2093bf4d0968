"""`deploy/nginx.conf`, run by nginx over the demo's site and before a server that stands for the desk: what a reader's browser gets."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import urllib3

from commands import demo
from web import Handler, Web, answer, head, serving
from webservers import DESK, REQUIRED, Nginx, nginx, program, warnings

ROOT = Path(__file__).resolve().parents[2]
FOR_EVER = "public, max-age=31536000, immutable"
POINTER = "public, max-age=5, stale-while-revalidate=30, stale-if-error=86400"
PAGE = "public, max-age=15, stale-while-revalidate=60, stale-if-error=86400"
MOMENT = "public, max-age=5"
CONTEST = "/c/ca34-2017-primary/"


@pytest.fixture(scope="module")
def desk() -> Iterator[Web]:
    """What stands where the desk would be."""
    with serving() as made:
        yield made


@pytest.fixture(scope="module")
def edge(desk, tmp_path_factory) -> Iterator[Nginx]:
    """nginx as we ship it; tests that need it are skipped where it is not installed."""
    if program() is None:
        say = pytest.fail if os.environ.get(REQUIRED) == "required" else pytest.skip
        say(f"needs nginx (apt-get install -y nginx-light); {REQUIRED}=required makes this a failure")
    folder = tmp_path_factory.mktemp("nginx")
    with nginx(folder, served(folder), desk.port) as made:
        yield made


def served(folder: Path) -> Path:
    """The demo's site, with a file that is being written."""
    site = shutil.copytree(demo().parent / "site", folder / "site")
    (site / "c" / ".writing-abc").write_text("half a page")
    return site


def some(pattern: str) -> str:
    """The address of the first file of the demo's site that fits."""
    site = demo().parent / "site"
    return "/" + min(path.relative_to(site).as_posix() for path in site.glob(pattern))


def test_nginx_has_nothing_to_say_against_it(edge):
    """No warning when it is started."""
    assert warnings(edge.certificate.parent) == ""


# -- the site ------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "keep"),
    [
        ("v/1/state/*.json", FOR_EVER),
        ("static/*.js", FOR_EVER),
        ("latest.json", POINTER),
        ("c/*/latest.json", POINTER),
        ("index.html", PAGE),
        ("es/index.html", PAGE),
        ("c/*/index.html", PAGE),
        ("c/*/at/1/index.html", PAGE),
        ("c/*/openelections.csv", PAGE),
        ("embed/*.html", PAGE),
        ("embed/*.js", PAGE),
        ("card/*.svg", PAGE),
        ("manifest.json", PAGE),
    ],
)
def test_how_long_a_file_may_be_kept(edge, pattern, keep):
    """As the table of docs/site.md has it."""
    got = edge.ask(some(pattern))

    assert (got.status, got.headers["Cache-Control"], got.headers["X-Content-Type-Options"]) == (200, keep, "nosniff")


def test_the_classes_are_those_of_the_page_about_the_site():
    """What a test holds here, a reader finds there."""
    page = (ROOT / "docs" / "site.md").read_text(encoding="utf-8")

    assert [keep for keep in (FOR_EVER, POINTER, PAGE) if f"`{keep}`" not in page] == []


def test_what_is_missing_is_missing_for_a_moment_only(edge):
    """An edge that asks for a patch too early must not remember for a year that it is not there."""
    got = edge.ask("/v/99/ca34-2017-primary.json")

    assert (got.status, got.headers["Cache-Control"]) == (404, MOMENT)


def test_who_has_a_file_gets_no_body(edge):
    """304 on the ETag, with the same headers: what most questions of open pages end with."""
    first = edge.ask(CONTEST + "latest.json")
    again = edge.ask(CONTEST + "latest.json", If_None_Match=first.headers["ETag"])

    assert (again.status, again.data, again.headers["Cache-Control"]) == (304, b"", POINTER)


def test_what_an_answer_weighs_is_what_the_plan_of_the_edge_reckons_with(edge):
    """Headers as nginx sends them, within a tenth: an edge adds some of its own, and HTTP/2 packs them."""
    planned = json.loads((ROOT / "docs" / "_static" / "edge.json").read_text(encoding="utf-8"))["demo"]
    first = edge.ask(CONTEST + "latest.json", Accept_Encoding="gzip")
    again = edge.ask(CONTEST + "latest.json", Accept_Encoding="gzip", If_None_Match=first.headers["ETag"])

    assert (weight(first), weight(again)) == (pytest.approx(planned["head"], rel=0.1), pytest.approx(planned["not_modified"], rel=0.1))


def weight(got) -> int:
    """The bytes of an answer's headers."""
    return len(f"HTTP/1.1 {got.status} {got.reason}\r\n\r\n") + sum(len(f"{key}: {value}\r\n") for key, value in got.headers.items())


def test_a_compressed_page_is_revalidated_too(edge):
    """The ETag of what was compressed on the way is good for the next question."""
    first = edge.ask(CONTEST, Accept_Encoding="gzip")
    again = edge.ask(CONTEST, Accept_Encoding="gzip", If_None_Match=first.headers["ETag"])

    assert (first.headers["Content-Encoding"], first.headers["Vary"], again.status) == ("gzip", "Accept-Encoding", 304)


@pytest.mark.parametrize("pattern", ["index.html", "v/1/state/*.json", "static/*.js", "static/*.css", "card/*.svg", "c/*/*.csv"])
def test_text_is_compressed(edge, pattern):
    """And is what it was."""
    got = edge.ask(some(pattern), Accept_Encoding="gzip")

    assert gzip.decompress(got.data) == (demo().parent / "site" / some(pattern)[1:]).read_bytes()


@pytest.mark.parametrize(
    ("pattern", "kind"),
    [
        ("index.html", "text/html; charset=utf-8"),
        ("latest.json", "application/json; charset=utf-8"),
        ("card/*.svg", "image/svg+xml; charset=utf-8"),
        ("c/*/*.csv", "text/csv; charset=utf-8"),
        ("static/*.js", "application/javascript; charset=utf-8"),
    ],
)
def test_a_browser_is_told_what_a_file_is(edge, pattern, kind):
    """It is told not to guess, so it has to be told."""
    assert edge.ask(some(pattern)).headers["Content-Type"] == kind


@pytest.mark.parametrize(
    ("pattern", "frames"),
    [("c/*/index.html", "'none'"), ("index.html", "'none'"), ("embed/*.html", "*"), ("ko/embed/*.html", "*")],
)
def test_who_may_put_a_page_into_a_frame(edge, pattern, frames):
    """Widgets anybody, other pages nobody."""
    assert edge.ask(some(pattern)).headers["Content-Security-Policy"].endswith(f"; frame-ancestors {frames}")


@pytest.mark.parametrize("pattern", ["latest.json", "v/1/state/*.json", "static/*.js", "embed/*.js", "c/*/*.csv"])
def test_what_is_no_page_has_no_policy(edge, pattern):
    """It would be nearly half of what open pages are answered."""
    assert "Content-Security-Policy" not in edge.ask(some(pattern)).headers


@pytest.mark.parametrize("pattern", ["c/*/index.html", "embed/*.html"])
def test_the_policy_is_the_one_in_the_page(edge, pattern):
    """The header adds who may frame it, and takes nothing away."""
    html = (demo().parent / "site" / some(pattern)[1:]).read_text(encoding="utf-8")
    [policy] = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', html)

    assert edge.ask(some(pattern)).headers["Content-Security-Policy"].rpartition("; frame-ancestors")[0] == policy


@pytest.mark.parametrize("path", ["/c/", "/v/", "/static/", "/c/.writing-abc", "/../nginx.conf", "/nothing"])
def test_what_no_reader_gets(edge, path):
    """No listing of a folder, no file that is being written, nothing outside the site."""
    assert edge.ask(path).status in {400, 403, 404}


def test_nothing_is_put_there(edge):
    """Files are read, and that is all."""
    assert edge.ask("/index.html", method="PUT").status == 403


def test_a_folder_leads_to_its_page(edge):
    """Also through a proxy on another port: the address is a path."""
    got = edge.ask(CONTEST.rstrip("/"))

    assert (got.status, got.headers["Location"]) == (301, CONTEST)


def test_a_name_that_is_not_ours_gets_no_answer(edge):
    """Whoever comes by number is sent away before anything is said."""
    with pytest.raises(urllib3.exceptions.SSLError, match="UNRECOGNIZED_NAME"):
        edge.ask("/", name="other.example.org")


def test_http_leads_to_https(edge):
    """With the same path."""
    with urllib3.PoolManager(retries=False) as pool:
        got = pool.request("GET", f"http://127.0.0.1:{edge.clear_port}/c/", headers={"Host": DESK}, redirect=False)

    assert (got.status, got.headers["Location"]) == (301, f"https://{DESK}/c/")


# -- the desk ------------------------------------------------------------------------------------------------------------------------


def test_the_desk_hears_who_asked_and_nothing_that_a_stranger_wrote(edge, desk):
    """Its limits on tries rest on the address."""
    desk.will(answer(b"board"), path="/")
    edge.ask("/", name=DESK, X_Forwarded_For="192.0.2.7", X_Forwarded_Proto="http")
    _, headers = desk.asked[-1]

    assert (headers["X-Forwarded-For"], headers["X-Forwarded-Proto"], headers["Host"]) == ("127.0.0.1", "https", DESK)


def test_the_desk_keeps_its_own_headers(edge, desk):
    """One policy, not two."""
    desk.will(answer(b"board", Content_Security_Policy="default-src 'none'", Cache_Control="no-store"), path="/")
    got = edge.ask("/", name=DESK)

    assert (got.headers.getlist("Content-Security-Policy"), got.headers["Cache-Control"]) == (["default-src 'none'"], "no-store")


def test_news_come_as_they_are_told(edge, desk):
    """A line reaches the page while the answer goes on."""
    over = threading.Event()

    def telling(handler: Handler) -> None:
        head(handler, Content_Type="text/event-stream")
        handler.wfile.write(b"event: change\ndata: 2 mayor\n\n")
        over.wait(10)

    desk.will(telling, path="/live")
    with edge.pool(DESK) as pool:
        got = pool.request("GET", "/live?from=1", headers={"Host": DESK}, preload_content=False, timeout=5)
        first = got.readline()
        over.set()
        got.close()

    assert first == b"event: change\n"


def test_passwords_cannot_be_tried_fast(edge, desk):
    """Eleven at once, then one every two seconds; the page itself may be asked for."""
    desk.will(answer(b"no", status=401), path="/sign-in")
    tried = [edge.ask("/sign-in", name=DESK, method="POST").status for _ in range(20)]

    assert (tried[:11], tried.count(429) >= 7) == ([401] * 11, True)
    assert edge.ask("/sign-in", name=DESK).status == 401


def test_figures_about_the_desk_stay_on_the_machine(edge, desk):
    """Prometheus asks the desk itself."""
    desk.will(answer(b"figures"), path="/metrics")

    assert edge.ask("/metrics", name=DESK).status == 404
