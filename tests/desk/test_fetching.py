"""One request for a file that may have changed: whatever the server does, what comes back is a value, in time."""

import gzip
import hashlib
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from racecall import __version__
from racecall.desk.fetching import REHEARSAL_HEADER, Answer, Kept, Outcome, Patience, Request, fetch, is_surprise, retry_after
from racecall.feeds.text import MEBIBYTE
from racecall.model.source import Source
from racecall.origin import sha256_hex
from web import Handler, Web, answer, cached, endless, head, moved, serving

HASTY = Patience(connect=2, read=0.3, whole=1)
BODY = b'{"votes": 12}'
NOW = datetime(2022, 11, 9, 8, tzinfo=UTC)


@pytest.fixture
def web() -> Iterator[Web]:
    """A server that does as it is told."""
    with serving() as made:
        yield made


def ask(url: str, *, kept: Kept | None = None, patience: Patience = HASTY, folder: Path = Path(), **values) -> Answer:
    source = Source(name="county", url=url, **values)
    request = Request(source=source, address=url, contact="desk@example.org", folder=folder, kept=kept or Kept(), patience=patience)
    return fetch(request, clock=lambda: NOW)


# -- what is asked, and what comes ---------------------------------------------------------------------------------------------------


def test_a_file_comes_with_what_the_server_says_of_it(web):
    """Body, address, status and the headers that matter."""
    headers = {"ETag": '"a1"', "Last_Modified": "Wed, 09 Nov 2022 08:00:00 GMT", "Content_Type": "application/json"}
    got = ask(web.will(answer(BODY, **headers)))

    assert (got.outcome, got.body, got.words) == (Outcome.NEW, BODY, "")
    assert got.fetched is not None
    assert (got.fetched.source, got.fetched.address, got.fetched.status) == ("county", web.url(), 200)
    assert (got.fetched.etag, got.fetched.last_modified, got.fetched.content_type) == tuple(headers.values())
    assert got.fetched.date.endswith("GMT")


def test_the_office_can_see_who_asks(web):
    """The program, and where to reach the desk."""
    ask(web.will(answer(BODY)))

    assert web.asked[0][1]["User-Agent"] == f"racecall/{__version__} (+desk@example.org)"


def test_the_query_of_an_address_is_sent(web):
    """Some offices name the election in it."""
    web.will(answer(BODY))
    ask(web.url() + "?electionID=4300")

    assert web.asked[0][0] == "/count.json?electionID=4300"


def test_only_what_is_new_is_asked_for(web):
    """The server is told what we have, and says that nothing changed."""
    url = web.will(cached(BODY, '"a1"'))
    got = ask(url, kept=Kept(sha256=sha256_hex(BODY), etag='"a1"', last_modified="Wed, 09 Nov 2022 08:00:00 GMT"))

    assert (got.outcome, got.body) == (Outcome.NOT_MODIFIED, b"")
    assert web.asked[0][1]["If-Modified-Since"] == "Wed, 09 Nov 2022 08:00:00 GMT"


def test_the_same_bytes_again_are_no_news(web):
    """Many servers know no conditions and send everything each time."""
    got = ask(web.will(answer(BODY)), kept=Kept(sha256=sha256_hex(BODY)))

    assert got.outcome is Outcome.SAME


def test_not_modified_without_a_question_is_trouble(web):
    """A cache that is confused must not look like a quiet night."""
    got = ask(web.will(answer(status=304)))

    assert (got.outcome, "though it was not asked that" in got.words) == (Outcome.TROUBLE, True)


def test_compression_for_the_way_is_undone(web):
    """The same file compressed twice may differ in a byte; the file does not."""
    got = ask(web.will(answer(gzip.compress(BODY), Content_Encoding="gzip")))

    assert (got.outcome, got.body) == (Outcome.NEW, BODY)


def test_a_compressed_file_is_left_as_it_is(web):
    """What the office published is what is kept."""
    packed = gzip.compress(BODY)

    assert ask(web.will(answer(packed, Content_Type="application/gzip"))).body == packed


def test_the_mark_of_a_rehearsal_is_kept(web):
    """Whoever reads the record can tell."""
    got = ask(web.will(answer(BODY, **{REHEARSAL_HEADER.replace("-", "_"): "2022-11-09T08:31:36Z"})))

    assert got.fetched is not None
    assert got.fetched.rehearsal == "2022-11-09T08:31:36Z"


# -- trouble with the server ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (204, "sent no file (status 204)"),
        (403, "does not let us in (status 403)"),
        (404, "has no such file (status 404)"),
        (418, "sent no file (status 418)"),
        (500, "failed (status 500)"),
        (503, "is overloaded, or closed for work (status 503)"),
    ],
)
def test_each_status_has_its_words(web, status, words):
    """What the server says, and of which address."""
    got = ask(web.will(answer(b"", status=status)))

    assert (got.outcome, got.words) == (Outcome.TROUBLE, f"127.0.0.1:{web.port} {words}: {web.url()}")


