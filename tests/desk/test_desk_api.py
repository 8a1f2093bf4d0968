"""The desk for programs: what the description promises holds, whatever is sent, and the rules are those of the pages."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import CHECKS, load_all_checks

from commands import file, racecall
from desks import PASSWORD, Person, Served, counted, desk_over
from racecall.desk.web.accounts import Role
from racecall.desk.web.app import application
from racecall.desk.web.guards import FORM_HEADER
from racecall.ledger.events import EventKind

load_all_checks()
HELD = [
    CHECKS.get_one(name)
    for name in ("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance")
]
"""What is held of every answer: no failure of the server, and the status, the kind and the shape that the description gives."""
EXAMPLES = 15
"""Requests an address; each is judged against a real election."""

OPERATIONS = [
    "GET /api/board",
    "GET /api/contests/{contest}",
    "GET /api/events",
    "POST /api/contests/{contest}/count",
    "POST /api/contests/{contest}/count/record",
    "POST /api/contests/{contest}/decisions",
    "POST /api/contests/{contest}/reports",
    "POST /api/contests/{contest}/statements",
    "POST /api/findings/{finding}/acceptance",
    "POST /api/session",
    "POST /api/statements",
]
ROWS = "contest,unit,count_type,option,votes\nmayor,all,total,ANN LEE,{}\nmayor,all,total,BO NÚÑEZ,350\nmayor,all,total,CY ROE,150\n"
STATEMENT = {"kind": "outstanding", "ballots": 1000, "stated_at": "2022-11-08T21:30", "source": "Registrar"}


@pytest.fixture
def served(tmp_path: Path) -> Served:
    """A desk over an election with one count."""
    return desk_over(counted(tmp_path))


@pytest.fixture
def admin(served: Served) -> Iterator[Person]:
    """Somebody who may do everything."""
    with served.person("D. Admin", Role.ADMIN) as person:
        yield person


def token(person: Person) -> dict[str, str]:
    """Return the header that a program sends with everything that records."""
    answer = person.client.post("/api/session", json={"name": person.name, "password": PASSWORD})
    return {FORM_HEADER: answer.json()["form_token"]}


@pytest.fixture(scope="module")
def description(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The OpenAPI description, as the desk gives it."""
    with desk_over(counted(tmp_path_factory.mktemp("described"))).visitor() as visitor:
        return dict(visitor.get("/api/schema/openapi.json").json())


def operations(description: dict[str, Any]) -> dict[str, Any]:
    """Return what can be asked, by method and path, the description itself left out."""
    found = (one.ok() for one in schemathesis.openapi.from_dict(description).get_all_operations())
    return {f"{one.method.upper()} {one.path}": one for one in found if not one.path.startswith("/api/schema")}


def test_every_address_is_tried_below(description: dict[str, Any]):
    """What can be asked is in the list that is tried; an address that is added joins it."""
    assert sorted(operations(description)) == OPERATIONS


@pytest.mark.parametrize("name", OPERATIONS)
def test_whatever_is_sent_is_answered_as_described(served: Served, admin: Person, description: dict[str, Any], name: str):
    """No request breaks the desk, and every answer has a status, a kind and a shape that the description gives."""
    header = token(admin)

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operations(description)[name].as_strategy())
    def ask(case: Any) -> None:
        sent = case.as_transport_kwargs(base_url="http://desk.local")
        sent.pop("cookies", None)
        answer = admin.client.request(**{**sent, "headers": {**sent["headers"], **header}})
        case.validate_response(answer, checks=HELD)

    ask()
    assert not served.desk.now.trouble


def test_a_program_signs_in_as_a_person_does(served: Served, admin: Person):
    """A wrong password is refused in JSON."""
    answer = admin.client.post("/api/session", json={"name": "D. Admin", "password": "a password that is wrong"})

    assert (answer.status_code, answer.json()) == (403, {"status": 403, "problem": "Name or password is wrong."})
    assert len(served.desk.accounts.all()) == 1


def test_who_is_not_signed_in_is_told_in_json(served: Served):
    """A program is not sent to the door."""
    with served.visitor() as visitor:
        answer = visitor.get("/api/board")

    assert (answer.status_code, answer.json()["problem"]) == (401, "Please sign in.")


def test_what_records_takes_the_form_token(served: Served, admin: Person):
    """The cookie alone is not enough."""
    answer = admin.client.post("/api/statements", json=STATEMENT)

    assert (answer.status_code, list(served.desk.acting().ledger().of_kind(EventKind.STATEMENT))) == (403, [])


