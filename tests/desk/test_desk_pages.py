"""The desk as it is served: who is let in, what is refused and in which words, and what no page may do."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar import Litestar

from commands import NIGHT, county_json, file, racecall, recorded
from desks import PASSWORD, Person, Served, counted, desk_over, form_token, words
from racecall.desk.web.accounts import Role
from racecall.desk.web.attempts import PER_NAME
from racecall.desk.web.guards import FOREIGN, SAFE_METHODS

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def served(tmp_path: Path) -> Served:
    """A desk over an election with one count."""
    return desk_over(counted(tmp_path))


@pytest.fixture
def editor(served: Served) -> Iterator[Person]:
    """An editor at the desk."""
    with served.person() as person:
        yield person


# -- coming in ---------------------------------------------------------------------------------------------------------------------------


def test_nobody_sees_the_board_without_signing_in(served: Served):
    """Whoever is not signed in is shown the door, and comes back to where they wanted to go."""
    with served.visitor() as visitor:
        answer = visitor.get("/contests/mayor")

    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?to=/contests/mayor")


def test_after_signing_in_one_is_where_one_wanted_to_go(served: Served):
    """The way back is kept over the form."""
    served.desk.accounts.add("A. Editor", Role.EDITOR, PASSWORD)
    with served.visitor() as visitor:
        answer = Person(visitor, "A. Editor").sign_in(to="/contests/mayor")

    assert answer.headers["location"] == "/contests/mayor"


@pytest.mark.parametrize("to", ["https://example.org/", "//example.org/", "/\\example.org", "javascript:alert(1)", "/\nSet-Cookie: a=b"])
def test_the_way_back_leads_to_no_other_site(served: Served, to: str):
    """A link to our door cannot lead on to somebody else's."""
    served.desk.accounts.add("A. Editor", Role.EDITOR, PASSWORD)
    with served.visitor() as visitor:
        answer = Person(visitor, "A. Editor").sign_in(to=to)

    assert answer.headers["location"] == "/"


def test_a_wrong_password_is_refused_in_words(served: Served):
    """The words do not say whether the name or the password was wrong."""
    served.desk.accounts.add("A. Editor", Role.EDITOR, PASSWORD)
    with served.visitor() as visitor:
        answers = [Person(visitor, name).sign_in("a password that is wrong") for name in ("A. Editor", "Nobody")]

    assert [(answer.status_code, "Name or password is wrong." in answer.text) for answer in answers] == [(403, True)] * 2


def test_the_eleventh_try_waits(served: Served):
    """After ten failures even the right password waits a quarter of an hour."""
    served.desk.accounts.add("A. Editor", Role.EDITOR, PASSWORD)
    with served.visitor() as visitor:
        person = Person(visitor, "A. Editor")
        for _ in range(PER_NAME):
            person.sign_in("a password that is wrong")
        answer = person.sign_in()

    assert (answer.status_code, "Too many tries. Wait 15 minutes" in answer.text) == (429, True)


def test_the_door_takes_its_own_form_only(served: Served):
    """Nobody can be signed in under another name by a page elsewhere."""
    served.desk.accounts.add("A. Editor", Role.EDITOR, PASSWORD)
    with served.visitor() as visitor:
        visitor.get("/sign-in")
        answer = visitor.post("/sign-in", data={"form_token": "made up", "name": "A. Editor", "password": PASSWORD})

    assert (answer.status_code, FOREIGN in words(answer.text)) == (403, True)


def test_the_door_without_its_cookie_takes_nothing(served: Served):
    """A blank is no token, whatever the form says."""
    served.desk.accounts.add("A. Editor", Role.EDITOR, PASSWORD)
    with served.visitor() as visitor:
        answers = [visitor.post("/sign-in", data={"form_token": token, "name": "A. Editor", "password": PASSWORD}) for token in ("", " ")]

    assert [answer.status_code for answer in answers] == [403, 403]


def test_a_session_brought_along_is_not_the_one_given(served: Served):
    """Somebody who plants a cookie in a browser does not share the session that is begun there."""
    served.desk.accounts.add("A. Editor", Role.EDITOR, PASSWORD)
    with served.visitor() as visitor:
        visitor.cookies.set("racecall-desk", "planted", domain="desk.local", path="/")
        Person(visitor, "A. Editor").sign_in()
        given = visitor.cookies.get("racecall-desk", domain="desk.local")

    assert (given != "planted", served.desk.sessions.find("planted")) == (True, None)


