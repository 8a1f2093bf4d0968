"""`alerts.toml`: everything that is wrong is said at once, and no secret is repeated."""

import pytest

from alert_views import ELECTION
from racecall.desk.channels import MailChannel, Secret, parse_alerts, recipients_of
from racecall.errors import SettingsError, UnknownName, UsageError
from racecall.publish.alerts.event import AlertKind

WHOLE = """
[alerts]
page = "https://results.example.org/"
unsubscribe = "https://desk.example.org/unsubscribe"
secret = "file:alerts.secret"

[[webhook]]
name = "newsroom"
url = "https://example.org/hook"
secret = "env:HOOK"
contests = ["c"]
kinds = ["called", "retracted"]

[[mail]]
name = "readers"
server = "smtp.example.org"
sender = "results@example.org"
recipients = "readers.txt"
digest_minutes = 60
language = "es"

[[apprise]]
name = "slack"
url = "env:SLACK"
"""


def problem(source: str) -> str:
    with pytest.raises(SettingsError) as refused:
        parse_alerts(source, ELECTION)
    return str(refused.value)


def test_the_settings_are_read():
    """Channels in their order, each with what it takes."""
    alerts = parse_alerts(WHOLE, ELECTION)

    assert [channel.name for channel in alerts.channels] == ["newsroom", "readers", "slack"]
    assert (alerts.channels[0].wanted.kinds, alerts.channels[0].wanted.contests) == ({AlertKind.CALLED, AlertKind.RETRACTED}, {"c"})
    assert alerts.channels[1].every.total_seconds() == 3600
    assert [channel.language for channel in alerts.channels] == ["en", "es", "en"]


def test_a_language_without_a_catalogue_is_refused():
    """Alerts are never half in English because of a slip."""
    assert "language is 'xx'; expected one of en, es, ko." in problem('[[apprise]]\nname = "a"\nurl = "env:X"\nlanguage = "xx"\n')


def test_everything_wrong_is_said_at_once():
    """Keys, kinds, contests, names and what is missing, each with its table."""
    said = problem(
        '[[webhook]]\nname = "a"\nurl = "ftp://x"\ncolour = "red"\nkinds = ["won"]\n'
        '[[apprise]]\nname = "a"\nurl = "env:X"\ncontests = ["d"]\n[[pigeon]]\n'
    )

    assert said == (
        "alerts.toml: \n"
        "  no such table: [pigeon]. Tables: [alerts], [[webhook]], [[mail]], [[apprise]].\n"
        "  [[webhook]] a: url is no address (http:// or https://, a host, no name or password).\n"
        "  [[webhook]] a: no such key: colour. Keys: name, contests, kinds, language, url, secret.\n"
        "  [[webhook]] a: kinds is ['won']; expected a list of retracted, under_review, stepped_back, called, certified, correction, "
        "likely, held, free, agency_retraction, agency_call, concession_retracted, concession, victory_claim, release, next_release, "
        "story_stale.\n"
        "  [[webhook]] a: secret is missing.\n"
        '  channel "a" is listed twice: give each its own name.\n'
        '  channel "a": no contest "d" in election.toml.\n'
        "Correct alerts.toml and run the command again; nothing was changed."
    )


@pytest.mark.parametrize(
    "line", ['[[webhook]]\nsecret = "hunter2"', '[[apprise]]\nurl = "slack://hunter2/b/c"', '[[mail]]\npassword = "hunter2"']
)
def test_a_secret_in_the_settings_is_refused_and_not_repeated(line):
    """Whoever may read the settings would have it, and so would whoever reads the message."""
    said = problem(line)

    assert "is to say where the secret stands, not what it is" in said
    assert "hunter2" not in said


def test_an_address_with_a_password_is_refused_and_not_repeated():
    """It would stand in the record of what was sent."""
    said = problem('[[webhook]]\nname = "a"\nsecret = "env:X"\nurl = "https://me:hunter2@example.org/"')

    assert "hunter2" not in said


def test_a_list_of_readers_needs_a_secret():
    """Readers are kept as numbers made with it."""
    assert "[alerts]: secret is missing" in problem(WHOLE.replace('secret = "file:alerts.secret"', ""))


def test_a_secret_is_read_where_it_stands(tmp_path, monkeypatch):
    """In the environment, or in a file; an empty one is none."""
    (tmp_path / "s").write_text("  from the file\n")
    (tmp_path / "empty").write_text("\n")
    monkeypatch.setenv("SOME_SECRET", "from the environment")

    assert (Secret("file:s").read(tmp_path), Secret("env:SOME_SECRET").read(tmp_path)) == ("from the file", "from the environment")
    for place in ("file:empty", "env:NO_SUCH_NAME"):
        with pytest.raises(UsageError, match="there is no secret there"):
            Secret(place).read(tmp_path)


def test_readers_stand_one_a_line(tmp_path):
    """Each once; empty lines and remarks are left out."""
    (tmp_path / "readers.txt").write_text("# the desk\na@example.org\n\nb@example.org\na@example.org\n")
    channel = parse_alerts(WHOLE, ELECTION).channels[1]
    assert isinstance(channel, MailChannel)

    assert recipients_of(channel, tmp_path) == ("a@example.org", "b@example.org")


@pytest.mark.parametrize("line", ["Ann <a@example.org>", "a@example.org, b@example.org", "nobody", "a@b\tc", "a@example.org\x0bBcc: x@y.z"])
def test_a_line_that_is_no_address_is_refused(line, tmp_path):
    """It would end up in a header; its number is said, and not the line."""
    (tmp_path / "readers.txt").write_text(f"a@example.org\n{line}\n")
    channel = parse_alerts(WHOLE, ELECTION).channels[1]
    assert isinstance(channel, MailChannel)

    with pytest.raises(SettingsError) as refused:
        recipients_of(channel, tmp_path)

    assert "is not one mail address." in str(refused.value)


def test_a_channel_is_found_by_its_name():
    """A name that is none is answered with those that are."""
    with pytest.raises(UnknownName) as refused:
        parse_alerts(WHOLE, ELECTION).channel("telegram")

    assert str(refused.value) == 'alerts.toml: no channel "telegram".\nChannels: newsroom, readers, slack.'
