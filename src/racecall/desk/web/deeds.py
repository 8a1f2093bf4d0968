"""What people do at the desk, for pages and for programs alike: the same rules, the same words, one more event of the ledger each.

Whoever records something names the last event of the record that they saw (`head`). If the record has moved since, nothing is recorded and
what would change is shown again: nobody signs what they have not seen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from racecall.calls.decided import MEANS, UNSAID, Call
from racecall.calls.view import ContestView, Recommendation
from racecall.desk.accepting import Accepted, accept_finding
from racecall.desk.calling import decide
from racecall.desk.web import entries
from racecall.desk.web.accounts import Account, Role
from racecall.desk.web.changes import Preview, preview, record
from racecall.desk.web.service import Desk
from racecall.desk.web.typed import Mismatch, TypedCount, differences, read_cells
from racecall.errors import UnknownName, UsageError
from racecall.ledger.events import iso
from racecall.ledger.resolve import folded
from racecall.model.counts import BallotKind
from racecall.model.decision import DecisionKind
from racecall.model.finding import Finding, Severity
from racecall.model.release import ReportKind

if TYPE_CHECKING:
    from racecall.desk.publishing import Difference

MOVED = "The record has moved since this page was made. Look again at what would change, then record it."

REPORTED = (
    ReportKind.AGENCY_CALL,
    ReportKind.AGENCY_RETRACTION,
    ReportKind.VICTORY_CLAIM,
    ReportKind.CONCESSION,
    ReportKind.CONCESSION_RETRACTED,
)
"""What may be reported of others at the desk."""
STATED = (BallotKind.OUTSTANDING, BallotKind.CAST, BallotKind.RETURNED, BallotKind.ISSUED, BallotKind.REGISTERED)
"""What an office may have stated."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What somebody did is in the record now."""

    what: str


