"""Alerts: what happened, told once to each who wants to hear it. Pure: views in, events and their words out; the desk delivers them.

    alert_events(views)                            what happened over successive views of one election
    atom_feed(events, election=…, base_url=…)      Atom (RFC 4287), bytes
    json_feed(events, election=…, base_url=…)      JSON Feed 1.1, bytes
    calendar(election, announced(events))          iCalendar of the releases that are due (RFC 5545), bytes

`base_url` is the address of the folder that the files lie in, with a stroke at its end: the feeds call themselves `alerts.atom` and
`alerts.json` there. The same views give the same events, ids and bytes.
"""

from racecall.publish.alerts.atom import atom_feed
from racecall.publish.alerts.event import AlertEvent, AlertKind
from racecall.publish.alerts.events import alert_events
from racecall.publish.alerts.ical import announced, calendar
from racecall.publish.alerts.json_feed import json_feed

__all__ = ["AlertEvent", "AlertKind", "alert_events", "announced", "atom_feed", "calendar", "json_feed"]