def test_a_program_sees_first_and_records_then(served: Served, admin: Person):
    """Without the head of what was seen the answer is what would change; with it, it is recorded in the program's name."""
    header = token(admin)
    shown = admin.client.post("/api/contests/mayor/statements", json=STATEMENT, headers=header).json()
    done = admin.client.post("/api/contests/mayor/statements", json={**STATEMENT, "head": shown["head"]}, headers=header).json()
    events = list(served.desk.acting().ledger().of_kind(EventKind.STATEMENT))

    assert (shown["recorded"], done["recorded"], [event.actor for event in events]) == (False, True, ["D. Admin"])


def test_a_count_is_typed_twice_by_programs_too(admin: Person):
    """The first waits, another differs, the right one agrees and is recorded."""
    header = token(admin)
    first = {"votes": {"ann-lee": 1200, "bo-nunez": 700, "cy-roe": 310}, "published_at": "2022-11-08T22:00", "source": "Registrar"}
    address = "/api/contests/mayor/count"
    waits = admin.client.post(address, json=first, headers=header).json()
    wrong = {**first, "votes": {**first["votes"], "cy-roe": 301}, "beside": waits["id"]}
    differs = admin.client.post(address, json=wrong, headers=header).json()
    agrees = admin.client.post(address, json={**first, "beside": waits["id"]}, headers=header).json()
    shown = admin.client.post(f"{address}/record", json={}, headers=header).json()
    done = admin.client.post(f"{address}/record", json={"head": shown["head"]}, headers=header).json()

    assert [waits["state"], differs["state"], agrees["state"], done["recorded"]] == ["waits", "differs", "agrees", True]
    assert differs["differences"] == [{"cell": "votes:cy-roe", "first": "310", "second": "301"}]


def test_the_events_are_the_record(served: Served, admin: Person):
    """What a program reads is what is hashed."""
    events = admin.client.get("/api/events").json()["events"]

    assert [event["hash"] for event in reversed(events)] == [event.hash for event in served.desk.acting().ledger()]


# -- what is new -------------------------------------------------------------------------------------------------------------------------


def test_a_page_is_told_once_of_everything_it_missed(served: Served, tmp_path: Path):
    """Two counts come while a page is away; it hears of the contests that changed, each once, and then of nothing."""
    number = served.desk.now.number
    folder = served.desk.settings.folder
    for votes, at in ((620, "21:30"), (640, "21:40")):
        racecall("add", folder, file(tmp_path, f"{votes}.csv", ROWS.format(votes)), "--published-at", f"2022-11-08T{at}", "--backfill")
        served.desk.keeper.look()
    change = served.desk.keeper.since(number)

    assert change is not None
    assert (change.contests, served.desk.keeper.since(change.number)) == (("mayor",), None)


def test_a_page_from_before_the_desk_was_started_hears_of_everything(served: Served):
    """A number that is not remembered may have missed anything."""
    change = served.desk.keeper.since(1)

    assert change is not None
    assert sorted(change.contests) == ["mayor", "measure-a"]


def test_nothing_new_is_no_news(served: Served):
    """A minute that passes without a word makes no page ask for anything."""
    number = served.desk.now.number
    served.clock.later(minutes=2)

    assert (served.desk.keeper.look(), served.desk.now.number, served.desk.now.view.as_of) == (None, number, served.clock.at)


def test_open_pages_are_told_and_those_signed_out_are_left(served: Served, tmp_path: Path):
    """One look wakes a page that waits; when its person is signed out it hears so, and the stream ends."""
    import asyncio
    from concurrent.futures import ThreadPoolExecutor

    folder = served.desk.settings.folder
    app = application(served.desk, watching=False)
    signed_in = True

    async def is_signed_in() -> bool:
        return signed_in

    async def listen() -> list[str]:
        nonlocal signed_in
        broadcast, heard = app.state.broadcast, []
        changes = broadcast.changes(served.desk.now.number, is_signed_in)
        heard.append((await anext(changes))[0])
        waiting = asyncio.ensure_future(anext(changes))
        await asyncio.sleep(0)
        racecall("add", folder, file(tmp_path, "next.csv", ROWS.format(620)), "--published-at", "2022-11-08T21:30", "--backfill")
        await broadcast.look()
        heard.append((await waiting)[0])
        signed_in = False
        ended = asyncio.ensure_future(anext(changes))
        await asyncio.sleep(0)
        broadcast._bell.set()
        heard.append((await ended)[0])
        return [*heard, *[kind async for kind, _ in changes], str(broadcast.open)]

    with ThreadPoolExecutor(1) as own:  # a browser of another test may have left a loop in this thread
        heard = own.submit(asyncio.run, listen()).result()

    assert heard == ["", "change", "signed-out", "0"]
