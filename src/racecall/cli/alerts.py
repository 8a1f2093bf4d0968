"""The alerts command: what happened goes to those who want to hear of it, once to each."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from racecall.cli.common import FINDINGS, FINE, Folder, Json, count, end, say, say_json

if TYPE_CHECKING:
    from racecall.desk.delivering import Desk, Told
    from racecall.desk.outbox import Item
    from racecall.publish.alerts.event import AlertEvent

app = typer.Typer(no_args_is_help=True)


@app.command("send")
def send(
    dir_: Folder,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be told to whom; send and write nothing.")] = False,
    from_start: Annotated[
        bool, typer.Option("--from-start", help="The first time: tell what is recorded already as well, not only what comes.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Tell the channels of alerts.toml what the record says anew, and what could not be sent before.

    The first time, it is only noted where the record stands: what comes after is told.

    Example: racecall alerts send la2022
    """
    desk = desk_of(dir_)
    if dry_run:
        _say_plan(desk, from_start=from_start, as_json=as_json)
        return
    first = not desk.outbox.exists()
    new = desk.take_in(from_start=from_start)
    if first and not from_start and not as_json:
        say("Alerts begin here: what is recorded from now on is told.")
    end(FINDINGS if _say_sent(desk, as_json=as_json, quiet=first or bool(new)) else FINE)


def send_new(desk: Desk, *, as_json: bool) -> bool:
    """Tell what is new while a watch goes on; say whether anything could not be sent."""
    desk.take_in()
    return _say_sent(desk, as_json=as_json, quiet=True)


def desk_of(dir_: Path) -> Desk:
    """Return the desk of a folder, its alerts.toml read."""
    from racecall.desk.delivering import Desk
    from racecall.desk.folder import open_folder

    return Desk(open_folder(dir_))


def _say_plan(desk: Desk, *, from_start: bool, as_json: bool) -> None:
    """Say what is new and to whom it would go; what nobody wants is counted."""
    planned = [(event, Counter(name for name, _ in targets)) for event, targets in desk.addressed(desk.news(from_start=from_start))]
    for event, channels in planned:
        if as_json:
            say_json({**_event_object(event), "channels": dict(channels)})
        elif channels:
            say(f"{event.kind.value}: {_headline(event)}\n    to {', '.join(_channel_words(*one) for one in channels.items())}")
    unwanted = sum(not channels for _, channels in planned)
    if not as_json and (unwanted or not planned):
        say(f"{count(unwanted, 'alert')} that nobody is to be told." if unwanted else "Nothing new.")


def _channel_words(name: str, readers: int) -> str:
    return f"{name} ({count(readers, 'reader')})" if readers > 1 else name


def _say_sent(desk: Desk, *, as_json: bool, quiet: bool) -> bool:
    """Send, and say what came of each attempt; return whether anything did not arrive."""
    trouble, sent = False, False
    for told in desk.send():
        sent, trouble = True, trouble or told.came.value != "sent"
        if as_json:
            say_json(_told_object(told))
        else:
            say(_told_words(told, desk))
    if not sent and not quiet and not as_json:
        say("Nothing to send.")
    return trouble


def _told_words(told: Told, desk: Desk) -> str:
    from racecall.publish.words import clock

    more = f" (and {len(told.events) - 1:,} more)" if len(told.events) > 1 else ""
    what = f"{told.channel}: {_headline(told.events[0])}{more}"
    if told.came.value == "sent":
        return f"sent to {what}"
    if told.next_at:
        return f"not sent to {what}\n    {told.words} Tried again from {clock(told.next_at, desk.folder.election.zone)}."
    return f"given up: {what}\n    {told.words} When that is put right: racecall alerts retry {desk.folder.path}"


def _told_object(told: Told) -> dict[str, Any]:
    from racecall.ledger.events import iso

    return {
        "channel": told.channel,
        "alerts": [event.id for event in told.events],
        "came": told.came.value,
        "words": told.words,
        "next_at": iso(told.next_at) if told.next_at else None,
    }


def _headline(event: AlertEvent) -> str:
    from racecall.publish.alerts.sentences import headline

    return headline(event)


def _event_object(event: AlertEvent) -> dict[str, Any]:
    from racecall.publish.alerts.event import event_object
    from racecall.publish.alerts.sentences import text

    return {"headline": _headline(event), "text": text(event), **event_object(event)}


@app.command("list")
def list_alerts(
    dir_: Folder,
    every: Annotated[bool, typer.Option("--all", help="Those that arrived, or whose place was taken, too.")] = False,
    as_json: Json = False,
) -> None:
    """List what is still to be sent and what was given up.

    Example: racecall alerts list la2022 --all
    """
    items = desk_of(dir_).outbox.items()
    shown = [item for item in items if every or item.state.value in {"waiting", "sending", "given_up"}]
    for item in shown:
        say_json(_item_object(item)) if as_json else say(_item_words(item))
    if not as_json:
        states = Counter(item.state.value.replace("_", " ") for item in items)
        say(", ".join(f"{number:,} {state}" for state, number in states.items()) or "Nothing was ever to be sent.")
    end(FINDINGS if any(item.state.value == "given_up" for item in items) else FINE)


def _item_words(item: Item) -> str:
    trouble = f"\n    {count(item.attempts, 'attempt')}: {item.words}" if item.words else ""
    return f"{item.state.value.replace('_', ' ')}: {item.channel}: {_headline(item.event)}{trouble}"


def _item_object(item: Item) -> dict[str, Any]:
    from racecall.ledger.events import iso

    return {
        "alert": item.event.id,
        "headline": _headline(item.event),
        "channel": item.channel,
        "reader": item.reader,
        "state": item.state.value,
        "attempts": item.attempts,
        "next_at": iso(item.next_at),
        "ended_at": iso(item.ended_at) if item.ended_at else None,
        "words": item.words,
    }


@app.command("retry")
def retry(dir_: Folder) -> None:
    """Let what was given up be tried again, with the next send.

    Example: racecall alerts retry la2022
    """
    desk = desk_of(dir_)
    again = desk.outbox.retry(at=desk.folder.store.clock())
    say(f"{count(again, 'alert')} will be tried again: racecall alerts send {dir_}" if again else "Nothing was given up.")


@app.command("test")
def test(
    dir_: Folder,
    channel: Annotated[str, typer.Argument(metavar="CHANNEL", help="Its name in alerts.toml.", show_default=False)],
) -> None:
    """Send through one channel that this is a test; of a list of readers, to the first one.

    Example: racecall alerts test la2022 newsroom
    """
    carried = desk_of(dir_).test(channel)
    say(f"It arrived at {channel}." if carried.arrived else f"It did not arrive at {channel}: {carried.words}")
    end(FINE if carried.arrived else FINDINGS)


@app.command("unsubscribe")
def unsubscribe(
    dir_: Folder,
    token: Annotated[str, typer.Argument(metavar="TOKEN", help="What stands behind token= in the reader's link.", show_default=False)],
) -> None:
    """Take a reader off a list by the token of their link; nothing more is sent to them.

    Example: racecall alerts unsubscribe la2022 NGQ5…
    """
    name = desk_of(dir_).unsubscribe(token)
    say(f"The reader is off the list {name}.")
