"""Who may come in: accounts, sessions and tries, each at a clock that is set by hand."""

import sqlite3
import time
from datetime import timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from desks import PASSWORD, Clock
from racecall.desk.web.accounts import Accounts, Role, hasher
from racecall.desk.web.attempts import PER_ADDRESS, PER_NAME, WINDOW, Attempts
from racecall.desk.web.database import FILE, FRESH_SECONDS, SETTLED_SECONDS, DeskDatabase
from racecall.desk.web.sessions import IDLE, LONGEST, Sessions, random_token
from racecall.errors import StorageError, UnknownName, UsageError

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture
def clock() -> Clock:
    """A clock of one's own."""
    return Clock()


@pytest.fixture
def database(tmp_path: Path) -> DeskDatabase:
    """An empty database of a desk."""
    return DeskDatabase(tmp_path)


@pytest.fixture
def accounts(database: DeskDatabase, clock: Clock) -> Accounts:
    """Accounts with hashes that cost nothing."""
    return Accounts(database, clock=clock, hasher=CHEAP)


@pytest.fixture
def sessions(database: DeskDatabase, clock: Clock) -> Sessions:
    """Sessions beside them."""
    return Sessions(database, clock=clock)


# -- accounts ----------------------------------------------------------------------------------------------------------------------------


def test_whoever_has_the_password_is_let_in(accounts: Accounts):
    """A name and its password give the account."""
    made = accounts.add("A. Editor", Role.EDITOR, PASSWORD)

    assert accounts.check("A. Editor", PASSWORD) == made


@pytest.mark.parametrize(("name", "password"), [("A. Editor", "four words that do not belonG"), ("Nobody", PASSWORD), ("", "")])
def test_nobody_else_is(accounts: Accounts, name: str, password: str):
    """A wrong password and an unknown name are answered alike."""
    accounts.add("A. Editor", Role.EDITOR, PASSWORD)

    assert accounts.check(name, password) is None


def test_an_unknown_name_costs_a_check_as_well(database: DeskDatabase, clock: Clock):
    """Whether there is an account cannot be told from how long the answer takes: a hash is checked either way."""
    checked = []

    class Counting(PasswordHasher):
        def verify(self, hash: str, password: str) -> bool:  # noqa: A002
            checked.append(hash)
            return super().verify(hash, password)

    Accounts(database, clock=clock, hasher=Counting(time_cost=1, memory_cost=8, parallelism=1)).check("Nobody", PASSWORD)

    assert len(checked) == 1


def test_a_name_in_other_letters_is_the_same_person(accounts: Accounts):
    """One person cannot have two accounts, and so two signatures, by writing the name differently."""
    accounts.add("José Núñez", Role.CALLER, PASSWORD)

    with pytest.raises(UsageError, match='there is an account "José Núñez" already'):
        accounts.add("jose  nunez", Role.CALLER, PASSWORD)


@pytest.mark.parametrize("name", ["", "  ", "...", "a" * 61, "a\nb\x00"])
def test_a_name_is_something_that_can_be_read(accounts: Accounts, name: str):
    """A name stands in the record, so it is printed text of some letters."""
    with pytest.raises(UsageError, match="1 to 60 printed characters"):
        accounts.add(name, Role.VIEWER, PASSWORD)


@pytest.mark.parametrize("password", ["", "fourteen chars", "x" * 257])
def test_a_password_is_long_enough(accounts: Accounts, password: str):
    """A password alone says who somebody is, so it has fifteen characters or more."""
    with pytest.raises(UsageError, match="a password has 15 to 256 characters"):
        accounts.add("A. Editor", Role.VIEWER, password)


def test_a_disabled_account_is_not_let_in(accounts: Accounts):
    """The right password of somebody who has left opens nothing."""
    accounts.add("A. Editor", Role.EDITOR, PASSWORD)
    accounts.disable("A. Editor")

    assert accounts.check("A. Editor", PASSWORD) is None


def test_a_change_for_nobody_is_refused(accounts: Accounts):
    """A slip in a name changes nothing, and says so."""
    with pytest.raises(UnknownName, match=r'no account "A\. Editro"'):
        accounts.set_role("A. Editro", Role.ADMIN)


def test_only_hashes_are_kept(accounts: Accounts, database: DeskDatabase):
    """The database of a desk holds no password; its hash is argon2id with a salt."""
    accounts.add("A. Editor", Role.EDITOR, PASSWORD)
    with sqlite3.connect(database.path) as connection:
        kept = connection.execute("SELECT password FROM accounts").fetchone()[0]
    connection.close()

    assert (kept.startswith("$argon2id$"), PASSWORD.encode() in database.path.read_bytes()) == (True, False)


def test_a_hash_of_another_cost_is_made_anew_at_the_next_sign_in(accounts: Accounts, database: DeskDatabase, clock: Clock):
    """When the cost of a hash is raised, old hashes follow."""
    accounts.add("A. Editor", Role.EDITOR, PASSWORD)
    dearer = Accounts(database, clock=clock, hasher=PasswordHasher(time_cost=2, memory_cost=8, parallelism=1))
    dearer.check("A. Editor", PASSWORD)
    with sqlite3.connect(database.path) as connection:
        kept = connection.execute("SELECT password FROM accounts").fetchone()[0]
    connection.close()

    assert "t=2" in kept


