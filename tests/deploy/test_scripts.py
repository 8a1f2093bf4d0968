"""`deploy/backup.sh` and `deploy/sync.sh`: what they copy, in which order, and that the copy is whole."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from commands import FINE, LATER, county_json, demo, events, file, files_of, racecall, recorded
from racecall.desk.sitefolder import SiteFolder
from web import Handler, Web, answer, serving

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
REQUIRED = "RACECALL_RCLONE"
"""Set to `required`, tests that need rclone fail where it is absent, instead of being skipped."""


def run(script: str, *words: object, **more: str) -> subprocess.CompletedProcess[bytes]:
    """Run one of the scripts."""
    surroundings = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "RACECALL_BIN": str(Path(sys.executable).parent), **more}
    return subprocess.run([DEPLOY / script, *map(str, words)], capture_output=True, check=False, env=surroundings, timeout=120)


# -- backup --------------------------------------------------------------------------------------------------------------------------


def test_a_backup_is_the_election(tmp_path):
    """It verifies, and it says what the folder says."""
    made = recorded(tmp_path)
    ran = run("backup.sh", made, tmp_path / "copy")

    assert (ran.returncode, ran.stdout.decode().splitlines()[-1:]) == (FINE, ["The record is whole."])
    assert racecall("status", tmp_path / "copy", "--json").out == racecall("status", made, "--json").out


def test_a_second_backup_adds_what_is_new(tmp_path):
    """The same copy, one count later."""
    made = recorded(tmp_path)
    run("backup.sh", made, tmp_path / "copy")
    racecall("add", made, file(tmp_path, "later.json", county_json(LATER, "2022-11-09T17:00:00")), "--backfill")
    ran = run("backup.sh", made, tmp_path / "copy")

    assert (ran.returncode, files_of(tmp_path / "copy")) == (FINE, files_of(made))


def test_what_waits_in_the_log_of_the_database_is_in_the_backup(tmp_path):
    """While somebody has the ledger open, its last events lie in a file beside it."""
    made = recorded(tmp_path)
    with sqlite3.connect(made / "ledger.db") as reader:
        reader.execute("SELECT count(*) FROM events").fetchone()
        racecall("add", made, file(tmp_path, "later.json", county_json(LATER, "2022-11-09T17:00:00")), "--backfill")
        ran = run("backup.sh", made, tmp_path / "copy")
    reader.close()

    assert ran.returncode == FINE
    assert racecall("status", tmp_path / "copy", "--json").out == racecall("status", made, "--json").out


def test_a_backup_of_a_damaged_folder_says_so(tmp_path):
    """Verifying is part of it: a copy that nobody can use is no backup."""
    made = recorded(tmp_path)
    capture = events(made)[-1]["body"]["capture"]
    file(made / "captures" / capture[:2], capture, b"other bytes")
    ran = run("backup.sh", made, tmp_path / "copy")

    assert (ran.returncode != FINE, capture.encode()[:12] in ran.stdout + ran.stderr) == (True, True)


# -- a bucket ------------------------------------------------------------------------------------------------------------------------


PUT_AT = "Tue, 03 Nov 2026 20:00:00 GMT"


class Bucket:
    """As much of an S3 service as rclone asks for: a list, and files that are put there."""

    def __init__(self, web: Web) -> None:
        self.web = web
        self.files: dict[str, bytes] = {}
        self.put: list[tuple[str, str]] = []

    def listing(self) -> bytes:
        """What is there, as S3 says it."""
        rows = "".join(
            f"<Contents><Key>{name}</Key><Size>{len(data)}</Size><ETag>&quot;{hashlib.md5(data).hexdigest()}&quot;</ETag>"
            "<LastModified>2026-11-03T20:00:00.000Z</LastModified><StorageClass>STANDARD</StorageClass></Contents>"
            for name, data in sorted(self.files.items())
        )
        return f"<ListBucketResult><Name>results</Name><IsTruncated>false</IsTruncated>{rows}</ListBucketResult>".encode()

    def act(self, handler: Handler) -> None:
        """Answer a request, whatever its path."""
        name = unquote(urlsplit(handler.path).path).removeprefix("/results").lstrip("/")
        if handler.command == "PUT":
            self.files[name] = handler.rfile.read(int(handler.headers["Content-Length"]))
            self.put.append((name, handler.headers["Cache-Control"]))
            answer(ETag=f'"{hashlib.md5(self.files[name]).hexdigest()}"')(handler)
        elif name:
            self._tell(handler, self.files.get(name))
        else:
            answer(self.listing(), Content_Type="application/xml")(handler)

    def _tell(self, handler: Handler, data: bytes | None) -> None:
        if data is None:
            answer(status=404)(handler)
        else:
            answer(ETag=f'"{hashlib.md5(data).hexdigest()}"', Content_Length=str(len(data)), Last_Modified=PUT_AT)(handler)

    def surroundings(self) -> Mapping[str, str]:
        """What tells rclone where it is."""
        keys = {"TYPE": "s3", "PROVIDER": "Other", "ENDPOINT": self.web.url("")} | {"ACCESS_KEY_ID": "a", "SECRET_ACCESS_KEY": "b"}
        return {f"RCLONE_CONFIG_BUCKET_{key}": value for key, value in keys.items()} | {
            "RCLONE_S3_NO_CHECK_BUCKET": "true",
            "RCLONE_CONFIG": "/dev/null",
        }


@pytest.fixture
def bucket() -> Iterator[Bucket]:
    """An empty one."""
    if not shutil.which("rclone"):
        say = pytest.fail if os.environ.get(REQUIRED) == "required" else pytest.skip
        say(f"needs rclone (apt-get install -y rclone); {REQUIRED}=required makes this a failure")
    with serving() as web:
        made = Bucket(web)
        web.everywhere = made.act
        yield made


@pytest.fixture
def site(tmp_path) -> Path:
    """The demo's site."""
    return shutil.copytree(demo().parent / "site", tmp_path / "site")