def test_a_server_that_failed_is_asked_again_and_answers(web):
    """Trouble leaves nothing behind."""
    url = web.will(answer(b"oops", status=500), answer(BODY))

    assert [ask(url).outcome, ask(url).outcome] == [Outcome.TROUBLE, Outcome.NEW]


def test_a_server_may_ask_us_to_wait(web):
    """429 with Retry-After."""
    got = ask(web.will(answer(b"", status=429, Retry_After="90")))

    assert (got.outcome, got.retry_after) == (Outcome.TROUBLE, timedelta(seconds=90))


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("90", timedelta(seconds=90)),
        ("Wed, 09 Nov 2022 08:02:00 GMT", timedelta(minutes=2)),
        ("Wed, 09 Nov 2022 07:00:00 GMT", timedelta()),
        ("soon", None),
        ("", None),
        ("-5", None),
        ("9" * 40, timedelta(seconds=10**8)),
    ],
)
def test_how_long_to_wait_is_seconds_or_a_date(header, wait):
    """Anything else says nothing."""
    assert retry_after(header, NOW) == wait


def test_nobody_there():
    """A port at which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    got = ask(f"http://127.0.0.1:{port}/count.json")

    assert (got.outcome, got.words) == (
        Outcome.TROUBLE,
        f"http://127.0.0.1:{port}/count.json: nobody answers at 127.0.0.1:{port}.",
    )


def test_a_server_that_says_nothing_is_left(web):
    """It accepted, and then nothing."""
    got = ask(web.will(lambda _: time.sleep(0.5)))

    assert "stopped in the middle: nothing came for 0.3 seconds" in got.words


def test_a_server_that_drips_is_left_at_the_deadline(web):
    """Every read is short; the whole would last for ever."""

    def drip(handler: Handler) -> None:
        head(handler, Content_Type="application/json")
        while True:
            handler.wfile.write(b" ")
            time.sleep(0.05)

    began = time.monotonic()
    got = ask(web.will(drip), patience=replace(HASTY, whole=0.4))

    assert (got.outcome, "took longer than 0.4 seconds, and was left" in got.words) == (Outcome.TROUBLE, True)
    assert time.monotonic() - began < 10  # a busy machine takes its time; the server would go on for ever


def test_headers_that_drip_are_left_too(web):
    """A server can be slow before it has said anything."""

    def drip(handler: Handler) -> None:
        while True:
            handler.wfile.write(b"H")
            time.sleep(0.05)

    got = ask(web.will(drip), patience=replace(HASTY, whole=0.4))

    assert "took longer than 0.4 seconds" in got.words


def test_a_file_that_is_cut_off_is_no_file(web):
    """Fewer bytes than were announced."""
    got = ask(web.will(answer(BODY, Content_Length="100")))

    assert (got.outcome, got.body) == (Outcome.TROUBLE, b"")
    assert got.words == f"{web.url()}: the file was cut off on the way (13 bytes read, 87 more expected)."


def test_pieces_that_are_cut_off_are_no_file(web):
    """The last piece of a file sent in pieces never came."""

    def act(handler: Handler) -> None:
        head(handler, Transfer_Encoding="chunked")
        handler.wfile.write(b"5\r\n12345\r\n5\r\n12")

    assert ask(web.will(act)).outcome is Outcome.TROUBLE


def test_what_is_no_http_is_trouble(web):
    """A port at which something else listens."""
    got = ask(web.will(lambda handler: handler.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n")))

    assert (got.outcome, "the connection to" in got.words) == (Outcome.TROUBLE, True)


def test_an_endless_file_is_stopped_at_the_limit(web):
    """No more is read than is taken."""
    got = ask(web.will(endless), max_size_mb=1, patience=Patience(connect=2, read=2, whole=20))

    assert (got.outcome, "is larger than 1 MB; reading was stopped" in got.words) == (Outcome.TROUBLE, True)


def test_a_bomb_is_not_unpacked(web):
    """64 MB of zeros in 64 kB."""
    bomb = gzip.compress(bytes(64 * MEBIBYTE))
    got = ask(web.will(answer(bomb, Content_Encoding="gzip")), patience=Patience(connect=2, read=2, whole=20))

    assert (got.outcome, got.body) == (Outcome.TROUBLE, b"")
    assert web.url() in got.words


def test_an_encoding_that_was_not_asked_for(web):
    """We say what we can read."""
    got = ask(web.will(answer(BODY, Content_Encoding="br")))

    assert got.words == f"127.0.0.1:{web.port} sent the file encoded as 'br', which it was not asked for."


# -- elsewhere -----------------------------------------------------------------------------------------------------------------------


def test_a_redirect_on_the_same_server_is_followed(web):
    """And the record has both addresses."""
    web.will(answer(BODY), path="/new.json")
    got = ask(web.will(moved("/new.json")))

    assert (got.outcome, got.body) == (Outcome.NEW, BODY)
    assert got.fetched is not None
    assert (got.fetched.address, got.fetched.redirected_to) == (web.url(), web.url("/new.json"))


def test_a_redirect_to_another_server_is_refused(web):
    """Whoever can send us elsewhere could send us any count."""
    elsewhere = web.url("/new.json", host="localhost")
    web.will(answer(BODY), path="/new.json")
    got = ask(web.will(moved(elsewhere)))

    assert (got.outcome, len(web.asked)) == (Outcome.TROUBLE, 1)
    assert got.words == (
        f"{web.url()} redirects to another server ({elsewhere}), which was not followed. "
        "If the office has moved, put the new address into election.toml."
    )


@pytest.mark.parametrize(
    "location", ["//127.0.0.1:1/", "https://127.0.0.1/", "file:///etc/passwd", "http://a:b@127.0.0.1/", "", "http://["]
)
def test_no_other_door_is_taken_either(web, location):
    """Another port, another protocol, a password, nothing at all."""
    got = ask(web.will(moved(location)))

    assert (got.outcome, len(web.asked)) == (Outcome.TROUBLE, 1)


def test_a_circle_ends(web):
    """Three redirects are followed, and no fourth."""
    got = ask(web.will(moved("/count.json")))

    assert (got.words, len(web.asked)) == (f"{web.url()} redirects more than 3 times.", 4)


def test_a_name_that_leads_home_is_not_asked(web):
    """2130706433 is 127.0.0.1 to the operating system; nothing is sent to it."""
    got = ask(f"http://2130706433:{web.port}/count.json")

    assert (got.outcome, web.asked) == (Outcome.TROUBLE, [])
    assert "2130706433 stands for 127.0.0.1, which is no public address; nothing was asked." in got.words


@pytest.mark.parametrize(
    ("host", "peer", "private", "surprise"),
    [
        ("results.example.org", "192.168.1.1", False, True),
        ("results.example.org", "192.168.1.1", True, False),
        ("results.example.org", "fe80::1%eth0", False, True),
        ("results.example.org", "8.8.8.8", False, False),
        ("192.168.1.1", "192.168.1.1", False, False),
        ("localhost", "127.0.0.1", False, False),
    ],
)
def test_a_public_name_stands_for_a_public_address(host, peer, private, surprise):
    """Unless the settings say otherwise, or the address is what was asked for."""
    assert is_surprise(host, peer, private_network=private) is surprise


# -- TLS -----------------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that nobody vouches for, and its key."""
    if not shutil.which("openssl"):
        pytest.skip("needs the openssl command, to make a certificate")
    folder = tmp_path_factory.mktemp("tls")
    made = (folder / "certificate.pem", folder / "key.pem")
    named = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2", "-nodes"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", *named, "-out", str(made[0]), "-keyout", str(made[1])]
    subprocess.run(command, check=True, capture_output=True)
    return made


