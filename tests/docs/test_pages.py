"""Every command, option, rule family, feed, finding and error has its place in the documents, and nothing there is invented."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import tomllib
from collections.abc import Iterator, Mapping
from importlib.metadata import entry_points
from pathlib import Path

from typer.main import get_command

import racecall.errors
import racecall.feeds
from racecall.ledger.events import event_hash

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"

SECTIONS = ("Synopsis", "What it does", "Example", "Exit codes")
"""What the page of a command has."""

GENERAL_OPTIONS = {"--help", "--install-completion", "--show-completion"}
"""Options that every program has; the pages need not repeat them."""


def page(*parts: str) -> str:
    """Return the text of a page under docs/, "" if there is none."""
    path = DOCS.joinpath(*parts)
    return path.read_text(encoding="utf-8") if path.is_file() else ""


# -- commands ------------------------------------------------------------------------------------------------------------------------


def commands() -> Mapping[str, Mapping[str, set[str]]]:
    """Return the options of every command and subcommand, by the page they belong on: {"rules": {"rules list": {"--json"}}}."""
    root = get_command(importlib.import_module("racecall.cli.main").app)
    return {name: dict(_options_below(command, name)) for name, command in sorted(root.commands.items()) if not command.hidden}


def _options_below(command: object, name: str) -> Iterator[tuple[str, set[str]]]:
    below = getattr(command, "commands", {})
    if not below or getattr(command, "invoke_without_command", False):
        names = {option for parameter in command.params for option in parameter.opts}
        yield name, {option for option in names if option.startswith("--")} - GENERAL_OPTIONS
    for child, subcommand in below.items():
        yield from _options_below(subcommand, f"{name} {child}")


def test_every_command_has_a_page():
    """A command that can be typed can be looked up."""
    missing = [f"docs/commands/{name}.md" for name in commands() if not page("commands", f"{name}.md")]

    assert missing == []


def test_every_page_of_a_command_is_about_a_command():
    """A page for a command that does not exist would send readers astray."""
    pages = {path.stem for path in (DOCS / "commands").glob("*.md")}

    assert sorted(pages - set(commands())) == []


def test_every_page_of_a_command_has_the_four_sections():
    """How to type it, what it does, an example, and the exit codes are on every page."""
    missing = [
        f"{path.name}: {section}"
        for path in sorted((DOCS / "commands").glob("*.md"))
        for section in SECTIONS
        if f"\n## {section}\n" not in path.read_text(encoding="utf-8")
    ]

    assert missing == []


def test_every_subcommand_and_option_is_on_its_page():
    """What `--help` lists, the page explains."""
    missing = [
        f"docs/commands/{name}.md does not mention {wanted}"
        for name, below in commands().items()
        for subcommand, options in below.items()
        for wanted in (f"racecall {subcommand}", *sorted(options))
        if wanted not in page("commands", f"{name}.md")
    ]

    assert missing == []


def test_no_page_promises_an_option_that_does_not_exist():
    """An option on a page can be typed."""
    every = {option for below in commands().values() for options in below.values() for option in options}
    invented = [
        f"docs/commands/{path.name}: {option}"
        for path in sorted((DOCS / "commands").glob("*.md"))
        for option in sorted(set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", path.read_text(encoding="utf-8"))))
        if option.replace("--no-", "--") not in every
    ]

    assert invented == []


# -- feeds, findings, rules ----------------------------------------------------------------------------------------------------------


def checks() -> Mapping[str, str]:
    """Return every check that can make a finding, from the ledger and from every feed: name to description."""
    names = ["racecall.ledger.checks", *(f"racecall.feeds.{module.name}" for module in pkgutil.iter_modules(racecall.feeds.__path__))]
    found: dict[str, str] = {}
    for name in names:
        found.update(getattr(importlib.import_module(name), "CHECKS", {}))
    return found


def test_every_feed_has_a_page():
    """A format that is read is described: who publishes it, and what is known to be wrong with it."""
    feeds = [entry.name for entry in entry_points(group="racecall.feeds")]
    missing = [f"docs/feeds/{name}.md" for name in feeds if not page("feeds", f"{name}.md")]

    assert (missing, bool(feeds)) == ([], True)


def test_every_finding_has_a_page():
    """Whoever sees a finding can read what it means and what to do."""
    missing = [f"docs/findings/{name}.md" for name in sorted(checks()) if not page("findings", f"{name}.md")]

    assert missing == []


def test_every_page_of_a_finding_is_about_a_check():
    """A check that was renamed takes its page along."""
    pages = {path.stem for path in (DOCS / "findings").glob("*.md")} - {"index"}

    assert sorted(pages - set(checks())) == []


def test_every_check_says_what_it_looks_for():
    """The list of checks can be read without the code."""
    silent = [name for name, description in checks().items() if not description.strip().endswith(".")]

    assert silent == []


def families() -> list[str]:
    """Return the ids of the built-in kinds of law, from the packaged tables."""
    tables = sorted((ROOT / "src" / "racecall" / "data" / "rules" / "law").glob("*.toml"))
    return [family["id"] for table in tables for family in tomllib.loads(table.read_text(encoding="utf-8")).get("family", [])]


def test_every_rule_family_has_a_page():
    """A kind of law that is built in is explained."""
    missing = [f"docs/rules/{name}.md" for name in families() if not page("rules", f"{name}.md")]

    assert (missing, bool(families())) == ([], True)


# -- errors, dependencies, the ledger ------------------------------------------------------------------------------------------------


def test_every_error_is_on_the_page_of_errors():
    """An error that can be raised is listed, with what to do."""
    errors = [name for name, value in inspect.getmembers(racecall.errors, inspect.isclass) if issubclass(value, Exception)]
    missing = [name for name in errors if f"| `{name}` |" not in page("errors.md")]

    assert missing == []


def _required() -> Iterator[tuple[str, str]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = settings["project"]["optional-dependencies"]
    texts = [*settings["project"]["dependencies"], *settings["build-system"]["requires"]]
    texts += [text for name in ("cluster", "alerts", "desk", "postgres", "fuzz", "test", "check", "docs") for text in extras[name]]
    for text in texts:
        name, _, least = text.partition(";")[0].partition(",")[0].partition(">=")
        yield name.partition("[")[0].strip(), least.strip()


def test_every_dependency_has_a_reason():
    """A package is on the page of dependencies with the version we ask for, and the page lists no other."""
    listed = set(re.findall(r"^\| ([a-z\d-]+) \| ([\d.]+) \|", page("dependencies.md"), flags=re.MULTILINE))

    assert listed == set(_required())


def test_the_recipe_of_the_hashes_is_the_one_in_use():
    """A stranger who follows docs/ledger.md gets the hashes that the program writes."""
    block = re.search(r"```python\n(.*?)```", page("ledger.md"), flags=re.DOTALL)
    recipe: dict[str, str] = {}
    exec(block.group(1) if block else "", recipe)
    times = {"at": "2017-04-05T09:00:00Z", "recorded_at": "2017-04-05T09:00:01Z"}
    first = event_hash(seq=1, kind="capture", **times, contest="", actor="racecall", body='{"size":3}', previous="0" * 64)
    later = {"at": "2017-04-05T18:00:00Z", "recorded_at": "2017-04-05T18:00:01Z"}
    second = event_hash(seq=2, kind="statement", **later, contest="ca34", actor="racecall", body='{"ballots":13400}', previous=first)

    assert (recipe["first"], recipe["second"]) == (first, second)