def test_signing_in_again_ends_the_session_before(served: Served, editor: Person):
    """One browser has one session."""
    before = editor.client.cookies["racecall-desk"]
    editor.sign_in()

    assert (served.desk.sessions.find(before), editor.get("/").status_code) == (None, 200)


def test_signing_out_ends_the_session_here_and_there(served: Served, editor: Person):
    """The token is worth nothing afterwards, in whatever browser it is."""
    token = editor.client.cookies["racecall-desk"]
    editor.send("/sign-out")

    assert served.desk.sessions.find(token) is None


def test_a_new_password_signs_out_everywhere(served: Served, editor: Person):
    """Every browser asks for the new one."""
    with served.person() as elsewhere:
        editor.send("/password", old=PASSWORD, new="five other words for tonight")
        there = elsewhere.get("/")

    assert (editor.get("/").status_code, there.status_code) == (303, 303)


@pytest.mark.parametrize(
    ("old", "new", "words_"),
    [("wrong", "five other words for tonight", "Name or password is wrong."), (PASSWORD, "short", "15 to 256 characters; this one has 5")],
)
def test_a_password_is_not_changed_otherwise(editor: Person, old: str, new: str, words_: str):
    """It takes the old one, and a new one that is long enough."""
    answer = editor.send("/password", old=old, new=new)

    assert (answer.status_code, words_ in answer.text) == (400, True)


@pytest.mark.parametrize("secure", [False, True])
def test_the_cookie_is_out_of_reach(tmp_path: Path, secure: bool):
    """Scripts cannot read it, other sites cannot send it, and over HTTPS it is bound to this host and to HTTPS."""
    served = desk_over(counted(tmp_path), secure=secure)
    served.desk.accounts.add("A. Editor", Role.EDITOR, PASSWORD)
    with served.visitor() as visitor:
        visitor.base_url = "https://desk.local" if secure else "http://desk.local"
        cookie = Person(visitor, "A. Editor").sign_in().headers["set-cookie"].lower()

    wanted = ["__host-racecall-desk=", "secure"] if secure else ["racecall-desk="]
    assert [part for part in (*wanted, "httponly", "samesite=strict", "path=/") if part not in cookie] == []


# -- what is let through -----------------------------------------------------------------------------------------------------------------

OPEN = {
    "/sign-in",
    "/health",
    "/metrics",
    "/static/{name}",
    "/api/session",
    "/api/schema/openapi.json",
    "/api/schema",
    "/api/schema/{path}",
}
"""Addresses that are answered whoever asks; the metrics have a guard of their own."""


def _routes(app: Litestar) -> list[tuple[str, str, object]]:
    found = []
    for route in app.routes:
        for handler in getattr(route, "route_handlers", [getattr(route, "route_handler", None)]):
            found += [(method, route.path_format, handler.opt.get("role", "none given")) for method in sorted(handler.http_methods)]
    return found


def test_every_address_says_who_may_ask(served: Served):
    """No handler is open by forgetting: all but the door, the health, the metrics and the style name a role."""
    unsaid = [
        (method, path)
        for method, path, role in _routes(served.app.app)
        if not isinstance(role, Role) and path not in OPEN and method != "OPTIONS"
    ]

    assert unsaid == []


def test_every_form_asks_for_its_token(served: Served):
    """Whatever records something refuses a form without the session's token, for every address there is."""
    with served.person("D. Admin", Role.ADMIN) as admin:
        posts = [path for method, path, _ in _routes(served.app.app) if method not in SAFE_METHODS and path not in OPEN]
        filled = [re.sub(r"\{[^}]*\}", "mayor", path) for path in posts]
        answers = {path: admin.client.post(path, data={"reason": "x"}).status_code for path in filled}

    assert (answers, len(answers) > 10) == (dict.fromkeys(answers, 403), True)


def test_a_token_of_another_session_is_none(served: Served, editor: Person):
    """A form that somebody else was given is not taken."""
    with served.person("B. Other") as other:
        theirs = form_token(other.get("/password").text)
        answer = editor.client.post("/sign-out", data={"form_token": theirs})

    assert (answer.status_code, FOREIGN in words(answer.text)) == (403, True)


ELSEWHERE = [("origin", "https://example.org"), ("origin", "null"), ("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site")]


