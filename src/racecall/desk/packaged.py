"""Reads what ships inside the package, and hands it to the core as text or bytes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING

from racecall.errors import UnknownName
from racecall.rules.law import Rulebook
from racecall.rules.text import parse_rules

if TYPE_CHECKING:
    from racecall.calls.calibration_file import Calibration
    from racecall.publish.alerts.sentences import Translate
    from racecall.publish.checked.page import Assets as CheckedAssets
    from racecall.publish.site.render import Assets


def rules_text() -> str:
    """Return the packaged law (`data/rules/law/*.toml`, in the order of their names) for `racecall.rules.text.parse_rules`."""
    law = files("racecall.data") / "rules" / "law"
    parts = sorted((part for part in law.iterdir() if part.name.endswith(".toml")), key=lambda part: part.name)
    return "\n".join(part.read_text(encoding="utf-8") for part in parts)


def rule_vectors_text() -> str:
    """Return the packaged decision vectors (`data/rules/vectors.toml`) for `racecall.rules.vectors.parse_vectors`."""
    return (files("racecall.data") / "rules" / "vectors.toml").read_text(encoding="utf-8")


@cache
def rulebook() -> Rulebook:
    """Return the packaged law, read."""
    return parse_rules(rules_text())


PACKAGED = {"ca34-2017": "ca34_2017", "sd7-2015": "sd7_2015"}
"""Packaged elections by id, and their folders; the first one is the demo's own."""
DEMO = next(iter(PACKAGED))


def demo_files(election: str = DEMO) -> tuple[bytes, tuple[tuple[str, bytes], ...]]:
    """Return a packaged election's settings, and its entries by name in the order in which they became public.

    Raises:
        UnknownName: No such election is packaged.
    """
    folder = _packaged(election)
    entries = sorted((folder / "entries").iterdir(), key=lambda entry: entry.name)
    return (folder / "election.toml").read_bytes(), tuple(
        (entry.name, entry.read_bytes()) for entry in entries if entry.name.endswith(".toml")
    )


def demo_coverage(election: str = DEMO) -> tuple[tuple[str, str], ...]:
    """Return the files of a packaged election's record of coverage by name, none if it has none."""
    folder = _packaged(election) / "coverage"
    found = sorted(folder.iterdir(), key=lambda file: file.name) if folder.is_dir() else []
    return tuple((file.name, file.read_text(encoding="utf-8")) for file in found if file.name.endswith(".toml"))


def demo_maps(election: str = DEMO) -> bytes | None:
    """Return a packaged election's `shapes.json`, None if nobody has drawn its precincts."""
    shapes = _packaged(election) / "shapes.json"
    return shapes.read_bytes() if shapes.is_file() else None


def _packaged(election: str) -> Traversable:
    if election not in PACKAGED:
        raise UnknownName(f'no packaged election "{election}".', next_step=f"There are: {', '.join(PACKAGED)}.")
    return files("racecall.data") / PACKAGED[election]


@cache
def calibration() -> Calibration:
    """Return the packaged calibration, read; it needs NumPy."""
    from racecall.calls.calibration_file import parse_calibration

    text = (files("racecall.data") / "calibration.json").read_text(encoding="utf-8")
    return parse_calibration(text, where="the packaged calibration")


@cache
def site_assets() -> Assets:
    """Return templates, shared files and languages of the published site."""
    from racecall.publish.site.render import Assets

    site, languages = files("racecall.publish") / "site", files("racecall.publish") / "languages"
    return Assets(
        templates={name: data.decode() for name, data in _tree(site / "templates", ".j2")},
        static=dict(_tree(site / "static", "")),
        catalogues={name.removesuffix(".po"): data for name, data in _tree(languages, ".po")},
    )


@cache
def checked_assets() -> CheckedAssets:
    """Return templates and style sheets of a checked story; its page shares the desk's style sheet."""
    from racecall.publish.checked.page import Assets as CheckedAssets

    checked = files("racecall.publish.checked")
    styles = (files("racecall.desk.web") / "static" / "desk.css", checked / "static" / "checked.css")
    templates = {name: data.decode() for name, data in _tree(checked / "templates", ".j2")}
    return CheckedAssets(templates=templates, styles=tuple(style.read_text(encoding="utf-8") for style in styles))


@cache
def translator(language: str) -> Translate:
    """Return what gives the sentences of alerts in a language.

    Raises:
        UnknownName: There is no catalogue of it.
    """
    from racecall.publish.languages.words import Words

    catalogues = site_assets().catalogues
    if language == "en":
        return str
    if language not in catalogues:
        raise UnknownName(f'no language "{language}".', next_step=f"There are en, {', '.join(sorted(catalogues))}.")
    return Words(language, catalogues[language])


def _tree(folder: Traversable, ending: str, above: str = "") -> Iterator[tuple[str, bytes]]:
    """Yield the files under a folder by their path from it, in order."""
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        if item.is_dir():
            yield from _tree(item, ending, f"{above}{item.name}/")
        elif item.name.endswith(ending):
            yield above + item.name, item.read_bytes()
