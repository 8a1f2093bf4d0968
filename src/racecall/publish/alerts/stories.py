"""A stored story that needs an update, as an alert: once for each story and for what the record says of it now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from racecall.calls.view import View
from racecall.coverage.changes import Change
from racecall.coverage.rows import Story
from racecall.publish.alerts.event import AlertEvent, AlertKind, plain
from racecall.publish.alerts.events import event_id


def story_event(story: Story, changes: Sequence[Change], view: View, *, earlier: Iterable[AlertEvent] = ()) -> AlertEvent:
    """Return the alert that a story needs an update.

    Args:
        story: The story.
        changes: Its claims that the record does not bear any more.
        view: The election now.
        earlier: Alerts that were made before: the last one about this story is taken the place of.
    """
    election, topic = view.election, f"story/{story.id}"
    told = [event for event in earlier if event.topic == topic]
    cause = [text for change in changes for text in (change.text, change.after.verdict.value, change.new)]
    return AlertEvent(
        id=event_id(election.id, story.contest, AlertKind.STORY_STALE, topic, story.capture, *cause),
        kind=AlertKind.STORY_STALE,
        election=election.id,
        contest=story.contest,
        title=plain(election.contest(story.contest).title if story.contest else election.title),
        topic=topic,
        at=view.as_of,
        timezone=election.timezone,
        head=view.head,
        facts={"name": plain(story.title), "outlet": plain(story.outlet), "claims": len(changes), "problem": plain(_first(changes))},
        supersedes=(told[-1].id, *told[-1].supersedes) if told else (),
        rehearsal=view.rehearsal,
    )


def _first(changes: Sequence[Change]) -> str:
    """Say of the first claim what the record said and says."""
    if not changes:
        return ""
    change = changes[0]
    figures = f" {change.old} → {change.new}." if change.old and change.new else ""
    return f"“{change.text}”:{figures} {change.after.reason}"