def test_the_hash_in_use_is_as_costly_as_we_say():
    """argon2id, 64 MiB, three passes, four lanes."""
    assert hasher().hash(PASSWORD).startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_the_database_is_for_its_owner_alone(database: DeskDatabase):
    """Nobody else on the machine reads the hashes."""
    assert database.path.stat().st_mode & 0o077 == 0


def test_a_damaged_database_is_said_in_words(tmp_path: Path):
    """What is no database any more is named, with what to do."""
    (tmp_path / FILE).write_bytes(b"this is no database at all, and never was one" * 100)

    with pytest.raises(StorageError, match=r"desk\.db: the accounts and sessions cannot be read .*; the record is untouched"):
        DeskDatabase(tmp_path)


def test_roles_stand_one_above_the_other():
    """Each role may do what those before it may, and no more."""
    may = [[role.may(needed) for needed in Role] for role in Role]

    assert may == [[True, False, False, False], [True, True, False, False], [True, True, True, False], [True, True, True, True]]


# -- sessions ----------------------------------------------------------------------------------------------------------------------------


def test_a_token_finds_its_session(accounts: Accounts, sessions: Sessions):
    """Whoever brings the token is who signed in."""
    token = sessions.begin(accounts.add("A. Editor", Role.EDITOR, PASSWORD))
    found = sessions.find(token)

    assert found is not None
    assert found.account.name == "A. Editor"


@pytest.mark.parametrize("token", ["", "nonsense", "' OR 1=1 --"])
def test_another_token_finds_none(accounts: Accounts, sessions: Sessions, token: str):
    """A made-up token opens nothing."""
    sessions.begin(accounts.add("A. Editor", Role.EDITOR, PASSWORD))

    assert sessions.find(token) is None


def test_a_token_is_not_kept(accounts: Accounts, sessions: Sessions, database: DeskDatabase):
    """A stolen copy of the database opens no session: it has hashes of tokens only."""
    token = sessions.begin(accounts.add("A. Editor", Role.EDITOR, PASSWORD))
    kept = b"".join(path.read_bytes() for path in database.path.parent.glob("desk.db*"))

    assert token.encode() not in kept


def test_tokens_are_long_and_never_the_same():
    """A token has 256 random bits."""
    tokens = {random_token() for _ in range(1000)}

    assert (len(tokens), min(map(len, tokens))) == (1000, 43)


@pytest.mark.parametrize(("role", "lasts"), sorted(IDLE.items()))
def test_a_session_ends_when_nobody_clicks(accounts: Accounts, sessions: Sessions, clock: Clock, role: Role, lasts: timedelta):
    """An hour after the last click; the board on the wall, which can only be read, stays for the night."""
    token = sessions.begin(accounts.add("A. Editor", role, PASSWORD))
    clock.at += lasts - timedelta(seconds=1)
    still = sessions.find(token, click=False)
    clock.later(seconds=1)

    assert (still is not None, sessions.find(token, click=False)) == (True, None)


def test_a_click_keeps_a_session(accounts: Accounts, sessions: Sessions, clock: Clock):
    """Whoever works is not signed out."""
    token = sessions.begin(accounts.add("A. Editor", Role.EDITOR, PASSWORD))
    for _ in range(4):
        clock.later(minutes=50)
        sessions.find(token)

    assert sessions.find(token) is not None


def test_a_script_keeps_none(accounts: Accounts, sessions: Sessions, clock: Clock):
    """A page that is left open refreshes itself, and its session ends all the same."""
    token = sessions.begin(accounts.add("A. Editor", Role.EDITOR, PASSWORD))
    for _ in range(4):
        clock.later(minutes=20)
        sessions.find(token, click=False)

    assert sessions.find(token) is None


def test_a_session_ends_after_half_a_day_whatever_is_done(accounts: Accounts, sessions: Sessions, clock: Clock):
    """Nobody stays signed in for ever by clicking."""
    token = sessions.begin(accounts.add("A. Editor", Role.EDITOR, PASSWORD))
    for _ in range(int(LONGEST / timedelta(minutes=30))):
        clock.later(minutes=30)
        sessions.find(token)

    assert sessions.find(token) is None


@pytest.mark.parametrize("change", ["password", "disable"])
def test_a_new_password_and_a_closed_account_end_every_session(accounts: Accounts, sessions: Sessions, change: str):
    """Whoever has stolen a session loses it as well."""
    tokens = [sessions.begin(accounts.add("A. Editor", Role.EDITOR, PASSWORD)), sessions.begin(accounts.all()[0])]
    accounts.set_password("A. Editor", PASSWORD + "!") if change == "password" else accounts.disable("A. Editor")

    assert [sessions.find(token) for token in tokens] == [None, None]