# -- Statements and reports --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Something that is typed, shown and recorded.

    Args:
        name: What it is called: in the address of its form, in the name of its file, and in the figures.
        write: Makes the entry from what was typed.
    """

    name: str
    write: Callable[[Mapping[str, str]], bytes]


STATEMENT = Entry(name="statement", write=entries.statement_entry)
REPORT = Entry(name="report", write=entries.report_entry)


def enter(desk: Desk, entry: Entry, typed: Mapping[str, str], *, by: Account, head: str) -> Preview | Recorded:
    """Record an entry if its person has seen what it changes, else show it.

    Args:
        desk: The desk.
        entry: What it is.
        typed: The fields, by name.
        by: Who records it.
        head: Hash of the last event that they saw, "" if they have seen nothing yet.

    Raises:
        BrokenFile: Something in it is not as it should be.
        UnknownName: It is about a contest that is not followed.
    """
    if typed.get("contest"):
        desk.now.contest(typed["contest"])
    raw, name = entry.write(typed), f"{entry.name}-{iso(desk.clock())}"
    shown = preview(desk.acting(), desk.now.view, raw, name)
    if head != shown.head or shown.skipped:
        return shown
    record(desk.acting(), raw, name, by=by.name)
    return done(desk, entry.name)


def done(desk: Desk, what: str) -> Recorded:
    """Count what was recorded, and take it up at once, so that whoever recorded it sees it."""
    desk.figures.actions[what] += 1
    desk.keeper.look()
    return Recorded(what)


# -- A count by hand ---------------------------------------------------------------------------------------------------------------------


def type_count(desk: Desk, contest: str, form: Mapping[str, str], *, by: Account, beside: str) -> TypedCount | tuple[Mismatch, ...]:
    """Take one typing of a count: keep the first; compare the second, and return where the two differ or the count they agree on.

    Args:
        desk: The desk.
        contest: Contest id.
        form: The fields, by name.
        by: Who typed.
        beside: Id of the first typing that this is the second of, "" if it is the first.

    Raises:
        BrokenFile: Something in it is not as it should be.
        UsageError: Another count was typed or discarded meanwhile.
    """
    cells = read_cells(form, desk.now.contest(contest).contest)
    first = desk.typed.waiting(contest)
    if beside != (first.id if first else ""):
        raise UsageError("another count of this contest was typed or discarded meanwhile.", next_step="Look again, then type it.")
    if first is None:
        return _first_typing(desk, contest, cells, by)
    return differences(first.cells, cells) or desk.typed.agree(first, by=by.name)


def _first_typing(desk: Desk, contest: str, cells: Mapping[str, str], by: Account) -> TypedCount:
    typed = TypedCount(id="", contest=contest, by=by.name, at=desk.clock(), cells=cells)
    look_at_count(desk, typed)  # what is wrong with it is said before a second person types it
    desk.figures.actions["count typed"] += 1
    return desk.typed.first(contest, cells, by=by.name, at=typed.at)


def waiting_count(desk: Desk, contest: str) -> TypedCount:
    """Return the count of a contest that waits; `UnknownName` if there is none."""
    desk.now.contest(contest)
    found = desk.typed.waiting(contest)
    if found is None:
        raise UnknownName("no count of this contest waits.", next_step="It was recorded or discarded.")
    return found


def look_at_count(desk: Desk, typed: TypedCount) -> Preview:
    """Return what recording a count would change."""
    return preview(desk.acting(), desk.now.view, entries.count_entry(typed), _count_name(typed))


def _count_name(typed: TypedCount) -> str:
    return f"count-{typed.contest}-{iso(typed.at)}"


def record_count(desk: Desk, contest: str, *, by: Account, head: str) -> Preview | Recorded:
    """Record a count that was typed twice, if its person has seen what it changes.

    Raises:
        UnknownName: No count waits.
        UsageError: It was typed only once.
    """
    typed = waiting_count(desk, contest)
    if not typed.again:
        raise UsageError("this count was typed only once.", next_step="Type it a second time, from the source.")
    shown = look_at_count(desk, typed)
    if head != shown.head or shown.skipped:
        return shown
    record(desk.acting(), entries.count_entry(typed), _count_name(typed), by=by.name)
    desk.typed.discard(typed)
    return done(desk, "count")


def discard_count(desk: Desk, contest: str) -> Recorded:
    """Throw away a count that waits; nothing of it was recorded."""
    desk.typed.discard(waiting_count(desk, contest))
    return done(desk, "count discarded")


# -- Findings ----------------------------------------------------------------------------------------------------------------------------


def find_finding(desk: Desk, finding: str) -> Finding:
    """Return a finding; `UnknownName` if there is none of this id."""
    for _, one in desk.now.records.findings:
        if one.id == finding:
            return one
    raise UnknownName(f"no finding {finding!r}.", next_step="The board and the audit log have all of them.")


def role_for(finding: Finding) -> Role:
    """Return who may accept a finding: letting one pass that holds calls is half of a call."""
    return Role.CALLER if finding.severity is Severity.HOLD_CALLS else Role.EDITOR


def accept(desk: Desk, finding: Finding, *, by: Account, reason: str) -> Accepted:
    """Accept a finding.

    Raises:
        UsageError: There is no reason, or this person has accepted it before.
    """
    accepted = accept_finding(desk.acting(), finding.id, by=by.name, reason=reason)
    done(desk, "acceptance")
    return accepted


# -- Calls -------------------------------------------------------------------------------------------------------------------------------


def call_of(view: ContestView, option: str) -> Call | None:
    """Return what people have made of an option so far, None if nobody has signed anything."""
    return next((call for call in view.calls if call.option == option), None)


def kinds_for(view: ContestView, option: str, account: Account) -> tuple[DecisionKind, ...]:
    """Return what somebody may decide about an option as things stand; nobody signs the same twice."""
    call = call_of(view, option)
    state, said = (call.state, call.waiting) if call else (UNSAID, ())
    own = {decision.kind for decision in said if folded(decision.by) == folded(account.name)}
    shut = own | (set() if may_approve(view, option) else {DecisionKind.APPROVE})
    open_ = MEANS[state] | ({DecisionKind.RETRACT} if said else set())  # a proposal is sent back by one person
    return tuple(kind for kind in DecisionKind if kind in open_ and kind not in shut)


def may_approve(view: ContestView, option: str) -> bool:
    """Whether evidence allows a call of an option; who asks all the same is told why not."""
    held = any(finding.severity is Severity.HOLD_CALLS for finding in view.findings)
    places = (slot for slot in view.slots if slot.option and slot.option.id == option)
    return not held and any(slot.recommendation is not Recommendation.WAIT for slot in places)


def make_call(desk: Desk, contest: str, option: str, *, by: Account, kind: str, reason: str, head: str, seen: bool) -> Recorded:
    """Record one person's decision about a call.

    Args:
        desk: The desk.
        contest: Contest id.
        option: Option id.
        by: Who decides.
        kind: Approve, retract or reaffirm.
        reason: Why.
        head: Hash of the last event that they saw.
        seen: Whether they say that they have looked.

    Raises:
        UsageError: It cannot be decided so, or the figures have changed since they looked; the record is as it was.
    """
    if not seen or not head:
        raise UsageError("a call is decided by somebody who has looked.", next_step="Open the count and the statement, then say so.")
    decide(desk.acting(), contest, option, _kind(kind), by=by.name, reason=reason, evidence=head)
    return done(desk, f"call {kind}")


def _kind(text: str) -> DecisionKind:
    try:
        return DecisionKind(text)
    except ValueError:
        raise UsageError("nothing was decided.", next_step=f"Choose one of: {', '.join(DecisionKind)}.") from None


# -- Publishing --------------------------------------------------------------------------------------------------------------------------


def site_of(desk: Desk) -> Path:
    """Return where the site lies; `UsageError` if nothing is published from this desk."""
    if desk.settings.site is None:
        raise UsageError("nothing is published from this desk.", next_step="Start it with a site: racecall desk DIR --site SITE")
    return desk.settings.site


def look_at_publication(desk: Desk) -> tuple[Difference, ...]:
    """Return what a publication would change.

    Raises:
        UsageError: It is a rehearsal, or nothing is published from here.
    """
    from racecall.desk.publishing import difference

    return difference(desk.acting(), site_of(desk), languages=desk.settings.languages, address=desk.settings.address)


def publish_site(desk: Desk, *, head: str) -> Recorded | None:
    """Publish, if the record is what was looked at; None if it has moved.

    Raises:
        UsageError: It is a rehearsal, or something else lies in the folder of the site.
    """
    from racecall.desk.publishing import publish

    folder, site = desk.acting(), site_of(desk)
    if head != folder.store.home.head():
        desk.keeper.look()
        return None
    publish(folder, site, languages=desk.settings.languages, address=desk.settings.address)
    return done(desk, "publication")