@pytest.mark.parametrize(("header", "value"), ELSEWHERE)
def test_what_another_site_sends_is_refused(editor: Person, header: str, value: str):
    """Even with the right token, a form is taken from our own pages only."""
    token = form_token(editor.get("/password").text)
    answer = editor.client.post("/sign-out", data={"form_token": token}, headers={header: value})

    assert (answer.status_code, FOREIGN in words(answer.text)) == (403, True)


def test_our_own_pages_may_send(editor: Person):
    """A browser says that a form comes from here, and it is taken."""
    token = form_token(editor.get("/password").text)
    answer = editor.client.post(
        "/sign-out", data={"form_token": token}, headers={"origin": "http://desk.local", "sec-fetch-site": "same-origin"}
    )

    assert answer.status_code == 303


def test_another_name_for_this_machine_is_refused(editor: Person):
    """A foreign name that is made to point here gets no page."""
    answer = editor.client.get("/", headers={"host": "evil.example"})

    assert (answer.status_code, "does not answer to the name evil.example" in answer.text) == (403, True)


@pytest.mark.parametrize(
    ("role", "path", "needed"),
    [
        (Role.VIEWER, "/statement", Role.EDITOR),
        (Role.VIEWER, "/contests/mayor/count", Role.EDITOR),
        (Role.EDITOR, "/contests/mayor/decide/ann-lee", Role.CALLER),
        (Role.CALLER, "/accounts", Role.ADMIN),
    ],
)
def test_a_role_is_enough_or_it_is_not(served: Served, role: Role, path: str, needed: Role):
    """The refusal says which role it takes and which one it is."""
    with served.person("A. Person", role) as person:
        answer = person.get(path)

    assert (answer.status_code, f"This takes the role {needed}; yours is {role}." in answer.text) == (403, True)


def test_a_viewer_is_shown_no_forms(served: Served):
    """What somebody may not do is absent, and not greyed."""
    with served.person("V. Wall", Role.VIEWER) as viewer:
        pages = viewer.get("/").text + viewer.get("/contests/mayor").text

    assert [link for link in ("/statement", "/count", "/report", "/accounts", "/decide") if f'{link}"' in pages] == []


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/contests/governor", 404, "no contest 'governor' in this election."),
        ("/findings/12345678", 404, "no finding '12345678'."),
        ("/nowhere", 404, "There is no such page."),
        ("/log?page=0", 400, "not one that the desk understands"),
        ("/static/../app.py", 404, "There is no such page."),
        ("/static/app.py", 404, "There is no such page."),
    ],
)
def test_what_is_not_there_is_said_in_words(editor: Person, path: str, status: int, said: str):
    """A wrong address is answered with a page, a sentence and a way back."""
    answer = editor.get(path)

    assert (answer.status_code, said in words(answer.text)) == (status, True)


def test_a_form_that_is_too_large_is_refused(editor: Person):
    """Nobody fills the memory of the desk."""
    answer = editor.client.post("/sign-out", data={"form_token": "x" * 1_100_000})

    assert answer.status_code == 413


# -- pages -------------------------------------------------------------------------------------------------------------------------------


def test_no_page_loads_or_runs_anything_from_elsewhere(editor: Person):
    """The policy is on every answer, and no page needs an exception from it: no script, style or handler stands inside a page."""
    pages = [editor.get(path) for path in ("/", "/contests/mayor", "/log", "/statement", "/contests/mayor/count", "/nowhere")]
    policies = {page.headers["content-security-policy"].split(";")[0] for page in pages}
    inside = [hit for page in pages for hit in re.findall(r"<style|<script(?! src)|\sstyle=|\son\w+=|https?://(?!localhost)", page.text)]

    assert (policies, inside) == ({"default-src 'none'"}, [])


@pytest.mark.parametrize("path", ["/", "/sign-in", "/nowhere", "/health", "/api/board"])
def test_nothing_is_kept_in_a_cache_or_guessed_at(editor: Person, path: str):
    """Every answer says that it is not to be stored, what it is, and that nobody is told where a reader came from."""
    headers = editor.get(path).headers

    assert (headers["cache-control"], headers["x-content-type-options"], headers["referrer-policy"]) == (
        "no-store",
        "nosniff",
        "same-origin",
    )