def test_what_was_read_is_remembered(accounts: Accounts, sessions: Sessions):
    """Two hundred open pages ask who is signed in, and the file is read once; but not what was read in the moment of writing."""
    token = sessions.begin(accounts.add("A. Editor", Role.EDITOR, PASSWORD))
    just_written = (sessions.find(token), sessions.recall(token))
    time.sleep(2 * SETTLED_SECONDS)
    found = sessions.find(token)

    assert just_written == (found, None)
    assert (sessions.recall(token), sessions.recall("nonsense")) == ((found,), (None,))


@pytest.mark.parametrize("change", ["password", "disable"])
def test_what_another_program_changes_counts_at_once(
    accounts: Accounts, sessions: Sessions, clock: Clock, database: DeskDatabase, change: str
):
    """`racecall account` closes an account beside a desk that runs."""
    token = sessions.begin(accounts.add("A. Editor", Role.EDITOR, PASSWORD))
    time.sleep(2 * SETTLED_SECONDS)
    sessions.find(token)
    other = Accounts(DeskDatabase(database.path.parent), clock=clock, hasher=CHEAP)
    other.set_password("A. Editor", PASSWORD + "!") if change == "password" else other.disable("A. Editor")

    assert (sessions.recall(token), sessions.find(token)) == (None, None)


def test_what_was_read_is_read_again_after_some_seconds(accounts: Accounts, sessions: Sessions, monkeypatch: pytest.MonkeyPatch):
    """However the file looks."""
    token = sessions.begin(accounts.add("A. Editor", Role.EDITOR, PASSWORD))
    time.sleep(2 * SETTLED_SECONDS)
    sessions.find(token)
    monkeypatch.setattr("time.monotonic", lambda now=time.monotonic: now() + FRESH_SECONDS)

    assert sessions.recall(token) is None


def test_a_click_that_has_to_be_written_down_is_not_recalled(accounts: Accounts, sessions: Sessions, clock: Clock):
    """Writing waits for the disk, and who answers everybody does not."""
    token = sessions.begin(accounts.add("A. Editor", Role.EDITOR, PASSWORD))
    time.sleep(2 * SETTLED_SECONDS)
    sessions.look()
    clock.later(minutes=1)
    known = (sessions.recall(token), sessions.recall(token, click=False))
    found = sessions.find(token)
    time.sleep(2 * SETTLED_SECONDS)
    sessions.look()

    assert known == (None, (found,))
    assert sessions.recall(token) is not None


def test_a_session_that_is_over_is_not_recalled(accounts: Accounts, sessions: Sessions, clock: Clock):
    """What is remembered is held against the clock each time."""
    token = sessions.begin(accounts.add("A. Editor", Role.EDITOR, PASSWORD))
    time.sleep(2 * SETTLED_SECONDS)
    sessions.look()
    clock.at += LONGEST

    assert sessions.recall(token, click=False) == (None,)


def test_another_role_counts_from_the_next_click(accounts: Accounts, sessions: Sessions):
    """Rights that were taken away are gone at once."""
    token = sessions.begin(accounts.add("A. Editor", Role.ADMIN, PASSWORD))
    accounts.set_role("A. Editor", Role.VIEWER)
    found = sessions.find(token)

    assert found is not None
    assert found.account.role is Role.VIEWER


# -- tries -------------------------------------------------------------------------------------------------------------------------------


def test_a_name_is_tried_ten_times(clock: Clock):
    """The eleventh try within a quarter of an hour is refused, from wherever it comes."""
    attempts = Attempts(clock)
    made = [attempts.begin("A. Editor", f"192.0.2.{number}") for number in range(PER_NAME + 1)]

    assert made == [True] * PER_NAME + [False]


def test_a_name_in_other_letters_is_the_same_to_the_count(clock: Clock):
    """Writing a name differently gives no more tries."""
    attempts = Attempts(clock)
    for number in range(PER_NAME):
        attempts.begin("A. Editor" if number % 2 else "a editor", f"192.0.2.{number}")

    assert not attempts.begin("A EDITOR", "198.51.100.1")


def test_an_address_is_tried_from_thirty_times(clock: Clock):
    """One machine cannot go through many names."""
    attempts = Attempts(clock)
    made = [attempts.begin(f"person {number}", "192.0.2.1") for number in range(PER_ADDRESS + 1)]

    assert made == [True] * PER_ADDRESS + [False]


def test_a_quarter_of_an_hour_later_it_may_be_tried_again(clock: Clock):
    """A wait is a wait, and no ban."""
    attempts = Attempts(clock)
    for _ in range(PER_NAME):
        attempts.begin("A. Editor", "192.0.2.1")
    clock.at += WINDOW

    assert attempts.begin("A. Editor", "192.0.2.1")


def test_the_right_password_forgets_the_failures(clock: Clock):
    """Somebody who mistypes now and then is never locked out."""
    attempts = Attempts(clock)
    for _ in range(3):
        for _ in range(PER_NAME - 1):
            attempts.begin("A. Editor", "192.0.2.1")
        attempts.succeeded("A. Editor", "192.0.2.1")
        clock.at += WINDOW

    assert attempts.begin("A. Editor", "192.0.2.1")