def sync(site: Path, bucket: Bucket) -> subprocess.CompletedProcess[bytes]:
    """Send a site to the bucket."""
    return run("sync.sh", site, "bucket:results", **bucket.surroundings())


def test_everything_arrives_in_the_order_of_a_readers_questions(bucket, site):
    """Data, pages, pointers, and the manifest last."""
    ran = sync(site, bucket)
    order = [turn(name) for name, _ in bucket.put]

    assert (ran.returncode, ran.stderr.decode()) == (0, "")
    assert ({name: hashlib.sha256(data).hexdigest() for name, data in bucket.files.items()}, order) == (files_of(site), sorted(order))


def turn(name: str) -> int:
    """When a file may be put there."""
    patterns = (r"(v|static)/.*", r"(?!(c/[^/]+/)?latest\.json$|manifest\.json$).*", r".*latest\.json", r"manifest\.json")
    return next(number for number, pattern in enumerate(patterns) if re.fullmatch(pattern, name))


def test_every_file_carries_how_long_it_may_be_kept(bucket, site):
    """As nginx says it, because both say what docs/site.md says."""
    sync(site, bucket)
    page = (DEPLOY.parent / "docs" / "site.md").read_text(encoding="utf-8")
    keeps = re.findall(r"^\| .* \| `(public, .*)` \|$", page, re.MULTILINE)

    assert {keep: {turn(name) for name, kept in bucket.put if kept == keep} for keep in keeps} == dict(
        zip(keeps, ({0}, {2}, {1, 3}), strict=True)
    )


def test_what_is_there_is_not_sent_again(bucket, site):
    """One page has changed, one page is sent."""
    sync(site, bucket)
    bucket.put.clear()
    (site / "index.html").write_text("another page")
    sync(site, bucket)

    assert [name for name, _ in bucket.put] == ["index.html"]


def test_a_site_that_is_being_published_is_waited_for(bucket, site):
    """A publisher holds the folder's lock."""
    with SiteFolder(site).locked(), pytest.raises(subprocess.TimeoutExpired):
        subprocess.run([DEPLOY / "sync.sh", site, "bucket:results"], timeout=1, check=False)

    assert bucket.put == []
