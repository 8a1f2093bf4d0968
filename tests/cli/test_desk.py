"""The commands of the desk, as a person types them: accounts, and a process that is started, asked and stopped."""

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from commands import FINE, USAGE, command, racecall, surroundings
from desks import PASSWORD, counted


def account(*words: object, password: str = PASSWORD) -> tuple[int, str]:
    """Run `racecall account` with a password on standard input."""
    ran = subprocess.run(
        command("account", *words), input=f"{password}\n", capture_output=True, text=True, check=False, env=surroundings(), timeout=120
    )
    return ran.returncode, ran.stdout + ran.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An election with one count."""
    return counted(tmp_path)


def test_the_first_account_comes_from_the_command_line(folder: Path):
    """The password is read from a pipe and never an argument."""
    added = account("add", folder, "A. Editor", "--role", "admin")

    assert (added, racecall("account", "list", folder).out) == ((FINE, "Added A. Editor, admin.\n"), "admin   A. Editor\n")


@pytest.mark.parametrize(
    ("words", "password", "said"),
    [
        (("A. Editor", "--role", "king"), PASSWORD, 'no role "king".'),
        (("A. Editor",), "too short", "a password has 15 to 256 characters; this one has 9."),
        (("...",), PASSWORD, "a name has 1 to 60 printed characters."),
    ],
)
def test_what_makes_no_account_is_said(folder: Path, words: tuple[str, ...], password: str, said: str):
    """Nothing is made, and the exit code says so."""
    code, text = account("add", folder, *words, password=password)

    assert (code, said in text) == (USAGE, True)


def test_an_account_is_changed_and_closed(folder: Path):
    """Another role, another password, closed and open again: each is one command."""
    account("add", folder, "A. Editor")
    ran = [
        racecall("account", "role", folder, "A. Editor", "caller").out,
        account("password", folder, "A. Editor", password="five other words for tonight")[1],
        racecall("account", "disable", folder, "A. Editor").out,
        racecall("account", "list", folder).out,
        racecall("account", "enable", folder, "A. Editor").out,
    ]

    assert ran == [
        "A. Editor is caller now.\n",
        "A. Editor has another password, and is signed out everywhere.\n",
        "A. Editor may not sign in any more.\n",
        "caller  A. Editor  (disabled)\n",
        "A. Editor may sign in again.\n",
    ]


def test_accounts_as_json(folder: Path):
    """A program can list them; no hash is among what it gets."""
    account("add", folder, "A. Editor")
    listed = racecall("account", "list", folder, "--json").json

    assert (listed["name"], listed["role"], sorted(listed)) == ("A. Editor", "viewer", ["created_at", "disabled", "name", "role"])


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--host", "0.0.0.0"), "passwords would travel in the clear to 0.0.0.0."),
        (("--certificate", "cert.pem"), "HTTPS takes a certificate and its key."),
        (("--certificate", "cert.pem", "--key", "key.pem"), "there is no such file."),
        (("--metrics-token", "nowhere.txt"), "there is no such file."),
    ],
)
def test_what_would_be_unsafe_is_refused(folder: Path, options: tuple[str, ...], said: str):
    """The desk does not start in the clear, or half secured."""
    ran = racecall("desk", folder, *options)

    assert (ran.code, said in ran.err) == (USAGE, True)


def test_a_short_token_is_refused(folder: Path, tmp_path: Path):
    """A token that could be guessed opens nothing."""
    (tmp_path / "token.txt").write_text("short\n", encoding="utf-8")
    ran = racecall("desk", folder, "--metrics-token", tmp_path / "token.txt")

    assert (ran.code, "the token has fewer than 16 characters." in ran.err) == (USAGE, True)


def test_a_port_that_is_taken_is_said(folder: Path):
    """In words, with what to do."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ran = racecall("desk", folder, "--port", taken.getsockname()[1])

    assert (ran.code, "cannot be used" in ran.err) == (USAGE, True)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_desk_is_started_asked_and_stopped(folder: Path):
    """It says where it is and that nobody can sign in yet, shows everybody the door, and ends at once when told to."""
    with subprocess.Popen(
        command("desk", folder, "--port", 0), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=surroundings()
    ) as process:
        assert process.stdout is not None
        said = [process.stdout.readline(), process.stdout.readline()]
        text = " ".join(said) + (process.stdout.readline() if "http" not in " ".join(said) else "")
        address = text[text.index("http") :].split()[0]
        page = _asked(f"{address}sign-in")
        process.send_signal(signal.SIGTERM)
        code = process.wait(30)

    assert ("Nobody can sign in yet." in text, "Sign in" in page, code) == (True, True, FINE)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_a_desk_that_is_killed_leaves_no_process_behind(folder: Path):
    """SIGKILL to the desk ends what it started as well: nobody goes on judging for a desk that is not there."""
    with subprocess.Popen(command("desk", folder, "--port", 0), stdout=subprocess.PIPE, text=True, env=surroundings()) as process:
        assert process.stdout is not None
        while "http" not in process.stdout.readline():
            pass
        started = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii").split()
        process.kill()
        process.wait(30)
        left = started
        for _ in range(200):
            if not (left := [pid for pid in left if Path(f"/proc/{pid}").exists()]):
                break
            time.sleep(0.05)

    assert (bool(started), left) == (True, [])


def _asked(address: str) -> str:
    for _ in range(100):
        try:
            with urlopen(address, timeout=10) as answer:
                return str(answer.read().decode())
        except HTTPError:
            raise
        except OSError:
            time.sleep(0.1)
    return ""