def test_the_style_is_kept_for_ever_under_an_address_of_its_bytes(editor: Person):
    """A browser asks for it once, and again when it has changed."""
    address = re.search(r'href="(/static/desk\.css\?v=\w{12})"', editor.get("/").text)
    assert address is not None
    answer = editor.get(address[1])

    assert (answer.headers["content-type"], "immutable" in answer.headers["cache-control"]) == ("text/css; charset=utf-8", True)


def test_a_script_in_a_name_is_text(tmp_path: Path):
    """A candidate's name from a county's file cannot run on the desk, wherever it is shown."""
    votes = {f"MAYOR {SCRIPT}": {f"ANN {SCRIPT}": 600, "BO <b onclick=x>": 350}}
    served = desk_over(recorded(tmp_path, votes))
    contest = served.desk.now.board.rows[0].contest
    paths = (
        "/",
        f"/contests/{contest}",
        "/log",
        f"/contests/{contest}/count",
        f"/contests/{contest}/report",
        f"/contests/{contest}/statement",
    )
    with served.person() as person:
        pages = [person.get(path) for path in paths]

    found = [
        (page.url.path, page.status_code) for page in pages if page.status_code != 200 or SCRIPT in page.text or "<b onclick" in page.text
    ]
    assert found == []


def test_the_contest_shows_what_is_known(editor: Person):
    """Votes, shares, places with reasons, the law and the counts stand on one page."""
    page = words(editor.get("/contests/mayor").text)
    shown = ["ANN LEE 600 54.5%", "BO NÚÑEZ 350 31.8%", "1,100 votes", "Place", "It is not known how many ballots are out.", "Rule generic"]

    assert [text for text in shown if text not in page] == []


def test_the_log_has_every_event_with_its_hash(served: Served, editor: Person):
    """Newest first, each with its hash, as it stands in the ledger."""
    page = editor.get("/log").text
    hashes = re.findall(r'title="([0-9a-f]{64})"', page)

    assert hashes == [event.hash for event in reversed(served.desk.now.ledger.events)]


def test_the_log_can_be_narrowed_and_turned(tmp_path: Path):
    """By contest and by kind, a hundred events a page."""
    folder = counted(tmp_path)
    for number in range(60):
        said = f'kind = "outstanding"\nballots = {number}\nstated_at = 2022-11-08T21:00:00-08:00\nsource = "x"\n'
        entry = f'racecall = "entry/1"\n[[statement]]\n{said}'
        file(tmp_path, "s.toml", entry)
        racecall("add", folder, tmp_path / "s.toml")
    served = desk_over(folder)
    with served.person() as person:
        kinds = words(person.get("/log?kind=statement").text)
        second = words(person.get("/log?page=2").text)

    assert ("60 events, page 1 of 1." in kinds, "page 2 of 2." in second) == (True, True)


def test_the_log_has_rows_of_the_record_of_coverage(tmp_path: Path):
    """Which row, and who says so; each kind of event can be asked for."""
    folder = counted(tmp_path)
    racecall("coverage", "add", folder, "promise", "id=p", "by=ann", "text=A promise.", "--source", "x")
    racecall("coverage", "add", folder, "person", "id=ann", "name=Ann Lee", "--source", "A paper, 1 June")
    with desk_over(folder).person() as person:
        shown = words(person.get("/log?kind=coverage").text)

    assert ("person/ann, says A paper, 1 June." in shown, "1 events, page 1 of 1." in shown) == (True, True)


def test_a_rehearsal_says_so_on_every_page(tmp_path: Path):
    """The mark is text, on every page, and there is no way to publish."""
    folder = counted(tmp_path)
    settings = (folder / "election.toml").read_text(encoding="utf-8")
    (folder / "election.toml").write_text(settings.replace("[election]\n", "[election]\nrehearsal = true\n"), encoding="utf-8")
    served = desk_over(folder, site=tmp_path / "site")
    with served.person("D. Admin", Role.ADMIN) as admin:
        pages = [admin.get(path).text for path in ("/", "/contests/mayor", "/log", "/statement", "/accounts", "/nowhere")]

    marks = {("REHEARSAL: a recorded night played again" in page, "watermark" in page, 'href="/publish"' in page) for page in pages}
    assert marks == {(True, True, False)}