@pytest.fixture
def secure(certificate) -> Iterator[Web]:
    """A server with that certificate."""
    with serving(certificate) as made:
        made.will(answer(BODY))
        yield made


def test_a_certificate_that_nobody_vouches_for_is_refused(secure):
    """Nothing is asked of such a server."""
    got = ask(secure.url())

    assert (got.outcome, secure.asked) == (Outcome.TROUBLE, [])
    assert f"the certificate of 127.0.0.1:{secure.port} is not to be trusted" in got.words


def test_an_authority_of_ones_own_can_be_named(secure, certificate):
    """A PEM file beside election.toml."""
    got = ask(secure.url(), folder=certificate[0].parent, ca_file="certificate.pem")

    assert (got.outcome, got.body) == (Outcome.NEW, BODY)


def test_one_certificate_can_be_named(secure, certificate):
    """By its fingerprint, however it is typed."""
    digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(certificate[0].read_text())).hexdigest()
    typed = ":".join(digest[place : place + 2] for place in range(0, 64, 2)).upper()

    assert ask(secure.url(), certificate_sha256=typed).body == BODY


def test_another_certificate_is_refused(secure):
    """A fingerprint that is not the server's."""
    got = ask(secure.url(), certificate_sha256="0" * 64)

    assert (got.outcome, secure.asked) == (Outcome.TROUBLE, [])


def test_an_authority_that_is_not_there_is_said(secure):
    """The file was not copied along."""
    got = ask(secure.url(), ca_file="nowhere.pem")

    assert (got.outcome, secure.asked) == (Outcome.TROUBLE, [])