def test_a_record_that_cannot_be_read_leaves_the_last_view(tmp_path: Path):
    """The desk says what is wrong and from when the page is, and does not go dark."""
    folder = counted(tmp_path)
    served = desk_over(folder)
    with served.person() as person:
        for path in folder.glob("ledger.db*"):
            path.write_bytes(b"no database" * 1000)
        served.desk.keeper.look()
        page, health = person.get("/"), person.get("/health")

    assert ("The record cannot be read." in page.text, "ANN LEE" in page.text, health.status_code) == (True, True, 503)


# -- accounts in the browser -------------------------------------------------------------------------------------------------------------


def test_an_admin_lets_somebody_in(served: Served):
    """The new person can sign in at once, with the role given."""
    with served.person("D. Admin", Role.ADMIN) as admin:
        admin.send("/accounts", do="add", name="E. New", role="caller", password=PASSWORD)
    found = served.desk.accounts.check("E. New", PASSWORD)

    assert found is not None
    assert found.role is Role.CALLER


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"do": "add", "name": "E. New", "role": "king", "password": PASSWORD}, 'no role "king".'),
        ({"do": "add", "name": "E. New", "role": "viewer", "password": "short"}, "15 to 256 characters"),
        ({"do": "disable", "name": "D. Admin"}, "you cannot change your own account here."),
        ({"do": "disable", "name": "Nobody"}, 'no account "Nobody".'),
        ({"name": "A. Editor"}, "nothing was asked for."),
    ],
)
def test_what_an_admin_may_not_do_is_said(served: Served, fields: dict[str, str], said: str):
    """A slip changes nothing and is told in words."""
    with served.person("D. Admin", Role.ADMIN) as admin:
        answer = admin.send("/accounts", **fields)

    assert (answer.status_code, said in words(answer.text)) == (400, True)


# -- about the desk itself ---------------------------------------------------------------------------------------------------------------


def test_the_log_of_the_desk_is_json_without_secrets(served: Served):
    """Each line says who asked for what and how it went; no password, no token, nothing that was typed."""
    with served.person() as person:
        person.get("/log?contest=mayor")
        token = person.client.cookies["racecall-desk"]
    lines = [json.loads(line) for line in served.lines]
    text = "\n".join(served.lines)

    assert (lines[-1]["path"], lines[-1]["by"], lines[-1]["status"]) == ("/log", "A. Editor", 200)
    assert [secret for secret in (PASSWORD, token, "mayor") if secret in text] == []


def test_the_figures_are_for_this_machine(served: Served):
    """A program on this machine reads them without signing in; one behind a proxy does not."""
    with served.visitor() as visitor:
        here, elsewhere = visitor.get("/metrics"), visitor.get("/metrics", headers={"x-forwarded-for": "192.0.2.1"})

    assert (here.status_code, "racecall_desk_contests 2" in here.text, elsewhere.status_code) == (200, True, 403)


def test_the_figures_are_for_whoever_has_the_token(tmp_path: Path):
    """With a token set, it is the token that counts."""
    served = desk_over(counted(tmp_path), metrics_token="0123456789abcdef")
    with served.visitor() as visitor:
        codes = [visitor.get("/metrics", headers=headers).status_code for headers in ({}, {"authorization": "Bearer 0123456789abcdef"})]

    assert codes == [403, 200]


def test_the_figures_count_what_happened(served: Served):
    """Sign-ins and answers are counted; no name and no address is among them."""
    with served.person() as person:
        text = person.get("/metrics").text

    assert ('racecall_desk_sign_ins_total{kind="right"} 1' in text, "Editor" in text) == (True, False)


def test_the_health_is_for_everybody(served: Served):
    """Whoever watches the desk by program needs no account, and learns nothing else."""
    with served.visitor() as visitor:
        answer = visitor.get("/health")

    assert (answer.status_code, answer.json()) == (200, {"ok": True, "seconds_since_judged": 0.0})


def test_a_new_count_is_on_the_board(tmp_path: Path):
    """What `racecall add` records, in whatever process, is shown."""
    folder = counted(tmp_path)
    served = desk_over(folder)
    file(tmp_path, "later.json", county_json({**NIGHT, "MAYOR": {"ANN LEE": 800, "BO NÚÑEZ": 700, "CY ROE": 200}}, "2022-11-08T21:30:00"))
    with served.person() as person:
        before = words(person.get("/").text)
        racecall("add", folder, tmp_path / "later.json", "--backfill")
        served.desk.keeper.look()
        after = words(person.get("/").text)

    assert ("250" in before, "100" in after) == (True, True)
